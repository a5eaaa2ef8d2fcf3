// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
)

const mask = "********"

// Names of environment variables whose values are secrets.
var secretName = regexp.MustCompile(`(?i)passw|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth`)

// A masker replaces the values of secrets in texts.
type masker struct{ replacer *strings.Replacer }

// newMasker masks the values of the named variables and of those whose names look like secrets.
func newMasker(names []string) *masker {
	named := map[string]bool{}
	for _, name := range names {
		named[name] = true
	}
	var values []string
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if named[name] || secretName.MatchString(name) {
			// Each line of a multi-line value, such as a key, is a secret: texts are masked line by line.
			values = append(values, strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' })...)
		}
	}
	// Longer values first: a shorter one may be part of them.
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, value := range values {
		// Shorter values would mask ordinary text.
		if len(value) >= 4 {
			pairs = append(pairs, value, mask)
		}
	}
	return &masker{strings.NewReplacer(pairs...)}
}

func (m *masker) masked(text string) string { return m.replacer.Replace(text) }

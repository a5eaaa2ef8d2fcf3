// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const (
	tailLines = 12
	tailBytes = 1200
	mask      = "********"
)

// The names of environment variables whose values are secrets, whoever set them.
var secretName = regexp.MustCompile(`(?i)passw|secret|token|credential|api_?key|private_?key|access_?key|auth`)

// A masker takes the values of secrets out of texts.
type masker struct{ replacer *strings.Replacer }

// newMasker knows the values of the named variables and of those whose names look like secrets.
func newMasker(names []string) *masker {
	named := map[string]bool{}
	for _, name := range names {
		named[name] = true
	}
	var values []string
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if named[name] || secretName.MatchString(name) {
			// Of one that has several lines, such as a key, each is a secret: texts are looked at line by line.
			values = append(values, strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' })...)
		}
	}
	// A longer one first: a shorter one may be a part of it.
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, value := range values {
		// What is shorter would take half of every text with it.
		if len(value) >= 4 {
			pairs = append(pairs, value, mask)
		}
	}
	return &masker{strings.NewReplacer(pairs...)}
}

func (m *masker) masked(text string) string { return m.replacer.Replace(text) }

// A tail keeps the last lines of a server's stderr, bounded; they come masked, since a secret that is cut is not found.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(line) > tailBytes {
		line = line[:tailBytes]
	}
	t.lines = append(t.lines, line)
	if len(t.lines) > tailLines {
		t.lines = t.lines[len(t.lines)-tailLines:]
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.Join(t.lines, "\n")
	if len(text) > tailBytes {
		text = text[len(text)-tailBytes:]
	}
	return strings.ToValidUTF8(text, "?")
}

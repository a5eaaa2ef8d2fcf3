// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"sync"
)

const (
	tailLines = 12
	tailBytes = 1200
)

// A stderrTail keeps the last lines of a server's stderr, bounded. They are masked before they are cut.
type stderrTail struct {
	mu    sync.Mutex
	lines []string
}

func (t *stderrTail) add(line string) {
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

func (t *stderrTail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.Join(t.lines, "\n")
	if len(text) > tailBytes {
		text = text[len(text)-tailBytes:]
	}
	return strings.ToValidUTF8(text, "?")
}

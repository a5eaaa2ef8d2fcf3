// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"sync"
	"time"
)

// A Budget bounds the bytes of request bodies that are in memory at a time.
type Budget struct {
	mu    sync.Mutex
	free  int
	freed chan struct{} // closed and replaced when bytes become free
}

func newBudget(size int) *Budget { return &Budget{free: size, freed: make(chan struct{})} }

// Take takes bytes, waiting for them up to a limit. It reports whether it did.
func (b *Budget) Take(size int, wait time.Duration) bool {
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for {
		b.mu.Lock()
		if size <= b.free {
			b.free -= size
			b.mu.Unlock()
			return true
		}
		freed := b.freed
		b.mu.Unlock()
		if wait <= 0 {
			return false
		}
		select {
		case <-freed:
		case <-deadline.C:
			return false
		}
	}
}

func (b *Budget) give(size int) {
	if size == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += size
	close(b.freed)
	b.freed = make(chan struct{})
}

// Free returns the bytes that are free.
func (b *Budget) Free() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.free
}

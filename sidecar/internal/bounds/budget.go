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
	freed chan struct{} // closed when bytes become free, nil unless something waits for them
}

func newBudget(size int) *Budget { return &Budget{free: size} }

// Take takes bytes, waiting for them up to a limit. It reports whether it did.
func (b *Budget) Take(size int, wait time.Duration) bool {
	freed := b.take(size)
	if freed == nil || wait <= 0 {
		return freed == nil
	}
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for {
		select {
		case <-freed:
		case <-deadline.C:
			return false
		}
		if freed = b.take(size); freed == nil {
			return true
		}
	}
}

// take takes bytes. If they are not free, it returns a channel that is closed when others are.
func (b *Budget) take(size int) (freed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if size <= b.free {
		b.free -= size
		return nil
	}
	if b.freed == nil {
		b.freed = make(chan struct{})
	}
	return b.freed
}

func (b *Budget) give(size int) {
	if size == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += size
	if b.freed != nil {
		close(b.freed)
		b.freed = nil
	}
}

// Free returns the bytes that are free.
func (b *Budget) Free() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.free
}

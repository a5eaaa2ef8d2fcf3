// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestFreeBytesAreTakenWithoutAllocations(t *testing.T) {
	b := newBudget(10)
	allocations := testing.AllocsPerRun(100, func() {
		if !b.Take(10, time.Second) {
			t.Fatal("all bytes were free")
		}
		b.give(10)
	})
	if allocations > 0 {
		t.Errorf("%v allocations", allocations)
	}
}

func TestBytesAreTakenWhenEnoughAreFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(10)
		b.Take(10, 0)
		taken := make(chan bool, 2)
		for range 2 {
			go func() { taken <- b.Take(4, time.Minute) }()
		}
		synctest.Wait()
		if b.give(3); b.Take(4, 0) {
			t.Error("three bytes are free")
		}
		synctest.Wait()
		b.give(1)
		if !<-taken {
			t.Error("four bytes were free")
		}
		start := time.Now()
		if <-taken || time.Since(start) != time.Minute {
			t.Error("did not wait for a minute", time.Since(start))
		}
	})
}

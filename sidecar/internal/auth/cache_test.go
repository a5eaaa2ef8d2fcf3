// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// A token that was accepted before is checked again, except for its signature.
func TestATokenThatWasAcceptedBefore(t *testing.T) {
	b := newBench(t, Options{})
	now := time.Now()
	b.Authenticator.now = func() time.Time { return now }
	token := b.token(t, nil)
	for range 2 {
		if status := b.status(token); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	now = now.Add(2 * time.Minute)
	if status := b.status(token); status != http.StatusUnauthorized {
		t.Errorf("expired: %d", status)
	}
	now = now.Add(-2 * time.Minute)
	if status := b.status(token); status != http.StatusOK {
		t.Error(status)
	}
	b.issuer.set(func() { b.issuer.keys = keySet(newSigner(t, "second")) })
	b.issuers[b.issuer.URL].refresh(context.Background(), 0)
	if status := b.status(token); status != http.StatusUnauthorized {
		t.Errorf("its key was removed: %d", status)
	}
	b.issuer.set(func() { b.issuer.keys, b.issuer.down = keySet(b.signer), false })
	b.issuers[b.issuer.URL].refresh(context.Background(), 0)
	if status := b.status(token); status != http.StatusOK {
		t.Errorf("its key is back: %d", status)
	}
	b.issuer.set(func() { b.issuer.down = true })
	b.advance(staleAfter)
	if status := b.status(token); status != http.StatusServiceUnavailable {
		t.Errorf("the keys are too old: %d", status)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	b := newBench(t, Options{})
	for number := range maxCached + 10 {
		b.cache.put([32]byte([]byte(strconv.Itoa(number) + "                                ")[:32]), verified{})
	}
	if len(b.cache.entries) > maxCached {
		t.Errorf("%d entries", len(b.cache.entries))
	}
	if b.status("x.y.z") != http.StatusUnauthorized || len(b.cache.entries) != 10 {
		t.Error("a token that was not verified is remembered")
	}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

const maxCached = 4096 // tokens

// A cache remembers tokens whose signature was verified, by their digest. Clients send a token with every request, and a
// signature takes longer than all other checks. Times, audience and bindings are checked for each request all the same.
type cache struct {
	mu      sync.Mutex
	entries map[[sha256.Size]byte]verified
}

// verified are the claims of a token, and by which keys it was verified.
type verified struct {
	claims  *claims
	from    *issuer
	fetched time.Time // of the keys
}

// get returns the claims of a token, nil unless the keys that verified it are still the current ones.
func (c *cache) get(digest [sha256.Size]byte) *claims {
	c.mu.Lock()
	found, ok := c.entries[digest]
	c.mu.Unlock()
	if !ok {
		return nil
	}
	if _, fetched, usable := found.from.current(); !usable || !fetched.Equal(found.fetched) {
		return nil
	}
	return found.claims
}

// put adds a token. A full cache starts anew: only issuers make tokens that are verified.
func (c *cache) put(digest [sha256.Size]byte, entry verified) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= maxCached {
		c.entries = map[[sha256.Size]byte]verified{}
	}
	c.entries[digest] = entry
}

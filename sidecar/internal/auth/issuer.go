// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	refreshEvery = 5 * time.Minute  // a key that the issuer has removed is accepted until then
	refreshFloor = 10 * time.Second // between requests that tokens cause
	retryFirst   = time.Second
	retryMost    = time.Minute
	staleAfter   = 24 * time.Hour // keys of an issuer that cannot be reached
)

var (
	errNoKeys    = errors.New("the keys of the issuer are not available")
	errSignature = errors.New("no key of the issuer verifies the token")
)

// An issuer is an authorization server with its current keys.
type issuer struct {
	url    string
	client *http.Client
	log    func(format string, values ...any)
	now    func() time.Time

	mu      sync.Mutex
	keys    []key
	fetched time.Time     // of the keys
	tried   time.Time     // the last attempt
	pending chan struct{} // closed when the attempt that runs ends
	problem string        // of the last attempt
}

func newIssuer(url string, client *http.Client, log func(string, ...any)) *issuer {
	return &issuer{url: url, client: client, log: log, now: time.Now}
}

// run refreshes the keys, so that the first request need not wait and removed keys are noticed.
func (i *issuer) run(ctx context.Context) {
	pause := retryFirst
	for {
		i.refresh(ctx, 0)
		next := refreshEvery
		if i.failing() {
			next = pause
			pause = min(2*pause, retryMost)
		} else {
			pause = retryFirst
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(next):
		}
	}
}

func (i *issuer) failing() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.problem != ""
}

// verify returns the claims of a token that a key of the issuer has signed, and when the keys were fetched. An unknown key may be a new one, so the keys
// are fetched again, at most once in refreshFloor: clients can send as many unknown keys as they like.
func (i *issuer) verify(ctx context.Context, t *token) (*claims, time.Time, error) {
	keys, fetched, usable := i.current()
	if usable {
		if found, err := verifyWith(keys, t); err == nil {
			return found, fetched, nil
		} else if !errors.Is(err, errUnknownKey) {
			return nil, fetched, errSignature
		}
	}
	i.refresh(ctx, refreshFloor)
	if keys, fetched, usable = i.current(); !usable {
		return nil, fetched, errNoKeys
	}
	found, err := verifyWith(keys, t)
	if err != nil {
		return nil, fetched, errSignature
	}
	return found, fetched, nil
}

// current returns the keys and when they were fetched, and false where there are none that may still be used.
func (i *issuer) current() ([]key, time.Time, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys, i.fetched, !i.fetched.IsZero() && i.now().Sub(i.fetched) < staleAfter
}

// refresh fetches the keys, unless it was tried more recently than floor ago. It waits for an attempt that runs already.
func (i *issuer) refresh(ctx context.Context, floor time.Duration) {
	i.mu.Lock()
	pending := i.pending
	if pending == nil {
		if !i.tried.IsZero() && i.now().Sub(i.tried) < floor {
			i.mu.Unlock()
			return
		}
		i.tried = i.now()
		pending = make(chan struct{})
		i.pending = pending
		go i.attempt(pending)
	}
	i.mu.Unlock()
	select {
	case <-pending:
	case <-ctx.Done():
	}
}

// attempt fetches the keys once. The request of a client that leaves must not end it for the others.
func (i *issuer) attempt(done chan struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	keys, err := fetchKeys(ctx, i.client, i.url)
	i.mu.Lock()
	before := i.problem
	i.problem = ""
	if err != nil {
		i.problem = err.Error()
	} else {
		i.keys, i.fetched = keys, i.now()
	}
	after := i.problem
	i.pending = nil
	i.mu.Unlock()
	close(done)
	switch {
	case after != "" && after != before:
		i.log("cannot get the keys of the issuer %s: %s", i.url, after)
	case after == "" && before != "":
		i.log("got the keys of the issuer %s", i.url)
	case after == "" && len(keys) == 0:
		i.log("the issuer %s has no keys", i.url)
	}
}

// cut bounds what another party wrote, and shows control characters.
func cut(text string) string {
	if len(text) > 200 {
		text = text[:200] + "..."
	}
	return fmt.Sprintf("%q", text)
}

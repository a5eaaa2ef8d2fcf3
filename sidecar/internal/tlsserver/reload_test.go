// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A watched server runs, and tells when it has checked its files.
func watched(t *testing.T, options Options) (*Server, chan struct{}) {
	t.Helper()
	s := mustNew(t, options)
	checked := make(chan struct{}, 100)
	s.changed = func() { checked <- struct{}{} }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	wait(t, checked) // the check at the start
	return s, checked
}

func wait(t *testing.T, checked chan struct{}) {
	t.Helper()
	select {
	case <-checked:
	case <-time.After(20 * time.Second):
		t.Fatal("the files were not read again")
	}
}

func TestARenewedCertificateIsServedWithoutARestart(t *testing.T) {
	a, b := newAuthority(t, "a"), newAuthority(t, "b")
	first, firstKey := a.issue(t, in(time.Hour), nil)
	mounted := newVolume(t, files(first, firstKey, a))
	s, checked := watched(t, mounted.mutual())
	address := start(t, s)
	before, after := a.client(t, "a"), b.client(t, "b")
	_, served, err := get(address, a, before, nil)
	if err != nil || !served.NotAfter.Equal(s.Expiry()) {
		t.Fatal(err)
	}
	// A connection that is kept, and clients that call while the files change.
	keep := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.pool(), Certificates: []tls.Certificate{*before}}}}
	var calls sync.WaitGroup
	stop := make(chan struct{})
	calls.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			response, err := keep.Get("https://" + address)
			if err != nil {
				t.Errorf("a call failed: %v", err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
	second, secondKey := a.issue(t, in(2*time.Hour), nil)
	mounted.write(t, files(second, secondKey, b))
	wait(t, checked)
	close(stop)
	calls.Wait()
	if _, served, err = get(address, a, after, nil); err != nil || !served.NotAfter.Equal(s.Expiry()) || !s.Expiry().After(in(90*time.Minute)) {
		t.Errorf("the new authority and certificate: %v", err)
	}
	if _, _, err := get(address, a, before, nil); err == nil {
		t.Error("a client of the removed authority gets a new connection")
	}
	if loaded, failed := s.Reloads(); loaded != 1 || failed != 0 {
		t.Errorf("%d loaded, %d failed", loaded, failed)
	}
}

func TestABadRenewalKeepsTheCertificate(t *testing.T) {
	a := newAuthority(t, "a")
	good, goodKey := a.issue(t, in(time.Hour), nil)
	mounted := newVolume(t, files(good, goodKey))
	var mu sync.Mutex
	var lines []string
	s, err := New(mounted.options(), func(format string, values ...any) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, fmt.Sprintf(format, values...))
	})
	if err != nil {
		t.Fatal(err)
	}
	address := start(t, s)
	_, otherKey := a.issue(t, in(time.Hour), nil)
	expired, expiredKey := a.issue(t, in(-time.Minute), nil)
	for number, bad := range []map[string][]byte{files(good, otherKey), {}, files(expired, expiredKey), files([]byte{}, []byte{})} {
		mounted.write(t, bad)
		s.reload()
		s.reload()
		if _, served, err := get(address, a, nil, nil); err != nil || !served.NotAfter.Equal(s.Expiry()) {
			t.Errorf("%d: %v", number, err)
		}
	}
	if loaded, failed := s.Reloads(); loaded != 0 || failed != 4 || len(lines) != 4 {
		t.Errorf("%d loaded, %d failed, %q", loaded, failed, lines)
	}
	if !strings.HasPrefix(lines[0], "keeping the TLS certificate that expires at 20") {
		t.Error(lines[0])
	}
	next, nextKey := a.issue(t, in(2*time.Hour), nil)
	mounted.write(t, files(next, nextKey))
	s.reload()
	if loaded, _ := s.Reloads(); loaded != 1 || !s.Expiry().After(in(90*time.Minute)) {
		t.Error("a good renewal after bad ones is not served")
	}
}

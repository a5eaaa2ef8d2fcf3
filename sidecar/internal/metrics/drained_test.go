// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

// deadlineRecorder is a response whose deadline can be set.
type deadlineRecorder struct{ *httptest.ResponseRecorder }

func (deadlineRecorder) SetWriteDeadline(time.Time) error { return nil }

// drained requests /drained, and returns the status and for how long the request waited.
func drained(ctx context.Context, d *drains) (int, time.Duration) {
	w, began := deadlineRecorder{httptest.NewRecorder()}, time.Now()
	d.serve(w, httptest.NewRequestWithContext(ctx, "GET", "/drained", nil))
	return w.Code, time.Since(began)
}

// session opens a session, and returns a function that ends it.
func session(calls *call.Calls) func() {
	server := calls.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Mcp-Session-Id", "s-1")
		answerWith(`{"jsonrpc":"2.0","id":1,"result":{}}`)(w, r)
	}))
	request := func(method, body string) {
		r := httptest.NewRequest(method, "/mcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Mcp-Session-Id", "s-1")
		server.ServeHTTP(httptest.NewRecorder(), r)
	}
	r := httptest.NewRequest("POST", "/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`))
	r.Header.Set("Content-Type", "application/json")
	server.ServeHTTP(httptest.NewRecorder(), r)
	return func() { request("DELETE", "") }
}

func TestDrainedWaitsForSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := call.New(bounds.NewBodies(1<<20), 1<<20)
		d := newDrains(calls, 5*time.Minute)
		if status, waited := drained(t.Context(), d); status != http.StatusOK || waited != drainSettle {
			t.Errorf("without a session: %d after %v", status, waited)
		}
		end := session(calls)
		if calls.Sessions.Active() != 1 {
			t.Fatal("the session is not counted")
		}
		time.AfterFunc(time.Minute, end)
		if status, waited := drained(t.Context(), d); status != http.StatusOK || waited < time.Minute || waited > time.Minute+drainStep {
			t.Errorf("with a session of a minute: %d after %v", status, waited)
		}
		session(calls)
		if status, waited := drained(t.Context(), d); status != http.StatusOK || waited < 5*time.Minute {
			t.Errorf("with a session that does not end: %d after %v", status, waited)
		}
	})
}

func TestDrainedIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := call.New(bounds.NewBodies(1<<20), 1<<20)
		session(calls)
		d := newDrains(calls, time.Hour)
		ctx, cancel := context.WithCancel(t.Context())
		for range maxDrains {
			go drained(ctx, d)
		}
		synctest.Wait()
		if status, waited := drained(t.Context(), d); status != http.StatusServiceUnavailable || waited != drainSettle {
			t.Errorf("one request too many: %d after %v", status, waited)
		}
		cancel()
		synctest.Wait()
		if len(d.places) != 0 {
			t.Errorf("%d requests wait whose clients are gone", len(d.places))
		}
	})
}

func TestDrainedIsServedOnlyIfSessionsAreWaitedFor(t *testing.T) {
	for wait, want := range map[time.Duration]bool{0: false, time.Minute: true} {
		m, err := New(Settings{Names: "otel", DrainSessions: wait}, call.New(bounds.NewBodies(1<<20), 1<<20))
		if err != nil || (m.drains != nil) != want {
			t.Errorf("%v: %v, %v", wait, m.drains, err)
		}
	}
}

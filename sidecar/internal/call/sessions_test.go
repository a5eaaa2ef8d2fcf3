// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mcp.kubernetes/sidecar/internal/bounds"
)

func TestASessionIsForTheSubjectThatOpenedIt(t *testing.T) {
	calls := New(bounds.NewBodies(1<<20), 1<<20)
	calls.Observe(Observer{Began: func(r *http.Request, info *Info) { info.Subject = r.Header.Get("Subject") }})
	reached := 0
	handler := calls.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached++
		w.Header().Set(sessionHeader, "s1")
		w.WriteHeader(http.StatusOK)
	}))
	send := func(method, subject, session, body string) int {
		r := httptest.NewRequest(method, "/mcp", strings.NewReader(body))
		r.Header.Set("Subject", subject)
		if session != "" {
			r.Header.Set(sessionHeader, session)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	send(http.MethodPost, "alice", "", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`)
	for number, test := range []struct {
		method, subject, session string
		want                     int
	}{
		{http.MethodPost, "alice", "s1", http.StatusOK},
		{http.MethodPost, "bob", "s1", http.StatusNotFound},
		{http.MethodGet, "bob", "s1", http.StatusNotFound},
		{http.MethodDelete, "bob", "s1", http.StatusNotFound},
		{http.MethodPost, "", "s1", http.StatusNotFound},
		{http.MethodPost, "bob", "unknown", http.StatusOK}, // the server knows
		{http.MethodPost, "alice", "s1", http.StatusOK},    // the others have not ended it
	} {
		before := reached
		if status := send(test.method, test.subject, test.session, ping); status != test.want {
			t.Errorf("%d: %d", number, status)
		}
		if (reached > before) != (test.want == http.StatusOK) {
			t.Errorf("%d: reached the server %d times", number, reached-before)
		}
	}
	if calls.Sessions.Active() != 1 {
		t.Errorf("%d sessions", calls.Sessions.Active())
	}
}

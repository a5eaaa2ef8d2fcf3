// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

func TestASessionStaysWithItsOwnerHoweverLongItIsIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ended := newSessions(), 0
		s.OnEnded = func(time.Duration) { ended++ }
		s.opened("s", "alice")
		time.Sleep(2 * sessionIdle)
		if active := s.Active(); active != 0 || ended != 1 {
			t.Errorf("%d active, %d ended", active, ended)
		}
		if known, isOfAnother := s.use([]string{"s"}, "bob"); known || !isOfAnother {
			t.Error("another subject may use the session")
		}
		if known, isOfAnother := s.use([]string{"s"}, "alice"); !known || isOfAnother || s.Active() != 1 {
			t.Error("its owner may not use the session")
		}
		s.closed("s")
		if active := s.Active(); active != 0 || ended != 2 {
			t.Errorf("%d active, %d ended", active, ended)
		}
	})
}

func TestASessionStaysWithItsOwnerUntilTheServerEndsIt(t *testing.T) {
	s := newServer("", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/unknown" {
			http.NotFound(w, r)
		}
	})
	s.Sessions.opened("s", "alice")
	if status := s.send(http.MethodPost, "/unknown", ping, "Subject", "alice", sessionHeader, "s"); status != http.StatusNotFound || s.Sessions.Active() != 0 {
		t.Errorf("%d, %d sessions", status, s.Sessions.Active())
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	s.sendRequest(request(http.MethodDelete, "/mcp", "", "Subject", "alice", sessionHeader, "s").WithContext(gone))
	if status := s.send(http.MethodPost, "/mcp", ping, "Subject", "bob", sessionHeader, "s"); status != http.StatusNotFound || s.posted != 2 {
		t.Errorf("another subject may use the session: %d", status)
	}
	s.send(http.MethodDelete, "/mcp", "", "Subject", "alice", sessionHeader, "s")
	if status := s.send(http.MethodPost, "/mcp", ping, "Subject", "bob", sessionHeader, "s"); status != http.StatusOK {
		t.Errorf("a new session of this name: %d", status)
	}
}

func TestNobodyHasTheOwnersOfOtherSessionsForgotten(t *testing.T) {
	s, ended := newSessions(), 0
	s.OnEnded = func(time.Duration) { ended++ }
	s.opened("s", "alice")
	for number := range 2 * maxSessions {
		s.opened(fmt.Sprint("m", number), "mallory")
	}
	if _, isOfAnother := s.use([]string{"s"}, "mallory"); !isOfAnother {
		t.Error("many sessions of one subject end the protection of others")
	}
	if _, isOfAnother := s.use([]string{fmt.Sprint("m", 2*maxSessions-1)}, "alice"); !isOfAnother {
		t.Error("the newest session has no owner")
	}
	if active := s.Active(); len(s.known) > maxSessions || active != len(s.known) || active+ended != 2*maxSessions+1 {
		t.Errorf("%d sessions, %d active, %d ended", len(s.known), active, ended)
	}
}

func TestSessionsOfManySubjectsAreBounded(t *testing.T) {
	s := newSessions()
	for number := range maxSessions + 100 {
		s.opened(fmt.Sprint("s", number), fmt.Sprint("subject", number))
	}
	if len(s.known) > maxSessions || s.known["s0"] != nil || s.known[fmt.Sprint("s", maxSessions+99)] == nil {
		t.Errorf("%d sessions", len(s.known))
	}
}

func TestSessionsAreBoundedIfTheSubjectWithTheMostHasStreams(t *testing.T) {
	sessions := newSessions()
	for number := range maxSessions {
		id := fmt.Sprint(number)
		if number <= maxEvicted {
			sessions.opened(id, "alice")
			sessions.streaming(id, 1)
		} else {
			sessions.opened(id, id)
		}
	}
	sessions.opened("one more", "bob")
	if len(sessions.known) > maxSessions {
		t.Errorf("%d sessions are known", len(sessions.known))
	}
	if _, isOfAnother := sessions.use([]string{"one more"}, "carol"); !isOfAnother {
		t.Error("the session has no owner")
	}
	for id := range sessions.known {
		sessions.streaming(id, 1)
	}
	for number := range 2 * maxSessions {
		sessions.opened(fmt.Sprint("more ", number), "bob")
	}
	if len(sessions.known) > maxSessions {
		t.Errorf("%d sessions are known", len(sessions.known))
	}
}

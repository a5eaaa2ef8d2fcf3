// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"sync"
	"time"
)

const (
	maxSessions = 10_000
	sessionIdle = 10 * time.Minute // a session without a request for this long counts as ended
)

// Sessions are those that the server has issued and that have not ended, as far as requests show it.
type Sessions struct {
	OnEnded func(time.Duration) // may be nil; set it before requests are served

	mu    sync.Mutex
	known map[string]*sessionTimes
	swept time.Time
}

type sessionTimes struct {
	opened, seen time.Time
	owner        string // the subject of the client that opened it
}

func newSessions() *Sessions { return &Sessions{known: map[string]*sessionTimes{}} }

// Active returns the number of sessions.
func (s *Sessions) Active() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(time.Now())
	return len(s.known)
}

func (s *Sessions) opened(id, owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if len(s.known) >= maxSessions {
		s.sweep(now)
	}
	if len(s.known) < maxSessions && len(id) <= maxID {
		s.known[id] = &sessionTimes{now, now, owner}
	}
}

// seen reports whether a session is known and by which subject it was opened, and notes that it is used.
func (s *Sessions) seen(id string) (owner string, known bool) {
	if id == "" {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	times, known := s.known[id]
	if !known {
		return "", false
	}
	times.seen = time.Now()
	return times.owner, true
}

func (s *Sessions) closed(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times, known := s.known[id]; known {
		s.forget(id, time.Since(times.opened))
	}
}

// sweep forgets idle sessions. The caller holds the lock.
func (s *Sessions) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Second {
		return
	}
	s.swept = now
	for id, times := range s.known {
		if now.Sub(times.seen) > sessionIdle {
			s.forget(id, times.seen.Sub(times.opened))
		}
	}
}

func (s *Sessions) forget(id string, lasted time.Duration) {
	delete(s.known, id)
	if s.OnEnded != nil {
		s.OnEnded(lasted)
	}
}

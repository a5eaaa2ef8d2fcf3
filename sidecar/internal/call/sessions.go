// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"sync"
	"time"
)

const (
	maxSessions = 10_000
	sessionIdle = 10 * time.Minute // a session without a request or a stream for this long counts as ended
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
	streams      int    // that are open: with one, it is not idle
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
		s.known[id] = &sessionTimes{opened: now, seen: now, owner: owner}
	}
}

// use notes that a subject uses sessions. It reports whether the first one is known, and whether one of them is not of this
// subject.
func (s *Sessions) use(ids []string, subject string) (known, isOfAnother bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, id := range ids {
		times := s.known[id]
		if times == nil {
			continue
		}
		if times.owner != subject {
			return false, true
		}
		times.seen = time.Now()
		known = known || at == 0
	}
	return known, false
}

func (s *Sessions) closed(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times, known := s.known[id]; known {
		s.forget(id, time.Since(times.opened))
	}
}

// streaming counts the open streams of a session.
func (s *Sessions) streaming(id string, change int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times := s.known[id]; times != nil {
		times.seen = time.Now()
		times.streams = max(0, times.streams+change)
	}
}

// sweep forgets idle sessions. The caller holds the lock.
func (s *Sessions) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Second {
		return
	}
	s.swept = now
	for id, times := range s.known {
		if times.streams == 0 && now.Sub(times.seen) > sessionIdle {
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

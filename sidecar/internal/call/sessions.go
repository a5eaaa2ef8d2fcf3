// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"slices"
	"sync"
	"time"
)

const (
	maxSessions = 10_000
	maxEvicted  = maxSessions / 16 // at a time, since it takes a look at all
	sessionIdle = 10 * time.Minute // a session without a request or a stream for this long counts as ended
)

// Sessions are those that the server has issued and that have not ended, as far as requests show it.
type Sessions struct {
	OnEnded func(time.Duration) // may be nil; set it before requests are served

	mu     sync.Mutex
	known  map[string]*sessionTimes
	active int // of them
	swept  time.Time
}

type sessionTimes struct {
	opened, seen time.Time
	owner        string // the subject of the client that opened it
	streams      int    // that are open: with one, it is not idle
	isIdle       bool   // it counts as ended, but the server may still know it, so it is still for its owner only
}

func newSessions() *Sessions { return &Sessions{known: map[string]*sessionTimes{}} }

// Active returns the number of sessions.
func (s *Sessions) Active() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(time.Now())
	return s.active
}

func (s *Sessions) opened(id, owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(id) > maxID {
		return
	}
	now, before := time.Now(), s.known[id]
	if before == nil && len(s.known) >= maxSessions {
		s.sweep(now)
		if s.evict(); len(s.known) >= maxSessions {
			return // all of them have open streams
		}
	}
	if before == nil || before.isIdle {
		s.active++
	}
	s.known[id] = &sessionTimes{opened: now, seen: now, owner: owner}
}

// use notes that a subject uses sessions. It reports whether the first one is known, and whether one of them is not of this
// subject.
func (s *Sessions) use(ids []string, subject string) (known, isOfAnother bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for at, id := range ids {
		times := s.known[id]
		if times == nil {
			continue
		}
		if times.owner != subject {
			return false, true
		}
		if times.seen = now; times.isIdle {
			times.isIdle, times.opened = false, now
			s.active++
		}
		known = known || at == 0
	}
	return known, false
}

func (s *Sessions) closed(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times, known := s.known[id]; known {
		s.end(times, time.Now())
		delete(s.known, id)
	}
}

// idle counts a session as ended until it is used again: whether the server still knows it is not certain.
func (s *Sessions) idle(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times, known := s.known[id]; known {
		s.end(times, time.Now())
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

// sweep ends idle sessions. The caller holds the lock.
func (s *Sessions) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Second {
		return
	}
	s.swept = now
	for _, times := range s.known {
		if times.streams == 0 && now.Sub(times.seen) > sessionIdle {
			s.end(times, times.seen)
		}
	}
}

// end counts a session as ended. The caller holds the lock.
func (s *Sessions) end(times *sessionTimes, when time.Time) {
	if times.isIdle {
		return
	}
	times.isIdle = true
	s.active--
	if s.OnEnded != nil {
		s.OnEnded(when.Sub(times.opened))
	}
}

// evict forgets the sessions without a stream that were not used for longest: of the subject that has the most, so that it
// cannot have the owners of other sessions forgotten, or of all if none has many or if those all have streams. The caller
// holds the lock.
func (s *Sessions) evict() {
	counts, largest := map[string]int{}, ""
	for _, times := range s.known {
		if counts[times.owner]++; counts[times.owner] > counts[largest] {
			largest = times.owner
		}
	}
	var ids, others []string
	for id, times := range s.known {
		switch {
		case times.streams > 0:
		case times.owner == largest || counts[largest] <= maxEvicted:
			ids = append(ids, id)
		default:
			others = append(others, id)
		}
	}
	if len(ids) == 0 {
		ids = others
	}
	slices.SortFunc(ids, func(one, other string) int { return s.known[one].seen.Compare(s.known[other].seen) })
	for _, id := range ids[:min(len(ids), maxEvicted)] {
		s.end(s.known[id], s.known[id].seen)
		delete(s.known, id)
	}
}

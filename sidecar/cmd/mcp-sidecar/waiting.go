// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/rand"
	"errors"
	"time"
)

const (
	maxWaiting  = 64
	waitingTime = 30 * time.Second
)

// A waitingStream is an HTTP+SSE stream whose client has not sent a message. It has no process and takes no session.
type waitingStream struct {
	session *session
	since   time.Time
	started func()
	expires *time.Timer
}

// wait creates a session that starts with its first message. Of too many, the oldest ends.
func (sm *sessionManager) wait(started func()) (*session, error) {
	s := newSession(rand.Text(), sm.request)
	sm.mu.Lock()
	if sm.unavailable != "" {
		defer sm.mu.Unlock()
		return nil, errors.New(sm.unavailable)
	}
	var oldest *waitingStream
	if len(sm.waiting) >= maxWaiting {
		for _, other := range sm.waiting {
			if oldest == nil || other.since.Before(oldest.since) {
				oldest = other
			}
		}
		sm.forgetWaiting(oldest.session.id)
	}
	expires := time.AfterFunc(waitingTime, func() {
		if sm.findWaiting(s.id) != nil {
			sm.end(s, "The client sent no message.")
		}
	})
	sm.waiting[s.id] = &waitingStream{s, time.Now(), started, expires}
	sm.mu.Unlock()
	if oldest != nil {
		oldest.session.end("The stream was ended for a new one.")
	}
	return s, nil
}

// forgetWaiting removes a stream, also from the memory of its timer. The caller holds the lock.
func (sm *sessionManager) forgetWaiting(id string) {
	if found := sm.waiting[id]; found != nil {
		found.expires.Stop()
		delete(sm.waiting, id)
	}
}

func (sm *sessionManager) findWaiting(id string) *session {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	if found := sm.waiting[id]; found != nil {
		return found.session
	}
	return nil
}

// startWaiting starts the session of a stream. It does nothing if another message has started it.
func (sm *sessionManager) startWaiting(s *session) error {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	found := sm.waiting[s.id]
	if found == nil {
		if sm.sessions[s.id] == nil {
			return errors.New("the session has ended")
		}
		return nil
	}
	if err := sm.start(s); err != nil {
		return err
	}
	sm.forgetWaiting(s.id)
	found.started()
	return nil
}

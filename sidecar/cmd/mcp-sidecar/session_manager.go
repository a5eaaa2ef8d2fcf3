// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/rand"
	"errors"
	"sync"
	"time"
)

const (
	evictAfter = 30 * time.Second // a session used more recently is never evicted
	sweepEvery = time.Second
)

var errFull = errors.New("all sessions are in use")

// settings are the options of the command line.
type settings struct {
	mode        string
	maxSessions int
	keepSpare   bool
	idle        time.Duration
	startWithin time.Duration
	request     time.Duration
}

// A sessionManager keeps the sessions, and knows whether the server is available.
type sessionManager struct {
	settings
	launcher *launcher
	fatal    func(*cause)

	mu                sync.Mutex
	sessions          map[string]*session
	waiting           map[string]*waitingStream
	mux               *mux
	stateless         *mux // serves clients without sessions, where each session has a process of its own
	spare             *spare
	statelessCalls    int // in flight
	lastStatelessCall time.Time
	unavailable       string // why the server is not available; empty where it is
	checking          bool
	exits             int
}

func newSessionManager(s settings, l *launcher, fatal func(*cause)) *sessionManager {
	return &sessionManager{
		settings: s, launcher: l, fatal: fatal, unavailable: "the server is starting",
		sessions: map[string]*session{}, waiting: map[string]*waitingStream{},
	}
}

// begin starts the server once: to share it, or to verify that it works before a client depends on it.
func (sm *sessionManager) begin() *cause {
	m, problem := sm.startAndInitialize()
	if problem != nil {
		return problem
	}
	sm.mu.Lock()
	sm.unavailable = ""
	if sm.mode == "shared" {
		sm.mux = m
	} else {
		// Keep it: the first client is often a validation, which also tries the stateless revision.
		sm.stateless, sm.lastStatelessCall = m, time.Now()
	}
	sm.mu.Unlock()
	go sm.sweep()
	if sm.mode != "shared" {
		go sm.watchSharedExit(m)
		sm.refill()
		return nil
	}
	go m.watch()
	go func() {
		<-m.child.exited
		if !m.child.closing.Load() {
			sm.shutDown(m.child.exitCause(""))
		}
	}()
	return nil
}

// open creates a session, in session mode with a process of its own.
func (sm *sessionManager) open() (*session, error) {
	s := newSession(rand.Text(), sm.request)
	sm.mu.Lock()
	defer sm.mu.Unlock()
	return s, sm.start(s)
}

// start gives a session its server and counts it. The caller holds the lock.
func (sm *sessionManager) start(s *session) error {
	if sm.unavailable != "" {
		return errors.New(sm.unavailable)
	}
	if len(sm.sessions) >= sm.maxSessions && !sm.evict() {
		return errFull
	}
	var up upstream = sm.mux
	if sm.mux == nil {
		c, err := sm.process(s)
		if err != nil {
			return err
		}
		up = &dedicated{c}
		go sm.watchExit(s, c)
		go sm.watchStart(s, c)
	}
	s.mu.Lock()
	s.up = up
	s.mu.Unlock()
	sm.sessions[s.id] = s
	return nil
}

// evict ends the session with the longest idle time, if that exceeds evictAfter. The caller holds the lock.
func (sm *sessionManager) evict() bool {
	var oldest *session
	longest, now := evictAfter, time.Now()
	for _, s := range sm.sessions {
		if idle := s.idle(now); idle > longest {
			oldest, longest = s, idle
		}
	}
	if oldest == nil {
		return false
	}
	delete(sm.sessions, oldest.id)
	oldest.end("The idle session was evicted for a new one.")
	oldest.up.close(oldest)
	return true
}

func (sm *sessionManager) sweep() {
	for now := range time.Tick(sweepEvery) {
		for _, s := range sm.all() {
			if s.idle(now) > sm.idle {
				sm.end(s, "The session was idle for too long.")
			}
		}
		sm.mu.Lock()
		if sm.stateless != nil && sm.statelessCalls == 0 && now.Sub(sm.lastStatelessCall) > min(sm.idle, statelessIdle) {
			go sm.stateless.child.stop()
			sm.stateless = nil
		}
		sm.mu.Unlock()
	}
}

// end closes a session and its process. It reports whether the session was open.
func (sm *sessionManager) end(s *session, why string) bool {
	sm.mu.Lock()
	delete(sm.sessions, s.id)
	sm.forgetWaiting(s.id)
	sm.mu.Unlock()
	if !s.end(why) {
		return false
	}
	if s.hasServer() {
		s.up.close(s)
	}
	go sm.refill() // there may be room for a spare now
	return true
}

func (sm *sessionManager) find(id string) *session {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	return sm.sessions[id]
}

func (sm *sessionManager) all() []*session {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	found := make([]*session, 0, len(sm.sessions))
	for _, s := range sm.sessions {
		found = append(found, s)
	}
	return found
}

// muxes returns those of the servers that clients share.
func (sm *sessionManager) muxes() (found []*mux) {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	for _, m := range []*mux{sm.mux, sm.stateless} {
		if m != nil {
			found = append(found, m)
		}
	}
	return found
}

// health reports whether a new client would find a server.
func (sm *sessionManager) health() (unavailable string, state map[string]any) {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	state = map[string]any{
		"mode": sm.mode, "sessions": len(sm.sessions), "ended_by_server": sm.exits,
		"spare": sm.spare != nil, "public": sm.stateless != nil,
	}
	return sm.unavailable, state
}

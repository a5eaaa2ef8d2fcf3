// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const (
	evictAfter    = 30 * time.Second // a session used more recently is never evicted
	sweepEvery    = time.Second
	startAttempts = 3
	statelessIdle = time.Minute // how long an idle stateless server is kept
)

var errFull = errors.New("all sessions are in use")

// settings are the options of the command line.
type settings struct {
	mode        string
	maxSessions int
	keepSpare   bool
	idle        time.Duration
	start       time.Duration
	request     time.Duration
}

// A sessionManager keeps the sessions, and knows whether the server is available.
type sessionManager struct {
	settings
	launcher *launcher
	fatal    func(*cause)

	mu                sync.Mutex
	sessions          map[string]*session
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
	return &sessionManager{settings: s, launcher: l, fatal: fatal, sessions: map[string]*session{}, unavailable: "the server is starting"}
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

// shutDown ends all sessions and the program: their state is lost, and Kubernetes counts the container's restart.
func (sm *sessionManager) shutDown(why *cause) {
	sm.mu.Lock()
	sm.unavailable = why.text
	sm.mu.Unlock()
	for _, s := range sm.all() {
		sm.end(s, why.text)
	}
	sm.fatal(why)
}

// startAndInitialize starts the server and completes the handshake without client capabilities.
func (sm *sessionManager) startAndInitialize() (*mux, *cause) {
	m := newMux(sm.all)
	ready := make(chan struct{})
	c, err := sm.launcher.start(func(message jsonrpc.Message) { <-ready; m.fromServer(message) })
	if err != nil {
		return nil, asCause(err)
	}
	m.child = c
	close(ready)
	ctx, cancel := context.WithTimeout(context.Background(), sm.start)
	defer cancel()
	reply, err := m.call(ctx, "initialize", map[string]any{
		"protocolVersion": revisions[len(revisions)-1],
		"capabilities":    struct{}{},
		"clientInfo":      map[string]string{"name": "mcp-sidecar", "version": version},
	})
	if errors.Is(err, context.DeadlineExceeded) {
		c.kill(fmt.Sprintf("did not answer initialize within %s", seconds(sm.start)))
		<-c.exited
		return nil, c.exitCause("")
	}
	if err != nil {
		// The process usually ends by itself; kill it where it does not.
		select {
		case <-c.exited:
		case <-time.After(termGrace):
			c.kill("did not take initialize")
			<-c.exited
		}
		return nil, c.exitCause(" before it answered initialize")
	}
	if reply.Error != nil {
		c.stop()
		data, _ := json.Marshal(reply.Error)
		return nil, &cause{sm.launcher.masker.masked(fmt.Sprintf("The server refuses initialize: %s", data)), exitFailed}
	}
	m.initializeResult = reply.Result
	if err := c.send(&jsonrpc.Request{Method: "notifications/initialized"}); err != nil {
		c.stop()
		return nil, asCause(err)
	}
	return m, nil
}

// open creates a session, in session mode with a process of its own.
func (sm *sessionManager) open() (*session, error) {
	s := newSession(rand.Text(), sm.request)
	sm.mu.Lock()
	defer sm.mu.Unlock()
	if sm.unavailable != "" {
		return nil, errors.New(sm.unavailable)
	}
	if len(sm.sessions) >= sm.maxSessions && !sm.evict() {
		return nil, errFull
	}
	if sm.mux != nil {
		s.up = sm.mux
	} else {
		c, err := sm.process(s)
		if err != nil {
			return nil, err
		}
		s.up = &dedicated{c}
		go sm.watchExit(s, c)
		go sm.watchStart(s, c)
	}
	sm.sessions[s.id] = s
	return s, nil
}

// watchStart kills a server that does not answer initialize in time. The next spare is started afterwards, when
// this server has finished its start and leaves the CPU to the spare.
func (sm *sessionManager) watchStart(s *session, c *child) {
	select {
	case <-s.answered:
	case <-s.ended:
	case <-time.After(sm.start):
		c.kill(fmt.Sprintf("did not answer initialize within %s", seconds(sm.start)))
	}
	sm.refill()
}

// acquireStateless returns a server for one request without a session. Call done to release it.
func (sm *sessionManager) acquireStateless() (m *mux, done func(), err error) {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	if sm.unavailable != "" {
		return nil, nil, errors.New(sm.unavailable)
	}
	if sm.mux != nil {
		return sm.mux, func() {}, nil
	}
	if sm.stateless == nil {
		sm.mu.Unlock()
		found, problem := sm.startAndInitialize()
		sm.mu.Lock()
		switch {
		case problem != nil:
			go sm.recheck(problem)
			return nil, nil, problem
		case sm.stateless != nil:
			go found.child.stop() // another request has started one meanwhile
		default:
			sm.stateless = found
			go sm.watchSharedExit(found)
		}
	}
	sm.statelessCalls++
	return sm.stateless, sm.releaseStateless, nil
}

func (sm *sessionManager) releaseStateless() {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	sm.statelessCalls--
	sm.lastStatelessCall = time.Now()
}

// watchSharedExit lets the next client without a session start a new server after this one has exited.
func (sm *sessionManager) watchSharedExit(m *mux) {
	go m.watch()
	<-m.child.exited
	sm.mu.Lock()
	defer sm.mu.Unlock()
	if sm.stateless == m {
		sm.stateless = nil
		if !m.child.closing.Load() {
			sm.exits++
			log("the server of clients without sessions: %s", m.child.exitCause("").text)
		}
	}
}

// watchExit ends a session when its server exits. Where the server never answered, its health is checked again.
func (sm *sessionManager) watchExit(s *session, c *child) {
	<-c.exited
	why := c.exitCause("")
	if sm.end(s, why.text) && !c.closing.Load() {
		log("session ended: %s", why.text)
		sm.mu.Lock()
		sm.exits++
		sm.mu.Unlock()
		if !s.isAnswered() {
			sm.recheck(why)
		}
	}
}

// recheck reports the server as unavailable until it starts again, and exits the program after a few attempts.
func (sm *sessionManager) recheck(why *cause) {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	if sm.checking {
		return
	}
	sm.checking, sm.unavailable = true, why.text
	go func() {
		for attempt := 1; ; attempt++ {
			m, problem := sm.startAndInitialize()
			if problem == nil {
				m.child.stop()
				sm.mu.Lock()
				sm.checking, sm.unavailable = false, ""
				sm.mu.Unlock()
				return
			}
			if attempt == startAttempts {
				sm.shutDown(problem)
				return
			}
			time.Sleep(time.Second << attempt)
		}
	}()
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
	sm.mu.Unlock()
	if !s.end(why) {
		return false
	}
	s.up.close(s)
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

// stop stops all servers and waits for them.
func (sm *sessionManager) stop() {
	var waiting sync.WaitGroup
	sm.mu.Lock()
	shared := []*mux{sm.mux, sm.stateless}
	sm.unavailable = "the sidecar is stopping"
	if sm.spare != nil {
		waiting.Go(sm.spare.child.stop)
		sm.spare = nil
	}
	sm.mu.Unlock()
	for _, s := range sm.all() {
		if o, ok := s.up.(*dedicated); ok {
			o.child.closing.Store(true)
			waiting.Go(o.child.stop)
		}
		sm.end(s, "The server is being stopped.")
	}
	for _, m := range shared {
		if m != nil {
			m.child.closing.Store(true)
			waiting.Go(m.child.stop)
		}
	}
	waiting.Wait()
}

func asCause(err error) *cause {
	var found *cause
	if errors.As(err, &found) {
		return found
	}
	return &cause{err.Error(), exitFailed}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// A spare is a process of the server that is started before a client needs it. Messages that it sends before
// a client is assigned are kept for that client.
type spare struct {
	child *child

	mu   sync.Mutex
	to   func(jsonrpc.Message)
	held []jsonrpc.Message
}

func (l *launcher) spare() (*spare, error) {
	s := &spare{}
	c, err := l.start(s.receive)
	if err != nil {
		return nil, err
	}
	s.child = c
	return s, nil
}

func (s *spare) receive(message jsonrpc.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.to != nil:
		s.to(message)
	case len(s.held) < backlogLimit:
		s.held = append(s.held, message)
	}
}

// assign sends all messages to a client's session from now on.
func (s *spare) assign(to func(jsonrpc.Message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	for _, message := range s.held {
		to(message)
	}
	s.held = nil
}

// refill starts a spare if one is wanted and another session fits. A spare that exits by itself is not replaced
// before a session begins or ends, so that a server that exits at once is not started endlessly.
func (sm *sessionManager) refill() {
	sm.mu.Lock()
	defer sm.mu.Unlock()
	if !sm.keepSpare || sm.mode == "shared" || sm.spare != nil || sm.unavailable != "" || len(sm.sessions) >= sm.maxSessions {
		return
	}
	s, err := sm.launcher.spare()
	if err != nil {
		log("no spare process: %v", err) // the next client gets the same error
		return
	}
	sm.spare = s
	go func() {
		<-s.child.exited
		sm.mu.Lock()
		defer sm.mu.Unlock()
		if sm.spare == s {
			sm.spare = nil
			sm.exits++
			log("the spare process: %s", s.child.exitCause("").text)
		}
	}()
}

// process returns a process for a session: the spare, or a new one where there is none or it has exited.
// The caller holds the lock.
func (sm *sessionManager) process(s *session) (*child, error) {
	ready := sm.spare
	sm.spare = nil
	if ready != nil && !ready.child.ended.Load() {
		ready.assign(s.fromServer)
		return ready.child, nil
	}
	return sm.launcher.start(s.fromServer)
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// A spare is a process of the server that was started before a client needs it. Nobody has spoken with it yet; what it
// says all the same is kept for that client.
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

// give lets all messages go to a client's session from now on.
func (s *spare) give(to func(jsonrpc.Message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	for _, message := range s.held {
		to(message)
	}
	s.held = nil
}

// refill starts a spare where one is wanted and there is room for one more client. One that ends by itself is not
// replaced before a session begins or ends: a server that waits for nobody must not be started without end.
func (h *hub) refill() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.wantsSpare || h.mode == "shared" || h.spare != nil || h.trouble != "" || len(h.sessions) >= h.maxSessions {
		return
	}
	s, err := h.launcher.spare()
	if err != nil {
		log("no spare process: %v", err) // the next client hears of it too
		return
	}
	h.spare = s
	go func() {
		<-s.child.gone
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.spare == s {
			h.spare = nil
			h.deaths++
			log("the spare process: %s", s.child.why("").text)
		}
	}()
}

// process returns a process of the server whose messages go to a session: the spare, unless it has ended, or a new
// one; the lock is held.
func (h *hub) process(s *session) (*child, error) {
	ready := h.spare
	h.spare = nil
	if ready != nil && !ready.child.ended.Load() {
		ready.give(s.fromServer)
		return ready.child, nil
	}
	return h.launcher.start(s.fromServer)
}

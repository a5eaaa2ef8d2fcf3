// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"time"
)

const statelessIdle = time.Minute // how long an idle server is kept

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

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const startAttempts = 3

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
	ctx, cancel := context.WithTimeout(context.Background(), sm.startWithin)
	defer cancel()
	reply, err := m.call(ctx, "initialize", map[string]any{
		"protocolVersion": revisions[len(revisions)-1],
		"capabilities":    struct{}{},
		"clientInfo":      map[string]string{"name": "mcp-sidecar", "version": version},
	})
	if errors.Is(err, context.DeadlineExceeded) {
		c.kill(fmt.Sprintf("did not answer initialize within %s", seconds(sm.startWithin)))
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

// watchStart kills a server that does not answer initialize in time. The next spare is started afterwards, when
// this server has finished its start and leaves the CPU to the spare.
func (sm *sessionManager) watchStart(s *session, c *child) {
	select {
	case <-s.answered:
	case <-s.ended:
	case <-time.After(sm.startWithin):
		c.kill(fmt.Sprintf("did not answer initialize within %s", seconds(sm.startWithin)))
	}
	sm.refill()
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

// stop stops all servers and waits for them.
func (sm *sessionManager) stop() {
	var waiting sync.WaitGroup
	sm.mu.Lock()
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
	for _, m := range sm.muxes() {
		m.child.closing.Store(true)
		waiting.Go(m.child.stop)
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

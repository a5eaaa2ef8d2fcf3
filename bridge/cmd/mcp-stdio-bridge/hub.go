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
	evictAfter    = 30 * time.Second // a session that was used since is never given up for a new one
	sweepEvery    = time.Second
	startAttempts = 3
	publicIdle    = time.Minute // clients without sessions come back soon or not at all
)

var errFull = errors.New("all sessions are in use")

// settings are what the command line says.
type settings struct {
	mode        string
	maxSessions int
	wantsSpare  bool
	idle        time.Duration
	start       time.Duration
	request     time.Duration
}

// A hub has the sessions, and knows whether the server can be had.
type hub struct {
	settings
	launcher *launcher
	fatal    func(*cause)

	mu       sync.Mutex
	sessions map[string]*session
	mux      *mux
	public   *mux // the server of clients without sessions, where sessions have servers of their own
	spare    *spare
	visitors int // of the public server
	visited  time.Time
	trouble  string // why there is no server at present
	checking bool
	deaths   int
}

func newHub(s settings, l *launcher, fatal func(*cause)) *hub {
	return &hub{settings: s, launcher: l, fatal: fatal, sessions: map[string]*session{}, trouble: "the server is starting"}
}

// begin starts the server once: to share it, or to see that it works before a client depends on it.
func (h *hub) begin() *cause {
	m, problem := h.introduce()
	if problem != nil {
		return problem
	}
	h.mu.Lock()
	h.trouble = ""
	if h.mode == "shared" {
		h.mux = m
	} else {
		// It runs already, and who comes first often wants it: a validation asks for the newest revision, too.
		h.public, h.visited = m, time.Now()
	}
	h.mu.Unlock()
	go h.sweep()
	if h.mode != "shared" {
		go h.forget(m)
		h.refill()
		return nil
	}
	go m.watch()
	go func() {
		<-m.child.gone
		if !m.child.closing.Load() {
			h.lose(m.child.why(""))
		}
	}()
	return nil
}

// lose ends everything: the sessions' state went with the server, and a restart of the container is there to be seen.
func (h *hub) lose(why *cause) {
	h.mu.Lock()
	h.trouble = why.text
	h.mu.Unlock()
	for _, s := range h.all() {
		h.end(s, why.text)
	}
	h.fatal(why)
}

// introduce starts the server and completes the handshake as a client that can do nothing.
func (h *hub) introduce() (*mux, *cause) {
	m := newMux(h.all)
	ready := make(chan struct{})
	c, err := h.launcher.start(func(message jsonrpc.Message) { <-ready; m.fromServer(message) })
	if err != nil {
		return nil, asCause(err)
	}
	m.child = c
	close(ready)
	ctx, cancel := context.WithTimeout(context.Background(), h.start)
	defer cancel()
	reply, err := m.ask(ctx, "initialize", map[string]any{
		"protocolVersion": revisions[len(revisions)-1],
		"capabilities":    struct{}{},
		"clientInfo":      map[string]string{"name": "mcp-stdio-bridge", "version": version},
	})
	if errors.Is(err, context.DeadlineExceeded) {
		c.kill(fmt.Sprintf("did not answer initialize within %s", seconds(h.start)))
		<-c.gone
		return nil, c.why("")
	}
	if err != nil {
		// It ends, most likely; only what does not is helped.
		select {
		case <-c.gone:
		case <-time.After(termGrace):
			c.kill("did not take initialize")
			<-c.gone
		}
		return nil, c.why(" before it answered initialize")
	}
	if reply.Error != nil {
		c.stop()
		data, _ := json.Marshal(reply.Error)
		return nil, &cause{h.launcher.masker.masked(fmt.Sprintf("The server refuses initialize: %s", data)), exitFailed}
	}
	m.greeting = reply.Result
	if err := c.send(&jsonrpc.Request{Method: "notifications/initialized"}); err != nil {
		c.stop()
		return nil, asCause(err)
	}
	return m, nil
}

// open makes a session, with a server of its own where they do not share one.
func (h *hub) open() (*session, error) {
	s := newSession(rand.Text(), h.request)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.trouble != "" {
		return nil, errors.New(h.trouble)
	}
	if len(h.sessions) >= h.maxSessions && !h.evict() {
		return nil, errFull
	}
	if h.mux != nil {
		s.up = h.mux
	} else {
		c, err := h.process(s)
		if err != nil {
			return nil, err
		}
		s.up = &own{c}
		go h.mourn(s, c)
		go h.attend(s, c)
	}
	h.sessions[s.id] = s
	return s, nil
}

// attend sees to it that a server that does not even answer initialize does not keep its place, and that the next client
// finds a spare, which is started only when this one does not need the machine any more.
func (h *hub) attend(s *session, c *child) {
	select {
	case <-s.answered:
	case <-s.ended:
	case <-time.After(h.start):
		c.kill(fmt.Sprintf("did not answer initialize within %s", seconds(h.start)))
	}
	h.refill()
}

// sharedMux returns a server that any client may use for one request; it is let go of with done.
func (h *hub) sharedMux() (m *mux, done func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.trouble != "" {
		return nil, nil, errors.New(h.trouble)
	}
	if h.mux != nil {
		return h.mux, func() {}, nil
	}
	if h.public == nil {
		h.mu.Unlock()
		found, problem := h.introduce()
		h.mu.Lock()
		switch {
		case problem != nil:
			go h.suspect(problem)
			return nil, nil, problem
		case h.public != nil:
			go found.child.stop() // somebody was faster
		default:
			h.public = found
			go h.forget(found)
		}
	}
	h.visitors++
	return h.public, h.leave, nil
}

func (h *hub) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.visitors--
	h.visited = time.Now()
}

// forget lets the next client without a session find another server when this one has ended.
func (h *hub) forget(m *mux) {
	go m.watch()
	<-m.child.gone
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.public == m {
		h.public = nil
		if !m.child.closing.Load() {
			h.deaths++
			log("the server of clients without sessions: %s", m.child.why("").text)
		}
	}
}

// mourn ends a session whose server has ended; where it never answered, the server is looked at again.
func (h *hub) mourn(s *session, c *child) {
	<-c.gone
	why := c.why("")
	if h.end(s, why.text) && !c.closing.Load() {
		log("session ended: %s", why.text)
		h.mu.Lock()
		h.deaths++
		h.mu.Unlock()
		if !s.isAnswered() {
			h.suspect(why)
		}
	}
}

// suspect takes the bridge out of service until the server is seen to start, and gives up after a few attempts.
func (h *hub) suspect(why *cause) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.checking {
		return
	}
	h.checking, h.trouble = true, why.text
	go func() {
		for attempt := 1; ; attempt++ {
			m, problem := h.introduce()
			if problem == nil {
				m.child.stop()
				h.mu.Lock()
				h.checking, h.trouble = false, ""
				h.mu.Unlock()
				return
			}
			if attempt == startAttempts {
				h.lose(problem)
				return
			}
			time.Sleep(time.Second << attempt)
		}
	}()
}

// evict ends the session that has been idle for longest, if for long enough; the lock is held.
func (h *hub) evict() bool {
	var oldest *session
	longest, now := evictAfter, time.Now()
	for _, s := range h.sessions {
		if idle := s.idle(now); idle > longest {
			oldest, longest = s, idle
		}
	}
	if oldest == nil {
		return false
	}
	delete(h.sessions, oldest.id)
	oldest.end("The session was idle and made room for another.")
	oldest.up.close(oldest)
	return true
}

func (h *hub) sweep() {
	for now := range time.Tick(sweepEvery) {
		for _, s := range h.all() {
			if s.idle(now) > h.idle {
				h.end(s, "The session was idle for too long.")
			}
		}
		h.mu.Lock()
		if h.public != nil && h.visitors == 0 && now.Sub(h.visited) > min(h.idle, publicIdle) {
			go h.public.child.stop()
			h.public = nil
		}
		h.mu.Unlock()
	}
}

// end closes a session and what it has to itself; it reports whether the session was open.
func (h *hub) end(s *session, why string) bool {
	h.mu.Lock()
	delete(h.sessions, s.id)
	h.mu.Unlock()
	if !s.end(why) {
		return false
	}
	s.up.close(s)
	go h.refill() // there may have been no room before
	return true
}

func (h *hub) find(id string) *session {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[id]
}

func (h *hub) all() []*session {
	h.mu.Lock()
	defer h.mu.Unlock()
	found := make([]*session, 0, len(h.sessions))
	for _, s := range h.sessions {
		found = append(found, s)
	}
	return found
}

// health says whether a client would find a server.
func (h *hub) health() (trouble string, state map[string]any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	state = map[string]any{
		"mode": h.mode, "sessions": len(h.sessions), "ended_by_server": h.deaths,
		"spare": h.spare != nil, "public": h.public != nil,
	}
	return h.trouble, state
}

// stop ends all servers and waits for them.
func (h *hub) stop() {
	var waiting sync.WaitGroup
	h.mu.Lock()
	shared := []*mux{h.mux, h.public}
	h.trouble = "the bridge is stopping"
	if h.spare != nil {
		waiting.Go(h.spare.child.stop)
		h.spare = nil
	}
	h.mu.Unlock()
	for _, s := range h.all() {
		if o, ok := s.up.(*own); ok {
			o.child.closing.Store(true)
			waiting.Go(o.child.stop)
		}
		h.end(s, "The server is being stopped.")
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

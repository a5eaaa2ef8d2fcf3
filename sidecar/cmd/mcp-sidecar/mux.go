// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/jsontext"
)

const (
	pingEvery   = 15 * time.Second
	pingTimeout = 10 * time.Second
	pingsMissed = 3 // in a row, with no call in flight: the server hangs
)

// The protocol versions with an initialize handshake, oldest first.
var revisions = []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}

// A mux lets many sessions share one server: it initializes the server once and gives each request a unique id.
//
// It declares no client capabilities, since a request from the server could not be routed to one client.
type mux struct {
	child    *child
	sessions func() []*session

	mu               sync.Mutex
	next             int64
	calls            map[jsonrpc.ID]shared
	initializeResult json.RawMessage
}

// A shared call records the session that made it.
type shared struct {
	session *session
	id      jsonrpc.ID
	token   string
	answer  chan *jsonrpc.Response // for calls of the sidecar itself
}

func newMux(sessions func() []*session) *mux {
	return &mux{sessions: sessions, calls: map[jsonrpc.ID]shared{}}
}

func (m *mux) send(s *session, message jsonrpc.Message) error {
	request, ok := message.(*jsonrpc.Request)
	if !ok {
		return nil // a response to a request that was never made
	}
	select {
	case <-m.child.exited:
		return m.child.exitCause("")
	default:
	}
	switch {
	case request.Method == "initialize" && request.IsCall():
		s.fromServer(&jsonrpc.Response{ID: request.ID, Result: m.answerInitialize(request.Params)})
		return nil
	case request.IsCall():
		return m.child.send(m.register(s, request))
	case request.Method == "notifications/cancelled":
		return m.cancel(s, request)
	default:
		return nil // the sidecar initialized the server itself, and offers no roots
	}
}

// register gives a request an id and a progress token that no other session uses.
func (m *mux) register(s *session, request *jsonrpc.Request) *jsonrpc.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.newID()
	token := progressToken(request.Params)
	m.calls[id] = shared{session: s, id: request.ID, token: token}
	params := request.Params
	if token != "" {
		params = jsontext.WithRawField(params, "_meta", jsontext.WithField(jsontext.RawField(params, "_meta"), "progressToken", id.Raw()))
	}
	return &jsonrpc.Request{ID: id, Method: request.Method, Params: params}
}

func (m *mux) newID() jsonrpc.ID {
	m.next++
	id, _ := jsonrpc.MakeID(float64(m.next))
	return id
}

// cancel forwards a cancellation with the id that the server knows.
func (m *mux) cancel(s *session, request *jsonrpc.Request) error {
	wanted, err := jsonrpc.MakeID(scalar(request.Params, "requestId"))
	if err != nil {
		return nil
	}
	m.mu.Lock()
	var found *jsonrpc.ID
	for id, entry := range m.calls {
		if entry.session == s && entry.id == wanted {
			found = &id
			delete(m.calls, id)
			break
		}
	}
	m.mu.Unlock()
	if found == nil {
		return nil
	}
	return m.child.send(&jsonrpc.Request{
		Method: request.Method, Params: jsontext.WithField(request.Params, "requestId", found.Raw()),
	})
}

// close cancels the calls of a session that ends.
func (m *mux) close(s *session) {
	m.mu.Lock()
	var left []jsonrpc.ID
	for id, entry := range m.calls {
		if entry.session == s {
			left = append(left, id)
			delete(m.calls, id)
		}
	}
	m.mu.Unlock()
	for _, id := range left {
		params, _ := json.Marshal(map[string]any{"requestId": id.Raw(), "reason": "the client disconnected"})
		_ = m.child.send(&jsonrpc.Request{Method: "notifications/cancelled", Params: params})
	}
}

// answerInitialize answers from the stored initialize result, with an older protocol version where the client asks for one.
func (m *mux) answerInitialize(params json.RawMessage) json.RawMessage {
	var wanted struct{ ProtocolVersion string }
	_ = json.Unmarshal(params, &wanted)
	var agreed struct{ ProtocolVersion string }
	_ = json.Unmarshal(m.initializeResult, &agreed)
	if slices.Contains(revisions, wanted.ProtocolVersion) && wanted.ProtocolVersion < agreed.ProtocolVersion {
		return jsontext.WithField(m.initializeResult, "protocolVersion", wanted.ProtocolVersion)
	}
	return m.initializeResult
}

func (m *mux) fromServer(message jsonrpc.Message) {
	switch message := message.(type) {
	case *jsonrpc.Response:
		m.mu.Lock()
		entry, known := m.calls[message.ID]
		delete(m.calls, message.ID)
		m.mu.Unlock()
		switch {
		case known && entry.answer != nil:
			entry.answer <- message
		case known:
			entry.session.fromServer(&jsonrpc.Response{ID: entry.id, Result: message.Result, Error: message.Error})
		}
	case *jsonrpc.Request:
		if message.IsCall() {
			m.answer(message)
			return
		}
		m.forwardNotification(message)
	}
}

// forwardNotification sends progress to the session of the call, and every other notification to all sessions.
func (m *mux) forwardNotification(message *jsonrpc.Request) {
	if message.Method == "notifications/progress" {
		m.mu.Lock()
		entry, known := m.calls[tokenID(message.Params)]
		m.mu.Unlock()
		if known && entry.session != nil {
			params := jsontext.WithField(message.Params, "progressToken", json.RawMessage(entry.token))
			entry.session.fromServer(&jsonrpc.Request{Method: message.Method, Params: params})
		}
		return
	}
	for _, s := range m.sessions() {
		s.fromServer(message)
	}
}

// answer responds to requests of the server.
func (m *mux) answer(request *jsonrpc.Request) {
	reply := &jsonrpc.Response{ID: request.ID, Result: json.RawMessage("{}")}
	if request.Method != "ping" {
		text := "Clients share this server, so it cannot send requests to them."
		reply = &jsonrpc.Response{ID: request.ID, Error: &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: text}}
	}
	// In a goroutine of its own: the server may not read before its output is read.
	go func() { _ = m.child.send(reply) }()
}

// call sends a request of the sidecar itself.
func (m *mux) call(ctx context.Context, method string, params any) (*jsonrpc.Response, error) {
	data, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	answer := make(chan *jsonrpc.Response, 1)
	m.mu.Lock()
	id := m.newID()
	m.calls[id] = shared{answer: answer}
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		delete(m.calls, id)
		m.mu.Unlock()
	}()
	if err := m.child.send(&jsonrpc.Request{ID: id, Method: method, Params: data}); err != nil {
		return nil, err
	}
	select {
	case reply := <-answer:
		return reply, nil
	case <-m.child.exited:
		return nil, m.child.exitCause("")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// watch pings the server while it is idle, and kills it when it stops answering.
func (m *mux) watch() {
	missed := 0
	for {
		select {
		case <-m.child.exited:
			return
		case <-time.After(pingEvery):
		}
		if m.busy() {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), pingTimeout)
		// An error response is a response.
		if _, err := m.call(ctx, "ping", struct{}{}); err != nil {
			missed++
		} else {
			missed = 0
		}
		cancel()
		if missed >= pingsMissed {
			m.child.kill("did not answer a ping three times in a row")
		}
	}
}

// busy reports whether calls of clients are in flight.
func (m *mux) busy() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, entry := range m.calls {
		if entry.session != nil {
			return true
		}
	}
	return false
}

func tokenID(params json.RawMessage) jsonrpc.ID {
	id, _ := jsonrpc.MakeID(scalar(params, "progressToken"))
	return id
}

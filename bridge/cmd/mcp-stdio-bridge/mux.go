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
)

const (
	pingEvery   = 15 * time.Second
	pingTimeout = 10 * time.Second
	pingsMissed = 3 // in a row, with no call under way: then the server hangs
)

// The revisions that have initialize, oldest first.
var revisions = []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}

// A mux lets many sessions share one server: it introduces itself once, and gives every request an id of its own.
//
// It tells the server that its client can do nothing, for a question of the server would have no addressee.
type mux struct {
	child    *child
	sessions func() []*session

	mu       sync.Mutex
	next     int64
	calls    map[jsonrpc.ID]shared
	greeting json.RawMessage
}

// A shared call remembers whose it is.
type shared struct {
	session *session
	id      jsonrpc.ID
	token   string
	answer  chan *jsonrpc.Response // for calls of the bridge itself
}

func newMux(sessions func() []*session) *mux {
	return &mux{sessions: sessions, calls: map[jsonrpc.ID]shared{}}
}

func (m *mux) send(s *session, message jsonrpc.Message) error {
	request, ok := message.(*jsonrpc.Request)
	if !ok {
		return nil // the answer to a question that was never asked
	}
	select {
	case <-m.child.gone:
		return m.child.why("")
	default:
	}
	switch {
	case request.Method == "initialize" && request.IsCall():
		s.fromServer(&jsonrpc.Response{ID: request.ID, Result: m.greet(request.Params)})
		return nil
	case request.IsCall():
		return m.child.send(m.take(s, request))
	case request.Method == "notifications/cancelled":
		return m.cancel(s, request)
	default:
		return nil // the bridge has introduced itself, and has no roots
	}
}

// take gives a request an id, and its progress a token, that no other session uses.
func (m *mux) take(s *session, request *jsonrpc.Request) *jsonrpc.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := m.newID()
	token := progressToken(request.Params)
	m.calls[id] = shared{session: s, id: request.ID, token: token}
	params := request.Params
	if token != "" {
		params = withField(params, "_meta", withField(json.RawMessage(field(params, "_meta")), "progressToken", id.Raw()))
	}
	return &jsonrpc.Request{ID: id, Method: request.Method, Params: params}
}

func (m *mux) newID() jsonrpc.ID {
	m.next++
	id, _ := jsonrpc.MakeID(float64(m.next))
	return id
}

// cancel names the request as the server knows it.
func (m *mux) cancel(s *session, request *jsonrpc.Request) error {
	var params struct{ RequestID any }
	_ = json.Unmarshal(request.Params, &params)
	wanted, err := jsonrpc.MakeID(params.RequestID)
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
		Method: request.Method, Params: withField(request.Params, "requestId", found.Raw()),
	})
}

// close cancels what a session that ends has under way.
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
		params, _ := json.Marshal(map[string]any{"requestId": id.Raw(), "reason": "the client has left"})
		_ = m.child.send(&jsonrpc.Request{Method: "notifications/cancelled", Params: params})
	}
}

// greet answers initialize from what the server said once; an older revision is granted where the client wants one.
func (m *mux) greet(params json.RawMessage) json.RawMessage {
	var wanted struct{ ProtocolVersion string }
	_ = json.Unmarshal(params, &wanted)
	var agreed struct{ ProtocolVersion string }
	_ = json.Unmarshal(m.greeting, &agreed)
	if slices.Contains(revisions, wanted.ProtocolVersion) && wanted.ProtocolVersion < agreed.ProtocolVersion {
		return withField(m.greeting, "protocolVersion", wanted.ProtocolVersion)
	}
	return m.greeting
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
		m.tell(message)
	}
}

// tell passes a notification on: progress to whom it belongs, all else to everybody.
func (m *mux) tell(message *jsonrpc.Request) {
	if message.Method == "notifications/progress" {
		m.mu.Lock()
		entry, known := m.calls[tokenID(message.Params)]
		m.mu.Unlock()
		if known && entry.session != nil {
			params := withField(message.Params, "progressToken", json.RawMessage(entry.token))
			entry.session.fromServer(&jsonrpc.Request{Method: message.Method, Params: params})
		}
		return
	}
	for _, s := range m.sessions() {
		s.fromServer(message)
	}
}

// answer replies to the server's own requests.
func (m *mux) answer(request *jsonrpc.Request) {
	reply := &jsonrpc.Response{ID: request.ID, Result: json.RawMessage("{}")}
	if request.Method != "ping" {
		text := "Clients share this server, so it cannot ask one of them."
		reply = &jsonrpc.Response{ID: request.ID, Error: &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: text}}
	}
	// Not here: the server may wait for us to read before it reads.
	go func() { _ = m.child.send(reply) }()
}

// ask sends a request of the bridge itself.
func (m *mux) ask(ctx context.Context, method string, params any) (*jsonrpc.Response, error) {
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
	case <-m.child.gone:
		return nil, m.child.why("")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// watch pings the server while it has nothing to do, and kills it when it does not answer any more.
func (m *mux) watch() {
	missed := 0
	for {
		select {
		case <-m.child.gone:
			return
		case <-time.After(pingEvery):
		}
		m.mu.Lock()
		busy := len(m.calls) > 0
		m.mu.Unlock()
		if busy {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), pingTimeout)
		// An error is an answer too.
		if _, err := m.ask(ctx, "ping", struct{}{}); err != nil {
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

func tokenID(params json.RawMessage) jsonrpc.ID {
	var progress struct{ ProgressToken any }
	_ = json.Unmarshal(params, &progress)
	id, _ := jsonrpc.MakeID(progress.ProgressToken)
	return id
}

// withField returns an object in which one field has another value.
func withField(object json.RawMessage, name string, value any) json.RawMessage {
	fields := map[string]json.RawMessage{}
	_ = json.Unmarshal(object, &fields)
	data, err := json.Marshal(value)
	if err != nil {
		return object
	}
	fields[name] = data
	changed, err := json.Marshal(fields)
	if err != nil {
		return object
	}
	return changed
}

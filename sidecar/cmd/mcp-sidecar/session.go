// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/jsontext"
)

const (
	queueLength  = 256  // messages queued for a slow client
	maxBatch     = 16   // messages in one POST; the queue keeps room for their responses
	backlogLimit = 64   // messages queued until the client opens a stream
	maxCalls     = 1024 // requests in flight, also of clients that have disconnected
)

// Error codes in the range that JSON-RPC reserves for implementations.
const (
	codeEnded   = -32000
	codeTimeout = -32001
)

// An upstream sends a session's messages to a server.
type upstream interface {
	send(s *session, message jsonrpc.Message) error
	close(s *session)
}

// A stream is the message queue of one HTTP response.
type stream struct{ queue chan jsonrpc.Message }

func newStream() *stream { return &stream{make(chan jsonrpc.Message, queueLength)} }

// offer queues a message. It drops messages other than responses when the client does not keep up.
func (s *stream) offer(message jsonrpc.Message) bool {
	if _, answer := message.(*jsonrpc.Response); !answer && len(s.queue) >= queueLength-maxBatch {
		return false
	}
	select {
	case s.queue <- message:
		return true
	default:
		return false
	}
}

// A pendingCall is a request of the client without a response yet.
type pendingCall struct {
	stream *stream
	method string
	token  string // progress token, as JSON
	number uint64
	timer  *time.Timer
}

// A session is the state of one client.
type session struct {
	id      string
	up      upstream
	timeout time.Duration
	ended   chan struct{}
	// Closed when the server has answered initialize, even with an error.
	answered chan struct{}

	mu             sync.Mutex
	calls          map[jsonrpc.ID]*pendingCall
	count          uint64
	push           *stream // for messages that belong to no call
	backlog        []jsonrpc.Message
	used           time.Time
	activeRequests int // HTTP requests in flight
	closed         bool
}

func newSession(id string, timeout time.Duration) *session {
	return &session{
		id: id, timeout: timeout, ended: make(chan struct{}), answered: make(chan struct{}),
		calls: map[jsonrpc.ID]*pendingCall{}, used: time.Now(),
	}
}

// fromClient sends the client's messages to the server. Responses go to the stream.
func (s *session) fromClient(messages []jsonrpc.Message, to *stream) {
	for _, message := range messages {
		request, isRequest := message.(*jsonrpc.Request)
		if isRequest && request.IsCall() && !s.begin(request, to) {
			continue
		}
		if err := s.up.send(s, message); err != nil && isRequest && request.IsCall() {
			s.fail(request.ID, codeEnded, err.Error())
		}
	}
}

// begin registers a request, and refuses an id that is in use.
func (s *session) begin(request *jsonrpc.Request, to *stream) bool {
	id := request.ID
	s.mu.Lock()
	defer s.mu.Unlock()
	_, twice := s.calls[id]
	text := ""
	switch {
	case s.closed:
		text = "The session has ended."
	case twice:
		text = "A request with this id is in flight."
	case len(s.calls) >= maxCalls:
		text = fmt.Sprintf("%d requests are in flight.", maxCalls)
	}
	if text != "" {
		to.offer(&jsonrpc.Response{ID: id, Error: &jsonrpc.Error{Code: jsonrpc.CodeInvalidRequest, Message: text}})
		return false
	}
	s.count++
	entry := &pendingCall{stream: to, method: request.Method, token: progressToken(request.Params), number: s.count}
	if s.timeout > 0 {
		entry.timer = time.AfterFunc(s.timeout, func() { s.expire(id) })
	}
	s.calls[id] = entry
	return true
}

// expire answers a request with a timeout error and cancels it at the server.
func (s *session) expire(id jsonrpc.ID) {
	s.fail(id, codeTimeout, fmt.Sprintf("The server did not answer within %s.", seconds(s.timeout)))
	params, _ := json.Marshal(map[string]any{"requestId": id.Raw(), "reason": "timeout"})
	_ = s.up.send(s, &jsonrpc.Request{Method: "notifications/cancelled", Params: params})
}

// fail answers a request with an error of the sidecar.
func (s *session) fail(id jsonrpc.ID, code int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(&jsonrpc.Response{ID: id, Error: &jsonrpc.Error{Code: code, Message: text}})
}

// fromServer routes a message of the server to the stream on which the client expects it.
func (s *session) fromServer(message jsonrpc.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch message := message.(type) {
	case *jsonrpc.Response:
		if s.settle(message) == "initialize" && !s.isAnswered() {
			close(s.answered)
		}
	case *jsonrpc.Request:
		s.route(message)
	}
}

// settle answers a request and returns its method, or "" for a response that is unknown or late. The caller holds the lock.
func (s *session) settle(response *jsonrpc.Response) string {
	entry := s.calls[response.ID]
	if entry == nil {
		return ""
	}
	delete(s.calls, response.ID)
	if entry.timer != nil {
		entry.timer.Stop()
	}
	entry.stream.offer(response)
	return entry.method
}

func (s *session) isAnswered() bool {
	select {
	case <-s.answered:
		return true
	default:
		return false
	}
}

// route sends a notification or a request of the server: progress to its call, messages that are likely
// to belong to a call to the newest one.
func (s *session) route(message *jsonrpc.Request) {
	var newest *pendingCall
	token := ""
	if message.Method == "notifications/progress" {
		token = jsontext.Field(message.Params, "progressToken")
	}
	for _, entry := range s.calls {
		if token != "" && entry.token == token {
			entry.stream.offer(message)
			return
		}
		if newest == nil || entry.number > newest.number {
			newest = entry
		}
	}
	related := message.IsCall() || message.Method == "notifications/message"
	switch {
	case related && newest != nil && newest.stream.offer(message):
	case s.push != nil && s.push.offer(message):
	case newest != nil && newest.stream.offer(message):
	default:
		s.backlog = append(s.backlog, message)
		if len(s.backlog) > backlogLimit {
			s.backlog = s.backlog[1:]
		}
	}
}

// listen sets the stream for messages that belong to no call. A session has at most one.
func (s *session) listen(to *stream) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.push != nil || s.closed {
		return false
	}
	s.push = to
	for _, message := range s.backlog {
		to.offer(message)
	}
	s.backlog = nil
	return true
}

func (s *session) unlisten() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push = nil
}

// trackRequest counts the HTTP requests in flight: a session with one is not idle.
func (s *session) trackRequest(change int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.activeRequests += change
	s.used = time.Now()
}

// idle returns the time since the last activity, zero while a request is in flight.
func (s *session) idle(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.activeRequests > 0 || len(s.calls) > 0 {
		return 0
	}
	return now.Sub(s.used)
}

// hasServer reports whether the session has started.
func (s *session) hasServer() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.up != nil
}

// end closes the session and answers its open calls with an error. It reports whether the session was open.
func (s *session) end(why string) bool {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return false
	}
	s.closed = true
	for id, entry := range s.calls {
		if entry.timer != nil {
			entry.timer.Stop()
		}
		entry.stream.offer(&jsonrpc.Response{ID: id, Error: &jsonrpc.Error{Code: codeEnded, Message: why}})
	}
	s.calls = map[jsonrpc.ID]*pendingCall{}
	close(s.ended)
	s.mu.Unlock()
	return true
}

// progressToken returns the progress token of a request as JSON, or "".
func progressToken(params json.RawMessage) string {
	token := jsontext.Field(jsontext.RawField(params, "_meta"), "progressToken")
	if len(token) > maxID {
		return ""
	}
	return token
}

// scalar decodes a field that is a string or a number; nil for anything else.
func scalar(params json.RawMessage, name string) any {
	text := jsontext.RawField(params, name)
	if len(text) > maxID {
		return nil
	}
	var value any
	_ = json.Unmarshal(text, &value)
	return value
}

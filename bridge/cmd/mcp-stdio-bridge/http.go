// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const (
	sessionHeader = "Mcp-Session-Id"
	versionHeader = "Mcp-Protocol-Version"
	jsonAfter     = 5 * time.Second  // an answer that comes sooner needs no stream
	aliveEvery    = 20 * time.Second // so that nothing between takes a quiet stream for a dead one
)

// A door serves both transports of MCP over HTTP.
type door struct {
	hub        *hub
	maxMessage int64
}

func (d *door) handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("POST /mcp", d.post)
	routes.HandleFunc("GET /mcp", d.get)
	routes.HandleFunc("DELETE /mcp", d.delete)
	routes.HandleFunc("GET /sse", d.sse)
	routes.HandleFunc("POST /sse/messages", d.ssePost)
	routes.HandleFunc("GET /healthz", d.health)
	// A page of a browser somewhere must not speak with servers that are reached from that browser.
	return http.NewCrossOriginProtection().Handler(routes)
}

func (d *door) health(w http.ResponseWriter, _ *http.Request) {
	trouble, state := d.hub.health()
	if trouble != "" {
		state["trouble"] = trouble
		reply(w, http.StatusServiceUnavailable, state)
		return
	}
	reply(w, http.StatusOK, state)
}

func (d *door) post(w http.ResponseWriter, r *http.Request) {
	messages, ok := d.read(w, r)
	if !ok {
		return
	}
	if len(messages) == 1 && isModern(r, messages[0]) {
		d.modern(w, r, messages[0].(*jsonrpc.Request))
		return
	}
	if !d.versionKnown(w, r, messages[0]) {
		return
	}
	s, fresh := d.hub.find(r.Header.Get(sessionHeader)), false
	if id := r.Header.Get(sessionHeader); id != "" && s == nil {
		refuse(w, http.StatusNotFound, messages[0], codeTimeout, "There is no such session; begin another with initialize.")
		return
	}
	if s == nil {
		if s, ok = d.welcome(w, messages); !ok {
			return
		}
		w.Header().Set(sessionHeader, s.id)
		fresh = true
	}
	s.attach(1)
	defer s.attach(-1)
	calls := 0
	for _, message := range messages {
		if request, isRequest := message.(*jsonrpc.Request); isRequest && request.IsCall() {
			calls++
		}
	}
	if calls > maxBatch {
		refuse(w, http.StatusBadRequest, messages[0], jsonrpc.CodeInvalidRequest, fmt.Sprintf("More than %d requests.", maxBatch))
		return
	}
	to := newStream()
	s.fromClient(messages, to)
	if calls == 0 {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	d.answer(w, r, to, calls, func(response *jsonrpc.Response) (*jsonrpc.Response, int) {
		if !fresh || asError(response) == nil {
			return response, http.StatusOK
		}
		// There never was a session.
		w.Header().Del(sessionHeader)
		if died(response) {
			return response, http.StatusBadGateway
		}
		go d.hub.end(s, "The server has refused initialize.")
		return response, http.StatusOK
	})
}

// welcome makes a session for a client that introduces itself.
func (d *door) welcome(w http.ResponseWriter, messages []jsonrpc.Message) (*session, bool) {
	first, isRequest := messages[0].(*jsonrpc.Request)
	if !isRequest || first.Method != "initialize" || !first.IsCall() {
		text := "Begin with initialize, and send the header Mcp-Session-Id from its answer with every other request."
		refuse(w, http.StatusBadRequest, messages[0], jsonrpc.CodeInvalidRequest, text)
		return nil, false
	}
	s, err := d.hub.open()
	if err == nil {
		return s, true
	}
	if errors.Is(err, errFull) {
		w.Header().Set("Retry-After", "10")
	}
	refuse(w, http.StatusServiceUnavailable, first, codeEnded, sentence(err))
	return nil, false
}

// A finish has the last word on an answer, and on the HTTP status where that is still open.
type finish func(*jsonrpc.Response) (*jsonrpc.Response, int)

// answer sends what comes for a POST: one answer that comes soon as JSON, all else as a stream.
func (d *door) answer(w http.ResponseWriter, r *http.Request, from *stream, calls int, last finish) {
	soon := time.NewTimer(jsonAfter)
	defer soon.Stop()
	var first jsonrpc.Message
	select {
	case first = <-from.queue:
	case <-soon.C:
	case <-r.Context().Done():
		return
	}
	if response, isAnswer := first.(*jsonrpc.Response); isAnswer && calls == 1 {
		response, status := last(response)
		data, _ := jsonrpc.EncodeMessage(response)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(data)
		return
	}
	writer := newEvents(w)
	for {
		if first != nil {
			response, isAnswer := first.(*jsonrpc.Response)
			if isAnswer {
				first, _ = last(response)
				calls--
			}
			if writer.message(first) != nil || calls == 0 {
				return
			}
		}
		if first = writer.next(r, from, nil); first == nil {
			return
		}
	}
}

func (d *door) get(w http.ResponseWriter, r *http.Request) {
	s := d.hub.find(r.Header.Get(sessionHeader))
	if s == nil {
		status := http.StatusNotFound
		if r.Header.Get(sessionHeader) == "" {
			status = http.StatusBadRequest
		}
		http.Error(w, "There is no such session.", status)
		return
	}
	if !accepts(r, "text/event-stream") {
		http.Error(w, "Accept must hold text/event-stream.", http.StatusNotAcceptable)
		return
	}
	d.follow(w, r, s, func(*events) error { return nil })
}

// follow is a stream for as long as its session and its client are there.
func (d *door) follow(w http.ResponseWriter, r *http.Request, s *session, begin func(*events) error) {
	from := newStream()
	if !s.listen(from) {
		http.Error(w, "The session has such a stream already.", http.StatusConflict)
		return
	}
	defer s.unlisten()
	s.attach(1)
	defer s.attach(-1)
	writer := newEvents(w)
	if begin(writer) != nil {
		return
	}
	for {
		message := writer.next(r, from, s.ended)
		if message == nil || writer.message(message) != nil {
			return
		}
	}
}

func (d *door) delete(w http.ResponseWriter, r *http.Request) {
	s := d.hub.find(r.Header.Get(sessionHeader))
	if s == nil {
		http.Error(w, "There is no such session.", http.StatusNotFound)
		return
	}
	d.hub.end(s, "The client has ended the session.")
	w.WriteHeader(http.StatusNoContent)
}

// sse is the older transport: the stream is the session.
func (d *door) sse(w http.ResponseWriter, r *http.Request) {
	s, err := d.hub.open()
	if err != nil {
		http.Error(w, sentence(err), http.StatusServiceUnavailable)
		return
	}
	defer d.hub.end(s, "The client has left.")
	d.follow(w, r, s, func(writer *events) error { return writer.event("endpoint", "/sse/messages?session="+s.id) })
}

func (d *door) ssePost(w http.ResponseWriter, r *http.Request) {
	messages, ok := d.read(w, r)
	if !ok {
		return
	}
	s := d.hub.find(r.URL.Query().Get("session"))
	if s == nil {
		http.Error(w, "There is no such session.", http.StatusNotFound)
		return
	}
	s.mu.Lock()
	to := s.push
	s.mu.Unlock()
	if to == nil {
		http.Error(w, "The session has no stream.", http.StatusConflict)
		return
	}
	s.fromClient(messages, to)
	w.WriteHeader(http.StatusAccepted)
}

// read returns the messages of a POST, at least one.
func (d *door) read(w http.ResponseWriter, r *http.Request) ([]jsonrpc.Message, bool) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "Content-Type must be application/json.", http.StatusUnsupportedMediaType)
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, d.maxMessage))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			http.Error(w, fmt.Sprintf("The message is larger than %d bytes.", d.maxMessage), http.StatusRequestEntityTooLarge)
		}
		return nil, false
	}
	parts := []json.RawMessage{body}
	if trimmed := strings.TrimSpace(string(body[:min(len(body), 64)])); strings.HasPrefix(trimmed, "[") {
		parts = nil
		err = json.Unmarshal(body, &parts)
	}
	var messages []jsonrpc.Message
	for _, part := range parts {
		var message jsonrpc.Message
		if message, err = jsonrpc.DecodeMessage(part); err != nil {
			break
		}
		messages = append(messages, message)
	}
	if err != nil || len(messages) == 0 {
		refuse(w, http.StatusBadRequest, nil, jsonrpc.CodeParseError, "The body is no JSON-RPC message.")
		return nil, false
	}
	return messages, true
}

// versionKnown refuses revisions in which the bridge does not speak.
func (d *door) versionKnown(w http.ResponseWriter, r *http.Request, first jsonrpc.Message) bool {
	wanted := r.Header.Get(versionHeader)
	if wanted == "" || slices.Contains(revisions, wanted) {
		return true
	}
	data, _ := json.Marshal(map[string]any{"supported": supported(), "requested": wanted})
	problem := &jsonrpc.Error{Code: codeUnsupported, Message: "The protocol version is not supported.", Data: data}
	answer(w, http.StatusBadRequest, first, problem)
	return false
}

// asError returns the error that a response is, nil where it is none.
func asError(response *jsonrpc.Response) *jsonrpc.Error {
	var problem *jsonrpc.Error
	if !errors.As(response.Error, &problem) {
		return nil
	}
	return problem
}

func died(response *jsonrpc.Response) bool {
	problem := asError(response)
	return problem != nil && (problem.Code == codeEnded || problem.Code == codeTimeout)
}

func accepts(r *http.Request, kind string) bool {
	header := strings.Join(r.Header.Values("Accept"), ",")
	return header == "" || strings.Contains(header, kind) || strings.Contains(header, "*/*") || strings.Contains(header, "text/*")
}

func refuse(w http.ResponseWriter, status int, to jsonrpc.Message, code int64, text string) {
	answer(w, status, to, &jsonrpc.Error{Code: code, Message: text})
}

func answer(w http.ResponseWriter, status int, to jsonrpc.Message, problem *jsonrpc.Error) {
	var id any
	if request, ok := to.(*jsonrpc.Request); ok {
		id = request.ID.Raw()
	}
	reply(w, status, map[string]any{"jsonrpc": "2.0", "id": id, "error": problem})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

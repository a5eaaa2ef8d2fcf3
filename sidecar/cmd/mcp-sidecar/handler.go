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
	jsonAfter     = 5 * time.Second  // a response that arrives sooner is sent as JSON, not as a stream
	aliveEvery    = 20 * time.Second // so that proxies do not close a quiet stream
)

// A handler serves both HTTP transports of MCP.
type handler struct {
	sessionManager *sessionManager
	maxMessage     int64
}

func (h *handler) handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("POST /mcp", h.post)
	routes.HandleFunc("GET /mcp", h.get)
	routes.HandleFunc("DELETE /mcp", h.delete)
	routes.HandleFunc("GET /sse", h.sse)
	routes.HandleFunc("POST /sse/messages", h.ssePost)
	routes.HandleFunc("GET /healthz", h.health)
	// A web page must not reach servers through the browser that shows it.
	return http.NewCrossOriginProtection().Handler(routes)
}

func (h *handler) health(w http.ResponseWriter, _ *http.Request) {
	unavailable, state := h.sessionManager.health()
	if unavailable != "" {
		state["trouble"] = unavailable
		reply(w, http.StatusServiceUnavailable, state)
		return
	}
	reply(w, http.StatusOK, state)
}

func (h *handler) post(w http.ResponseWriter, r *http.Request) {
	messages, ok := h.read(w, r)
	if !ok {
		return
	}
	if len(messages) == 1 && isStateless(r, messages[0]) {
		h.handleStateless(w, r, messages[0].(*jsonrpc.Request))
		return
	}
	if !h.versionKnown(w, r, messages[0]) {
		return
	}
	s, fresh := h.sessionManager.find(r.Header.Get(sessionHeader)), false
	if id := r.Header.Get(sessionHeader); id != "" && s == nil {
		refuse(w, http.StatusNotFound, messages[0], codeTimeout, "The session does not exist. Start a new one with initialize.")
		return
	}
	if s == nil {
		if s, ok = h.openSession(w, messages); !ok {
			return
		}
		w.Header().Set(sessionHeader, s.id)
		fresh = true
	}
	s.trackRequest(1)
	defer s.trackRequest(-1)
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
	h.answer(w, r, to, calls, func(response *jsonrpc.Response) (*jsonrpc.Response, int) {
		if !fresh || asError(response) == nil {
			return response, http.StatusOK
		}
		// The session never existed.
		w.Header().Del(sessionHeader)
		if isServerGone(response) {
			return response, http.StatusBadGateway
		}
		go h.sessionManager.end(s, "The server refused initialize.")
		return response, http.StatusOK
	})
}

// openSession creates a session for an initialize request.
func (h *handler) openSession(w http.ResponseWriter, messages []jsonrpc.Message) (*session, bool) {
	first, isRequest := messages[0].(*jsonrpc.Request)
	if !isRequest || first.Method != "initialize" || !first.IsCall() {
		text := "Send initialize first, and the Mcp-Session-Id header of its response with every other request."
		refuse(w, http.StatusBadRequest, messages[0], jsonrpc.CodeInvalidRequest, text)
		return nil, false
	}
	s, err := h.sessionManager.open()
	if err == nil {
		return s, true
	}
	if errors.Is(err, errFull) {
		w.Header().Set("Retry-After", "10")
	}
	refuse(w, http.StatusServiceUnavailable, first, codeEnded, sentence(err))
	return nil, false
}

// A finish may change a response, and the HTTP status while that is not sent.
type finish func(*jsonrpc.Response) (*jsonrpc.Response, int)

// answer sends the responses to a POST: a single early response as JSON, everything else as a stream.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, from *stream, calls int, last finish) {
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

func (h *handler) get(w http.ResponseWriter, r *http.Request) {
	s := h.sessionManager.find(r.Header.Get(sessionHeader))
	if s == nil {
		status := http.StatusNotFound
		if r.Header.Get(sessionHeader) == "" {
			status = http.StatusBadRequest
		}
		http.Error(w, "The session does not exist.", status)
		return
	}
	if !accepts(r, "text/event-stream") {
		http.Error(w, "Accept must include text/event-stream.", http.StatusNotAcceptable)
		return
	}
	h.follow(w, r, s, func(*events) error { return nil })
}

// follow streams messages until the session ends or the client disconnects.
func (h *handler) follow(w http.ResponseWriter, r *http.Request, s *session, begin func(*events) error) {
	from := newStream()
	if !s.listen(from) {
		http.Error(w, "The session has a stream already.", http.StatusConflict)
		return
	}
	defer s.unlisten()
	s.trackRequest(1)
	defer s.trackRequest(-1)
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

func (h *handler) delete(w http.ResponseWriter, r *http.Request) {
	s := h.sessionManager.find(r.Header.Get(sessionHeader))
	if s == nil {
		http.Error(w, "The session does not exist.", http.StatusNotFound)
		return
	}
	h.sessionManager.end(s, "The client ended the session.")
	w.WriteHeader(http.StatusNoContent)
}

// sse serves the HTTP+SSE transport of 2024-11-05: the stream is the session.
func (h *handler) sse(w http.ResponseWriter, r *http.Request) {
	s, err := h.sessionManager.open()
	if err != nil {
		http.Error(w, sentence(err), http.StatusServiceUnavailable)
		return
	}
	defer h.sessionManager.end(s, "The client disconnected.")
	h.follow(w, r, s, func(writer *events) error { return writer.event("endpoint", "/sse/messages?session="+s.id) })
}

func (h *handler) ssePost(w http.ResponseWriter, r *http.Request) {
	messages, ok := h.read(w, r)
	if !ok {
		return
	}
	s := h.sessionManager.find(r.URL.Query().Get("session"))
	if s == nil {
		http.Error(w, "The session does not exist.", http.StatusNotFound)
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

// read returns the messages of a POST request, at least one.
func (h *handler) read(w http.ResponseWriter, r *http.Request) ([]jsonrpc.Message, bool) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "Content-Type must be application/json.", http.StatusUnsupportedMediaType)
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.maxMessage))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			http.Error(w, fmt.Sprintf("The message is larger than %d bytes.", h.maxMessage), http.StatusRequestEntityTooLarge)
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
		refuse(w, http.StatusBadRequest, nil, jsonrpc.CodeParseError, "The body is not a JSON-RPC message.")
		return nil, false
	}
	return messages, true
}

// versionKnown refuses protocol versions that the sidecar does not support.
func (h *handler) versionKnown(w http.ResponseWriter, r *http.Request, first jsonrpc.Message) bool {
	wanted := r.Header.Get(versionHeader)
	if wanted == "" || slices.Contains(revisions, wanted) {
		return true
	}
	data, _ := json.Marshal(map[string]any{"supported": supported(), "requested": wanted})
	problem := &jsonrpc.Error{Code: codeUnsupported, Message: "The protocol version is not supported.", Data: data}
	answer(w, http.StatusBadRequest, first, problem)
	return false
}

// asError returns the error of a response, or nil.
func asError(response *jsonrpc.Response) *jsonrpc.Error {
	var problem *jsonrpc.Error
	if !errors.As(response.Error, &problem) {
		return nil
	}
	return problem
}

func isServerGone(response *jsonrpc.Response) bool {
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

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/hosts"
)

const (
	sessionHeader = "Mcp-Session-Id"
	versionHeader = "Mcp-Protocol-Version"
	sseMessages   = "/sse/messages"
)

// A handler serves both HTTP transports of MCP.
type handler struct {
	sessionManager *sessionManager
	names          *hosts.Names
	bodies         *bounds.Bodies
	maxMessage     int
	wrap           func(http.Handler) http.Handler // around the routes, nil without one
}

func (h *handler) handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("POST /mcp", h.post)
	routes.HandleFunc("GET /mcp", h.get)
	routes.HandleFunc("DELETE /mcp", h.delete)
	routes.HandleFunc("GET /sse", h.sse)
	routes.HandleFunc("POST "+sseMessages, h.ssePost)
	routes.HandleFunc("GET /healthz", h.health)
	var served http.Handler = routes
	if h.wrap != nil {
		served = h.wrap(served)
	}
	return bounds.WithDeadlines((&admission{names: h.names}).wrap(served))
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

// probe returns why health would not be 200.
func (h *handler) probe() error {
	if unavailable, _ := h.sessionManager.health(); unavailable != "" {
		return errors.New(unavailable)
	}
	return nil
}

func (h *handler) post(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(sessionHeader)
	s := h.sessionManager.find(id)
	messages, release, ok := h.read(w, r, h.limit(r))
	defer release()
	if !ok {
		return
	}
	if len(messages) == 1 && isStateless(r, messages[0]) {
		h.handleStateless(w, r, messages[0].(*jsonrpc.Request), release)
		return
	}
	if !h.versionKnown(w, r, messages[0]) {
		return
	}
	if id != "" && s == nil {
		refuse(w, http.StatusNotFound, messages[0], codeTimeout, noSession)
		return
	}
	fresh := s == nil
	if fresh {
		if s, ok = h.openSession(w, messages); !ok {
			return
		}
		w.Header().Set(sessionHeader, s.id)
	}
	s.trackRequest(1)
	defer s.trackRequest(-1)
	calls := 0
	for _, message := range messages {
		if request, isRequest := message.(*jsonrpc.Request); isRequest && request.IsCall() {
			calls++
		}
	}
	to := newStream()
	s.fromClient(messages, to)
	release()
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

// limit returns how large the body of a request may be. Clients that have no session yet have little room.
func (h *handler) limit(r *http.Request) int {
	id := r.Header.Get(sessionHeader)
	if r.URL.Path == sseMessages {
		id = r.URL.Query().Get("session")
	}
	if h.sessionManager.find(id) != nil || (r.URL.Path != sseMessages && r.Header.Get(versionHeader) == statelessRevision) {
		return h.maxMessage
	}
	return bounds.SmallBody
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
	unavailable(w, err)
	refuse(w, http.StatusServiceUnavailable, first, codeEnded, sentence(err))
	return nil, false
}

const noSession = "The session does not exist. Start a new one with initialize."

// read returns the messages of a POST request, at least one. Call release, also after an error, when the server has them.
func (h *handler) read(w http.ResponseWriter, r *http.Request, limit int) (messages []jsonrpc.Message, release func(), ok bool) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "Content-Type must be application/json.", http.StatusUnsupportedMediaType)
		return nil, func() {}, false
	}
	content, release, err := h.content(w, r, limit)
	if err == nil {
		bounds.SetWorking(r, true)
		messages, err = decodeBatch(content.Data)
	}
	switch {
	case err == nil:
		return messages, release, true
	case errors.Is(err, bounds.ErrTooLarge):
		w.Header().Set("Connection", "close")
		h.refuseLarge(w, r, limit)
	case errors.Is(err, bounds.ErrBusy):
		w.Header().Set("Connection", "close")
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusServiceUnavailable, nil, codeEnded, sentence(err)+".")
	case errors.Is(err, errBatch):
		refuse(w, http.StatusBadRequest, nil, jsonrpc.CodeInvalidRequest, fmt.Sprintf("More than %d messages.", maxBatch))
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		http.Error(w, fmt.Sprintf("The body did not arrive within %s.", seconds(bounds.BodyTimeout)), http.StatusRequestTimeout)
	default:
		refuse(w, http.StatusBadRequest, nil, jsonrpc.CodeParseError, "The body is not a JSON-RPC message.")
	}
	return nil, release, false
}

// content returns the body of a request, which may have been read already.
func (h *handler) content(w http.ResponseWriter, r *http.Request, limit int) (*bounds.Body, func(), error) {
	if info := call.From(r.Context()); info != nil {
		if content, err := info.Body(); content != nil || err != nil {
			return content, info.Release, err
		}
	}
	content, err := h.bodies.Read(w, r, limit)
	return content, content.Release, err
}

func (h *handler) refuseLarge(w http.ResponseWriter, r *http.Request, limit int) {
	switch {
	case limit == h.maxMessage:
		http.Error(w, fmt.Sprintf("The message is larger than %d bytes.", limit), http.StatusRequestEntityTooLarge)
	case r.Header.Get(sessionHeader) != "":
		refuse(w, http.StatusNotFound, nil, codeTimeout, noSession)
	default:
		text := fmt.Sprintf("A message without a session must not be larger than %d bytes.", limit)
		http.Error(w, text, http.StatusRequestEntityTooLarge)
	}
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

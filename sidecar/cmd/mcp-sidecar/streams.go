// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"strings"

	"mcp.kubernetes/sidecar/internal/bounds"
)

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
	bounds.SetWorking(r, s.hasServer())
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

// sse serves the HTTP+SSE transport of 2024-11-05: the stream is the session. It starts with the first message, because
// web pages of other sites can make a browser open the stream, but cannot send messages.
func (h *handler) sse(w http.ResponseWriter, r *http.Request) {
	s, err := h.sessionManager.wait(func() { bounds.SetWorking(r, true) })
	if err != nil {
		http.Error(w, sentence(err), http.StatusServiceUnavailable)
		return
	}
	defer h.sessionManager.end(s, "The client disconnected.")
	h.follow(w, r, s, func(writer *events) error { return writer.event("endpoint", []byte(sseMessages+"?session="+s.id)) })
}

func (h *handler) ssePost(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("session")
	s := h.sessionManager.find(id)
	waiting := s == nil
	if waiting {
		s = h.sessionManager.findWaiting(id)
	}
	if s == nil {
		w.Header().Set("Connection", "close") // the body is not read
		http.Error(w, "The session does not exist.", http.StatusNotFound)
		return
	}
	messages, release, ok := h.read(w, r, h.limit(r))
	defer release()
	if !ok {
		return
	}
	s.mu.Lock()
	to := s.push
	s.mu.Unlock()
	if to == nil {
		http.Error(w, "The session has no stream.", http.StatusConflict)
		return
	}
	if waiting {
		if err := h.sessionManager.startWaiting(s); err != nil {
			unavailable(w, err)
			http.Error(w, sentence(err), http.StatusServiceUnavailable)
			return
		}
	}
	s.fromClient(messages, to)
	w.WriteHeader(http.StatusAccepted)
}

func accepts(r *http.Request, kind string) bool {
	header := strings.Join(r.Header.Values("Accept"), ",")
	return header == "" || strings.Contains(header, kind) || strings.Contains(header, "*/*") || strings.Contains(header, "text/*")
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const (
	jsonAfter  = 5 * time.Second  // a response that arrives sooner is sent as JSON, not as a stream
	aliveEvery = 20 * time.Second // so that proxies do not close a quiet stream
)

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
		parts, _ := encode(response)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(sendTimeout))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		for _, part := range parts {
			_, _ = w.Write(part)
		}
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

// unavailable sets the headers of a response with status 503.
func unavailable(w http.ResponseWriter, err error) {
	if errors.Is(err, errFull) {
		w.Header().Set("Retry-After", "10")
	}
}

func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

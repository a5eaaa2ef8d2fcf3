// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package call finds out what the HTTP requests of MCP clients call, and how each call ends, without changing or delaying them.
package call

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
)

// Info describes one HTTP request of a client. Fields with texts of the client are neither bounded nor trustworthy as labels.
type Info struct {
	Messages     []*Message // JSON-RPC messages of the body
	Session      string     // of Mcp-Session-Id, or of the address to which HTTP+SSE messages are sent
	KnownSession bool       // the server has issued this session
	Protocol     string     // MCP-Protocol-Version, or the version of _meta or of initialize; "" where it is unknown
	Started      time.Time
	Subject      string // of an authenticated client, set by authorization

	// Valid when the handler has returned.
	Status        int // of the HTTP response
	RequestBytes  int64
	ResponseBytes int64
	IsStream      bool // the response is a stream of server-sent events
	Canceled      bool // the client has disconnected

	mu      sync.Mutex
	ended   []func(*Message)
	body    *bounds.Body
	sent    *sentBody // the same for the server
	failure error
	release sync.Once
}

// An Observer sees all requests, those that are refused, too. Its functions may be nil.
type Observer struct {
	Began  func(*http.Request, *Info)    // before the body is read
	Ended  func(*Message)                // see Info.OnEnded
	Opened func(*http.Request, *Info)    // the response is a stream
	Event  func(info *Info, kind string) // a server-sent event has passed
	Closed func(*http.Request, *Info)    // the response has ended
}

// A Message is a request, a notification or a response of a client.
type Message struct {
	Method      string // "" for a response
	Name        string // of a tool or a prompt, or the URI of a resource
	ID          string // normalized JSON, "" for a notification
	Protocol    string // of the message, or of the result of initialize
	TraceParent string // of _meta (SEP-414)
	TraceState  string
	Tools       []string // of the result of tools/list, valid when the message has ended
	Outcome     Outcome  // valid when the message has ended
	Info        *Info
	rawID       json.RawMessage
	isCounted   bool   // in Calls.inFlight
	isCanceled  bool   // by a notification
	cancels     string // the ID of the message that a notification cancels
	waitsAt     string // the key in waiting, "" for a message that did not wait
	isOver      atomic.Bool
}

// An Outcome describes how a message ended.
type Outcome struct {
	Status     int   // of HTTP
	Code       int64 // of a JSON-RPC error, 0 without one
	ToolError  bool  // the result of a tool is an error
	Answered   bool  // a JSON-RPC response has passed
	Canceled   bool  // the client disconnected before
	Unanswered bool  // the HTTP response has ended without one, for example because the server has crashed
	Duration   time.Duration
}

// ErrorType returns the attribute error.type of OpenTelemetry, "" for success.
func (o Outcome) ErrorType() string {
	switch {
	case o.ToolError:
		return "tool_error"
	case o.Status >= 500, o.Status == 401, o.Status == 403, o.Status == 429:
		return strconv.Itoa(o.Status)
	case o.Code != 0:
		return strconv.FormatInt(o.Code, 10)
	case o.Status >= 400:
		return strconv.Itoa(o.Status)
	case o.Canceled:
		return "canceled"
	case o.Unanswered:
		return "no_response"
	default:
		return ""
	}
}

// Age returns how long ago the request began.
func (i *Info) Age() time.Duration { return time.Since(i.Started) }

// IsCall reports whether the message is a request, to which the server sends a response.
func (m *Message) IsCall() bool { return m.Method != "" && m.ID != "" }

// IsToolCall reports whether the message calls a tool.
func (m *Message) IsToolCall() bool { return m.Method == "tools/call" }

type infoKey struct{}

// From returns what is known of a request, or nil outside of the middleware.
func From(ctx context.Context) *Info {
	info, _ := ctx.Value(infoKey{}).(*Info)
	return info
}

func withInfo(ctx context.Context, info *Info) context.Context {
	return context.WithValue(ctx, infoKey{}, info)
}

// OnEnded registers a function that is called once for each message: when its response has passed, or when it cannot come
// any more. Register before the request is handled.
func (i *Info) OnEnded(f func(*Message)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ended = append(i.ended, f)
}

// Body returns the body that was read, or why it could not be read. The error is nil where a request has no body, and where
// the body is no JSON, so that it passes as it arrives.
func (i *Info) Body() (*bounds.Body, error) { return i.body, i.failure }

// Release gives back the memory of the body. It may be called again.
func (i *Info) Release() {
	i.release.Do(func() {
		if i.body != nil {
			i.body.Release()
		}
		if i.sent != nil {
			i.sent.release()
		}
	})
}

// end records the outcome of a message, once, and reports whether it did.
func (m *Message) end(o Outcome) bool {
	if m.isOver.Swap(true) {
		return false
	}
	o.Duration = time.Since(m.Info.Started)
	m.Outcome = o
	m.Info.mu.Lock()
	functions := m.Info.ended
	m.Info.mu.Unlock()
	for _, f := range functions {
		f(m)
	}
	return true
}

// Protocols are the revisions of MCP, oldest first.
var Protocols = []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/bounds"
)

const (
	sessionHeader = "Mcp-Session-Id"
	versionHeader = "Mcp-Protocol-Version"
)

// Calls observes the calls of all clients.
type Calls struct {
	Sessions *Sessions

	// Limit returns how large the body of a request may be. If it is set, the handler answers requests whose body could not
	// be read; see Info.Body.
	Limit func(*http.Request) int

	bodies     *bounds.Bodies
	maxMessage int
	waiting    *waiting
	observers  []Observer
	inFlight   atomic.Int64
	open       atomic.Int64
}

// New takes the memory for bodies, and the size of the largest one in bytes.
func New(bodies *bounds.Bodies, maxMessage int) *Calls {
	return &Calls{Sessions: newSessions(), bodies: bodies, maxMessage: maxMessage, waiting: newWaiting()}
}

// Observe adds an observer. Call it before requests are served.
func (c *Calls) Observe(o Observer) { c.observers = append(c.observers, o) }

// InFlight returns how many requests wait for their response.
func (c *Calls) InFlight() int64 {
	c.expire()
	return c.inFlight.Load()
}

// Open returns how many HTTP requests have not ended.
func (c *Calls) Open() int64 { return c.open.Load() }

func (c *Calls) expire() {
	for _, m := range c.waiting.expire() {
		c.end(m, Outcome{Status: http.StatusOK, Canceled: true})
	}
}

// wait lets a message wait for a response in another stream, if there is room.
func (c *Calls) wait(key string, m *Message) {
	if c.waiting.isFull() {
		c.expire()
	}
	c.waiting.add(key, m)
}

// Middleware puts an Info into the context of each request.
func (c *Calls) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.open.Add(1)
		defer c.open.Add(-1)
		info := &Info{Started: time.Now(), Session: r.Header.Get(sessionHeader), Protocol: r.Header.Get(versionHeader)}
		x := &exchange{calls: c, info: info, request: r}
		sessions, isLost := []string{info.Session}, false
		if r.ContentLength != 0 { // with any method and any further header, which servers of HTTP+SSE ignore
			if keys := c.waiting.openAt(r.URL); keys != nil {
				x.key, info.Session = keys[0], keys[0]
				sessions = append(keys, sessions...)
			} else {
				isLost = c.waiting.namesStream(r.URL)
			}
		}
		r = r.WithContext(withInfo(r.Context(), info))
		for _, o := range c.observers {
			if o.Began != nil {
				o.Began(r, info)
			}
			if o.Ended != nil {
				info.ended = append(info.ended, o.Ended)
			}
		}
		x.request = r
		passing := &response{ResponseWriter: w, exchange: x}
		defer x.finish()
		var isOfAnother bool
		info.KnownSession, isOfAnother = c.Sessions.use(sessions, info.Subject)
		if isOfAnother || (isLost && info.Subject != "") {
			// A session is no proof of who the client is. See "Session Hijacking" in the Security Best Practices of MCP.
			w.Header().Set("Connection", "close")
			info.Session = ""
			Refuse(passing, r, http.StatusNotFound, jsonrpc.CodeInvalidRequest, "The session does not exist. Start a new one with initialize.")
			return
		}
		if err := c.read(passing, r, info); err != nil {
			if info.failure = err; c.Limit == nil || !isReadError(err) {
				refuseBody(passing, r, err)
				return
			}
		}
		x.begin()
		next.ServeHTTP(passing, r)
		if info.Status == 0 && r.Context().Err() == nil {
			passing.WriteHeader(http.StatusOK) // as net/http does for a handler that writes nothing
		}
	})
}

// An exchange is a request and its response.
type exchange struct {
	calls   *Calls
	info    *Info
	request *http.Request
	key     string   // of messages whose responses pass in another stream; see waiting
	isSSE   bool     // the stream of HTTP+SSE
	session string   // that the response issues
	scanner *scanner // nil where the response is not read along
	events  *events  // of a stream
}

// begin prepares for the responses to the messages.
func (x *exchange) begin() {
	for _, m := range x.info.Messages {
		if m.Protocol == "" {
			m.Protocol = x.info.Protocol
		} else if x.info.Protocol == "" {
			x.info.Protocol = m.Protocol
		}
		if !m.IsCall() {
			continue
		}
		// The one request whose response is a stream for as long as the client wants.
		if m.isCounted = m.Method != "subscriptions/listen"; m.isCounted {
			x.calls.inFlight.Add(1)
		}
		if x.key != "" {
			// Before the server has the message: its response may pass before that to this request.
			x.calls.wait(x.key, m)
		}
	}
	if x.request.Method == http.MethodGet && x.info.Session != "" && x.key == "" {
		x.key = sessionKey(x.info.Session)
	}
}

// found ends the message to which a response has passed.
func (x *exchange) found(s scanned) {
	var own, only *Message
	calls := 0
	for _, m := range x.info.Messages {
		if !m.IsCall() {
			continue
		}
		calls++
		only = m
		if m.ID == s.id {
			own = m
		}
	}
	if own == nil && s.id == "" && calls == 1 {
		own = only // an error to a message that the server could not read
	}
	if own == nil && x.key != "" {
		own = x.calls.waiting.take(x.key, s.id)
	}
	if own == nil {
		return
	}
	if s.protocol != "" && own.Method == "initialize" {
		own.Protocol = s.protocol
	}
	if own.Method == "tools/list" {
		own.Tools = s.tools
	}
	x.calls.end(own, Outcome{Status: x.info.Status, Code: s.code, ToolError: s.toolError, Answered: true})
}

// event handles a server-sent event that has passed.
func (x *exchange) event(kind, data string) {
	for _, o := range x.calls.observers {
		if o.Event != nil {
			o.Event(x.info, kind)
		}
	}
	if kind == "endpoint" && data != "" && !x.isSSE && x.request.Method == http.MethodGet {
		if endpoint := endpointOf(x.request.URL, data); endpoint != nil {
			x.isSSE = true
			x.key = x.calls.waiting.openStream(endpoint)
			x.calls.Sessions.opened(x.key, x.info.Subject)
			x.calls.Sessions.streaming(x.key, 1) // until it is closed
		}
	}
}

// finish ends what has no response, when the HTTP response has ended.
func (x *exchange) finish() {
	info, c := x.info, x.calls
	info.Release()
	info.Canceled = x.request.Context().Err() != nil
	for _, m := range info.Messages {
		// A message that waits no more is ended by the stream in which its response passes.
		if x.isLeftOpen(m) || (m.waitsAt != "" && !c.waiting.remove(m)) {
			continue
		}
		if m.cancels != "" && info.Status < 300 && len(m.cancels)+len(info.Session) <= maxID {
			x.cancel(m.cancels) // it need not get a response any more
		}
		isRead := x.scanner != nil && info.Status < 300
		c.end(m, Outcome{Status: info.Status, Canceled: m.isCanceled || (info.Canceled && m.IsCall()), Unanswered: isRead && m.IsCall()})
	}
	if x.isSSE {
		c.Sessions.closed(x.key)
		for _, m := range c.waiting.closeStream(x.key) {
			c.end(m, Outcome{Status: http.StatusOK, Canceled: true})
		}
	}
	if info.IsStream {
		c.Sessions.streaming(info.Session, -1)
	}
	x.followSession()
	for _, o := range c.observers {
		if o.Closed != nil {
			o.Closed(x.request, info)
		}
	}
}

// isLeftOpen reports whether the response to a message is still to come in another stream: of HTTP+SSE, or of a client that
// polls (SEP-1699).
func (x *exchange) isLeftOpen(m *Message) bool {
	if !m.IsCall() || m.isOver.Load() || x.info.Status < 200 || x.info.Status >= 300 {
		return false
	}
	if m.waitsAt == "" && x.events != nil && x.info.Session != "" && len(x.info.Session) <= maxID {
		key := sessionKey(x.info.Session)
		if m.isCanceled = x.calls.waiting.wasCanceled(key, m.ID); !m.isCanceled && x.events.hasID && !x.info.Canceled {
			x.calls.wait(key, m)
		}
	}
	return m.waitsAt != ""
}

// cancel ends a message that waits.
func (x *exchange) cancel(id string) {
	key := x.key
	if key == "" {
		key = sessionKey(x.info.Session)
	}
	if m := x.calls.waiting.cancel(key, id); m != nil {
		x.calls.end(m, Outcome{Status: http.StatusOK, Canceled: true})
	}
}

func (x *exchange) followSession() {
	sessions, status := x.calls.Sessions, x.info.Status
	switch id := x.info.Session; {
	case x.session != "" && status < 300 && len(x.info.Messages) > 0 && x.info.Messages[0].Method == "initialize":
		sessions.opened(x.session, x.info.Subject)
	case id == "", id == x.key: // a session of HTTP+SSE ends with its stream
	case status == http.StatusNotFound:
		sessions.idle(id) // or only the path is unknown
		x.closeStream(id)
	case x.request.Method == http.MethodDelete && status >= 200 && status < 300: // 0: the client has disconnected
		sessions.closed(id)
		x.closeStream(id)
	}
}

// closeStream ends what waits for the rest of the streams of a session.
func (x *exchange) closeStream(id string) {
	for _, m := range x.calls.waiting.closeStream(sessionKey(id)) {
		x.calls.end(m, Outcome{Status: http.StatusOK, Canceled: true})
	}
}

func (c *Calls) end(m *Message, o Outcome) {
	if m.end(o) && m.isCounted {
		c.inFlight.Add(-1)
	}
}

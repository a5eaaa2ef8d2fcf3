// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/hosts"
)

// An echo responds to each request with its parameters, after a delay.
type echo struct{ delay time.Duration }

func (e echo) send(s *session, message jsonrpc.Message) error {
	if request, ok := message.(*jsonrpc.Request); ok && request.IsCall() {
		go func() {
			time.Sleep(e.delay)
			s.fromServer(&jsonrpc.Response{ID: request.ID, Result: request.Params})
		}()
	}
	return nil
}

func (e echo) close(*session) {}

// newTestHandler returns a handler with the session "s".
func newTestHandler(up upstream) *handler {
	manager := newSessionManager(settings{mode: "session", maxSessions: 1}, nil, nil)
	manager.unavailable = ""
	s := newSession("s", time.Hour)
	s.up = up
	manager.sessions["s"] = s
	return &handler{manager, &hosts.Names{}, bounds.NewBodies(1 << 20), 1 << 20, nil}
}

// respond serves one request.
func respond(h *handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.handler().ServeHTTP(w, r)
	return w
}

// inTime runs a test against a server, in the time of testing/synctest.
func inTime(t *testing.T, up upstream, test func(dial func() net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		listener := &pipeListener{accept: make(chan net.Conn)}
		server := newServer(newTestHandler(up))
		done := make(chan error)
		go func() { done <- server.Serve(bounds.LimitConnections(listener, 10)) }()
		test(listener.dial)
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

const inSession = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nMcp-Session-Id: s\r\nContent-Length: %d\r\n\r\n%s"

// closedAfter returns how long a connection stays open without further data, and what the server sent on it.
func closedAfter(c net.Conn) (time.Duration, string) {
	start := time.Now()
	data, _ := io.ReadAll(c)
	return time.Since(start), string(data)
}

func TestDeadlinesOfRequests(t *testing.T) {
	for sent, want := range map[string]time.Duration{
		"":                                     bounds.HeaderTimeout,
		"POST /mcp HT":                         bounds.HeaderTimeout,
		"GET /healthz HTTP/1.1\r\nHost: x\r\n": bounds.HeaderTimeout,
		fmt.Sprintf(inSession, 9, "{"):         bounds.BodyTimeout,
		// Requests that are refused before the body is read
		"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{":       bounds.BodyTimeout,
		"POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 9\r\n\r\n{":        bounds.BodyTimeout,
		"DELETE /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n": bounds.BodyTimeout,
	} {
		inTime(t, echo{}, func(dial func() net.Conn) {
			c := dial()
			_, _ = c.Write([]byte(sent))
			if took, received := closedAfter(c); took < want || took > want+2*time.Second {
				t.Errorf("%q: closed after %s: %q", sent, took, received)
			}
		})
	}
}

func TestCallsOutliveTheDeadlineOfTheirBody(t *testing.T) {
	inTime(t, echo{4 * time.Minute}, func(dial func() net.Conn) {
		c := dial()
		body := `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":1}}`
		_, _ = fmt.Fprintf(c, inSession, len(body), body)
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(response.Body)
		if err != nil || !strings.Contains(string(data), `"result":{"a":1}`) {
			t.Errorf("%v: %q", err, data)
		}
	})
}

func TestAConnectionIsUsableLongAfterAStream(t *testing.T) {
	inTime(t, echo{10 * time.Second}, func(dial func() net.Conn) {
		c := dial()
		reader := bufio.NewReader(c)
		for range 2 {
			body := `{"jsonrpc":"2.0","id":1,"method":"x"}`
			_, _ = fmt.Fprintf(c, inSession, len(body), body)
			response, err := http.ReadResponse(reader, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, response.Body); err != nil {
				t.Fatal(err)
			}
			time.Sleep(sendTimeout + time.Second)
		}
	})
}

func TestAStreamWithoutAMessageEnds(t *testing.T) {
	inTime(t, echo{}, func(dial func() net.Conn) {
		c := dial()
		_, _ = c.Write([]byte("GET /sse HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
		if took, received := closedAfter(c); took != waitingTime || !strings.Contains(received, "event: endpoint") {
			t.Errorf("closed after %s: %q", took, received)
		}
	})
}

func TestAFullBudgetRefusesLargeBodiesAndTakesSmallOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newTestHandler(echo{})
		if !h.bodies.Large.Take(bounds.LargeBudget, 0) || h.bodies.Large.Take(1, 0) {
			t.Fatal("the budget is not what it should be")
		}
		for size, want := range map[int]int{100: http.StatusOK, 2 * bounds.SmallBody: http.StatusServiceUnavailable} {
			message := `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"` + strings.Repeat("y", size) + `"}}`
			request, _ := http.NewRequest(http.MethodPost, "http://localhost/mcp", strings.NewReader(message))
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set(sessionHeader, "s")
			if got := respond(h, request).Code; got != want {
				t.Errorf("%d bytes: %d", size, got)
			}
		}
		if h.bodies.Small.Free() != bounds.SmallBudget || h.bodies.Large.Free() != 0 {
			t.Errorf("%d and %d bytes are free", h.bodies.Small.Free(), h.bodies.Large.Free())
		}
	})
}

func TestRequestsInFlightAreBounded(t *testing.T) {
	s := newSession("s", 0)
	to := newStream()
	for number := range maxCalls + 1 {
		id, _ := jsonrpc.MakeID(float64(number))
		if begun := s.begin(&jsonrpc.Request{ID: id, Method: "x"}, to); begun != (number < maxCalls) {
			t.Errorf("request %d: %v", number, begun)
		}
	}
}

func TestTooManyStreamsWithoutAMessageEndTheOldest(t *testing.T) {
	manager := newTestHandler(echo{}).sessionManager
	first, _ := manager.wait(func() {})
	for range maxWaiting {
		if _, err := manager.wait(func() {}); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-first.ended:
	default:
		t.Error("the oldest stream goes on")
	}
	if len(manager.waiting) != maxWaiting || manager.startWaiting(first) == nil {
		t.Errorf("%d streams wait", len(manager.waiting))
	}
}

// A pipeListener accepts connections in memory, so that deadlines pass in the time of testing/synctest.
type pipeListener struct {
	accept chan net.Conn
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	c, ok := <-l.accept
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.accept) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	l.accept <- server
	return client
}

func TestStreamsThatEndLeaveNoTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		manager := newTestHandler(echo{}).sessionManager
		var expires []*time.Timer
		for range maxWaiting + 1 {
			s, _ := manager.wait(func() {})
			expires = append(expires, manager.waiting[s.id].expires)
		}
		for _, waits := range manager.waiting {
			manager.end(waits.session, "The client disconnected.")
		}
		for number, timer := range expires {
			if timer.Stop() {
				t.Errorf("stream %d is in memory for %s", number, waitingTime)
			}
		}
		synctest.Wait()
	})
}

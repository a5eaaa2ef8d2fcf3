// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
)

// A server answers with streams that a test writes. Its clients name themselves in the header Subject.
type server struct {
	*Calls
	handler http.Handler
	ended   []string
	posted  int // requests other than GET that reached the server
}

// newServer returns a server that sends an event to each GET request, and holds its stream open until the request ends.
func newServer(event string, post http.HandlerFunc) *server {
	s := &server{Calls: New(bounds.NewBodies(1<<20), 1<<20)}
	s.Observe(Observer{
		Began: func(r *http.Request, info *Info) { info.Subject = r.Header.Get("Subject") },
		Ended: func(m *Message) {
			s.ended = append(s.ended, strings.TrimSpace(m.Method+" "+m.ID+" "+m.Outcome.ErrorType()))
		},
	})
	s.handler = s.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			s.posted++
			post(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, event)
		<-r.Context().Done()
	}))
	return s
}

func (s *server) send(method, target, body string, headers ...string) int {
	return s.sendRequest(request(method, target, body, headers...))
}

func (s *server) sendRequest(r *http.Request) int {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code
}

func request(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for at := 0; at < len(headers); at += 2 {
		r.Header.Add(headers[at], headers[at+1])
	}
	return r
}

func accept(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }

const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`

func TestAStreamOfAnotherSubjectTakesNoMessagesHoweverItsAddressIsWritten(t *testing.T) {
	for endpoint, others := range map[string][]string{
		"/messages/?session_id=s%31": {
			"/messages/?session_id=s1", "/messages/?session_id=%731", "/messages/?session_id=s1&x=1", "/other?x=1&session_id=s1",
			"/messages/?session_id=other&session_id=s1", "/messages/?session_id=bob&session_id=s1",
			// Other texts of the same UUID, and names that ASP.NET and PHP take for the same.
			"/messages/?session_id=S1", "/messages/?session_id={s-1}", "/?SESSION_ID=s1", "/?session.id=s1", "/?x=1&session_id=s1;x=1",
		},
		"/messages/s1":           {"/messages/s1", "/messages/s1?x=1", "/messages/%731", "/messages//s1", "/messages/./s1", "/messages/s1/"},
		"messages?a=1&session=s": {"/messages?session=s&a=1", "/messages?a=1&&session=s", "/messages?a=1&a=2&session=s", "/messages?a=1&session=S"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer("event: endpoint\ndata: "+endpoint+"\n\n", accept)
			ctx := t.Context()
			go s.sendRequest(request(http.MethodGet, "/sse", "", "Subject", "alice").WithContext(ctx))
			synctest.Wait()
			s.Calls.waiting.openStream(request(http.MethodPost, "/messages/?session_id=bob", "").URL)
			s.Sessions.opened("query session_id=bob", "bob")
			for _, target := range others {
				for _, headers := range [][]string{nil, {sessionHeader, "any"}} {
					for _, method := range []string{http.MethodPost, http.MethodPut} {
						if status := s.send(method, target, ping, append(headers, "Subject", "bob")...); status != http.StatusNotFound {
							t.Errorf("%s: %s %s %v: %d", endpoint, method, target, headers, status)
						}
					}
				}
			}
			if s.posted > 0 {
				t.Errorf("%s: %d messages reached the server", endpoint, s.posted)
			}
			if status := s.send(http.MethodPost, others[0], ping, "Subject", "alice"); status != http.StatusAccepted || s.InFlight() != 1 {
				t.Errorf("%s: its own client got %d, %d in flight", endpoint, status, s.InFlight())
			}
			for _, target := range []string{"/messages/?session_id=bob", "/mcp", "/mcp?a=1", "/mcp?x=1"} {
				if status := s.send(http.MethodPost, target, ping, "Subject", "bob"); status != http.StatusAccepted {
					t.Errorf("%s got %d", target, status)
				}
			}
		})
	}
}

func TestTheSubjectOfAnOpenStreamIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer("event: endpoint\ndata: /messages?session_id=1\n\n", accept)
		go s.sendRequest(request(http.MethodGet, "/sse", "", "Subject", "alice").WithContext(t.Context()))
		go s.sendRequest(request(http.MethodGet, "/mcp", "", "Subject", "alice", sessionHeader, "s").WithContext(t.Context()))
		s.Sessions.opened("s", "alice")
		s.Sessions.opened("idle", "alice")
		synctest.Wait()
		time.Sleep(2 * sessionIdle)
		if active := s.Sessions.Active(); active != 2 {
			t.Errorf("%d sessions", active)
		}
		for _, r := range []*http.Request{
			request(http.MethodPost, "/messages?session_id=1", ping, "Subject", "bob"), request(http.MethodPost, "/mcp", ping, "Subject", "bob", sessionHeader, "s"),
		} {
			if status := s.sendRequest(r); status != http.StatusNotFound {
				t.Errorf("%s: %d", r.URL, status)
			}
		}
	})
}

func TestSessionsThatOccurTwiceAreRefused(t *testing.T) {
	s := newServer("", accept)
	for _, header := range []string{sessionHeader, versionHeader} {
		if status := s.send(http.MethodPost, "/mcp", ping, header, "own", header, "of another"); status != http.StatusBadRequest || s.posted > 0 {
			t.Errorf("two headers %s: %d", header, status)
		}
	}
}

func TestTheStreamThatTakesAResponseEndsItsMessage(t *testing.T) {
	s := newServer("", nil)
	m := &Message{Method: "tools/call", ID: "1", isCounted: true}
	posted := &exchange{calls: s.Calls, request: request(http.MethodPost, "/", ""), key: "stream", info: &Info{Started: time.Now(), Status: 202, Messages: []*Message{m}}}
	m.Info = posted.info
	posted.info.OnEnded(s.observers[0].Ended)
	posted.begin()
	taken := s.waiting.take("stream", "1") // the response passes before the server has accepted the message
	posted.finish()
	if taken == nil || len(s.ended) > 0 {
		t.Fatal(s.ended)
	}
	s.end(taken, Outcome{Status: 200, ToolError: true, Answered: true})
	if fmt.Sprint(s.ended) != "[tools/call 1 tool_error]" || s.InFlight() != 0 {
		t.Error(s.ended)
	}
}

func TestACanceledMessageOfAStreamEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer("event: endpoint\ndata: /messages?session_id=1\n\n", accept)
		go s.sendRequest(request(http.MethodGet, "/sse", "").WithContext(t.Context()))
		synctest.Wait()
		s.send(http.MethodPost, "/messages?session_id=1", ping)
		if s.InFlight() != 1 {
			t.Fatal("the message does not wait")
		}
		s.send(http.MethodPost, "/messages?session_id=1", `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1.0}}`)
		if s.InFlight() != 0 || fmt.Sprint(s.ended) != "[ping 1 canceled notifications/cancelled]" {
			t.Error(s.InFlight(), s.ended)
		}
	})
}

func TestMessagesWithoutAResponse(t *testing.T) {
	stream := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, text)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			post     http.HandlerFunc
			want     string
			inFlight int64
		}{
			{stream("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n"), "[ping 1]", 0},
			{stream(": the server has crashed\n\n"), "[ping 1 no_response]", 0},
			{stream("id: 7\ndata:\n\n"), "[]", 1}, // the client asks for the rest
		} {
			s := newServer("", test.post)
			s.send(http.MethodPost, "/mcp", ping, sessionHeader, "s")
			if fmt.Sprint(s.ended) != test.want || s.InFlight() != test.inFlight {
				t.Errorf("%s instead of %s, %d in flight", s.ended, test.want, s.InFlight())
			}
			time.Sleep(2 * waitingTime)
			if s.InFlight() != 0 || len(s.ended) != 1 {
				t.Errorf("%s, %d in flight", s.ended, s.InFlight())
			}
		}
	})
}

func TestAStreamForNotificationsIsNotInFlight(t *testing.T) {
	s := newServer("", nil)
	s.handler = s.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if s.InFlight() != 0 {
			t.Error("the Pod would wait for it when it terminates")
		}
	}))
	s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}`)
	if s.InFlight() != 0 {
		t.Error(s.InFlight())
	}
}

func TestABodyOfUnknownLengthMayBeEmpty(t *testing.T) {
	s := newServer("", accept)
	for _, kind := range []string{"", "application/json"} {
		r := request(http.MethodDelete, "/mcp", "", "Content-Type", kind)
		r.ContentLength = -1
		if status := s.sendRequest(r); status != http.StatusAccepted {
			t.Errorf("%q: %d", kind, status)
		}
	}
}

func TestACanceledMessageWhoseStreamEndsIsNotInFlight(t *testing.T) {
	const cancel = `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`
	for _, start := range []string{": no id\n\n", "id: 7\ndata:\n\n"} {
		var s *server
		s = newServer("", func(w http.ResponseWriter, _ *http.Request) {
			if s.posted > 1 {
				w.WriteHeader(http.StatusAccepted)
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, start)
			s.send(http.MethodPost, "/mcp", cancel, sessionHeader, "s")
		})
		s.send(http.MethodPost, "/mcp", ping, sessionHeader, "s")
		if s.InFlight() != 0 || fmt.Sprint(s.ended) != "[notifications/cancelled ping 1 canceled]" {
			t.Errorf("%q: %s, %d in flight", start, s.ended, s.InFlight())
		}
	}
}

func TestClientsMayOpenStreamsAtTheSameAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer("event: endpoint\ndata: /sse\n\n", accept)
		for _, subject := range []string{"alice", "bob"} {
			go func() {
				if status := s.sendRequest(request(http.MethodGet, "/sse", "", "Subject", subject).WithContext(t.Context())); status != http.StatusOK {
					t.Errorf("%s: %d", subject, status)
				}
			}()
			synctest.Wait()
		}
	})
}

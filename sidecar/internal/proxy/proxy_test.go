// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/hosts"
)

// A bench is a proxy before a server.
type bench struct {
	*httptest.Server
	calls *call.Calls

	mu    sync.Mutex
	ended []string
}

// start starts a proxy before a server that a test provides.
func start(t *testing.T, server http.HandlerFunc) *bench {
	t.Helper()
	behind := httptest.NewServer(server)
	t.Cleanup(behind.Close)
	target, _ := url.Parse(behind.URL)
	b := &bench{calls: call.New(bounds.NewBodies(1<<20), 1<<20)}
	b.calls.Observe(call.Observer{Ended: func(m *call.Message) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.ended = append(b.ended, strings.TrimSpace(fmt.Sprintf("%s %s %s", m.Method, m.Name, m.Outcome.ErrorType())))
	}})
	handler := New(Settings{Target: target, Names: hosts.Of("memory-1-2", "team", "cluster.local", "mcp.example.com")})
	b.Server = httptest.NewServer(bounds.WithDeadlines(WithoutConnectionHeaders(b.calls.Middleware(handler))))
	t.Cleanup(b.Close)
	return b
}

func (b *bench) outcomes() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.ended, "; ")
}

func (b *bench) do(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	request, _ := http.NewRequest(method, b.URL+path, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for at := 0; at < len(headers); at += 2 {
		if request.Header.Set(headers[at], headers[at+1]); headers[at] == "Host" {
			request.Host = headers[at+1]
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, _ := io.ReadAll(response.Body)
	return response, string(data)
}

const toolCall = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}`

func TestMessagesPassUnchangedAndAreObserved(t *testing.T) {
	b := start(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != toolCall || r.ContentLength != int64(len(toolCall)) {
			t.Errorf("the server got %q", body)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[]}}`))
	})
	if _, body := b.do(t, "POST", "/mcp", toolCall); body != `{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[]}}` {
		t.Error(body)
	}
	if b.outcomes() != "tools/call echo tool_error" || b.calls.InFlight() != 0 {
		t.Error(b.outcomes(), b.calls.InFlight())
	}
}

func TestEventsPassAsTheyCome(t *testing.T) {
	next := make(chan string)
	b := start(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		for event := range next {
			_, _ = io.WriteString(w, event)
			_ = http.NewResponseController(w).Flush()
		}
	})
	response, err := http.Post(b.URL+"/mcp", "application/json", strings.NewReader(toolCall))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	reader := bufio.NewReader(response.Body)
	for _, event := range []string{"data: {\"method\":\"notifications/progress\"}\n\n", "data: {\"id\":1,\"error\":{\"code\":-32602}}\n\n"} {
		next <- event
		if line, err := reader.ReadString('\n'); !strings.HasPrefix(event, line) || err != nil {
			t.Errorf("%q %v", line, err)
		}
		_, _ = reader.ReadString('\n')
	}
	waitFor(t, func() bool { return b.outcomes() == "tools/call echo -32602" }) // before the stream ends
	close(next)
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for range 200 {
		if condition() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("did not happen within two seconds")
}

func TestCallsOfTheOldTransportEndWithTheirResponse(t *testing.T) {
	answers := make(chan string, 1)
	b := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			answers <- "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\r\n\r\n"
			w.WriteHeader(http.StatusAccepted)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "event: endpoint\r\ndata: /prefix/messages/?session_id=7\r\n\r\n")
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, <-answers)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	response, err := http.Get(b.URL + "/sse")
	if err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(response.Body)
	if line, _ := reader.ReadString('\n'); line != "event: endpoint\r\n" {
		t.Error(line)
	}
	waitFor(t, func() bool { return b.calls.Sessions.Active() == 1 })
	if accepted, _ := b.do(t, "POST", "/messages/?session_id=7", toolCall); accepted.StatusCode != http.StatusAccepted {
		t.Error(accepted.Status)
	}
	waitFor(t, func() bool { return b.outcomes() == "tools/call echo" && b.calls.InFlight() == 0 })
	_ = response.Body.Close()
	waitFor(t, func() bool { return b.calls.Sessions.Active() == 0 })
}

func TestHostOriginAndForwardedHeaders(t *testing.T) {
	var seen *http.Request
	b := start(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("Location", "http://"+r.Host+"/mcp/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	own := strings.TrimPrefix(b.URL, "http://")
	for _, test := range []struct{ host, origin, wantHost, wantOrigin string }{
		{own, "http://" + own, "TARGET", "http://TARGET"},
		{"memory.team.svc:80", "", "TARGET", ""},
		{"mcp.example.com", "https://mcp.example.com", "TARGET", "http://TARGET"},
		{"mcp.example.com", "https://other.example", "TARGET", "https://other.example"},
		{"evil.example", "http://evil.example", "evil.example", "http://evil.example"},
	} {
		response, _ := b.do(t, "POST", "/mcp", toolCall, "Host", test.host, "Origin", test.origin, "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https")
		target := seen.Context().Value(http.LocalAddrContextKey).(fmt.Stringer).String()
		if want := strings.ReplaceAll(test.wantHost, "TARGET", target); seen.Host != want {
			t.Errorf("%s: Host %s instead of %s", test.host, seen.Host, want)
		}
		if want := strings.ReplaceAll(test.wantOrigin, "TARGET", target); seen.Header.Get("Origin") != want {
			t.Errorf("%s: Origin %s", test.host, seen.Header.Get("Origin"))
		}
		if seen.Header.Get("X-Forwarded-For") != "192.0.2.1, 127.0.0.1" || seen.Header.Get("X-Forwarded-Host") != test.host || seen.Header.Get("X-Forwarded-Proto") != "https" {
			t.Error(seen.Header)
		}
		if want := "https://" + test.host + "/mcp/"; test.wantHost == "TARGET" && response.Header.Get("Location") != want {
			t.Errorf("redirected to %s instead of %s", response.Header.Get("Location"), want)
		}
	}
}

func TestHeadersForOneConnectionDoNotPass(t *testing.T) {
	b := start(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" || r.Header.Get("X-Hop") != "" || r.Header.Get("Accept-Encoding") != "" {
			t.Error(r.Header)
		}
	})
	b.do(t, "GET", "/ws", "", "Connection", "Upgrade, X-Hop", "Upgrade", "websocket", "X-Hop", "1")
}

func TestRequestsThatLieAreRefusedBeforeTheServer(t *testing.T) {
	b := start(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the server got %v", r.Header) })
	for _, test := range []struct {
		want   int
		body   string
		header []string
	}{
		{400, toolCall, []string{"Mcp-Method", "tools/list"}},
		{400, toolCall, []string{"Mcp-Name", "other"}},
		{400, toolCall, []string{"Mcp-Name", "=?base64?b3RoZXI=?="}},
		{400, `{"jsonrpc":`, nil},
		{400, `{"jsonrpc":`, []string{"Content-Type", "text/plain"}},
		{400, "{\x00\"\x00a\x00", []string{"Content-Type", "application/octet-stream"}},
		{415, toolCall, []string{"Content-Encoding", "gzip"}},
		{415, toolCall, []string{"Content-Type", "application/json; charset=utf-7"}},
		{415, toolCall, []string{"Content-Type", "application/json; charset=utf-8; charset=utf-7"}},
		{413, `{"a":"` + strings.Repeat("x", 1<<20) + `"}`, nil},
		{413, strings.Repeat("x", 1<<20+1), []string{"Content-Type", "text/plain"}},
	} {
		if response, body := b.do(t, "POST", "/mcp", test.body, test.header...); response.StatusCode != test.want {
			t.Errorf("%.40q %v: %s %s", test.body, test.header, response.Status, body)
		}
	}
}

func TestOtherBodiesPass(t *testing.T) {
	b := start(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain; charset=iso-8859-1"} {
		if _, body := b.do(t, "POST", "/token", "grant_type=client_credentials", "Content-Type", kind); body != "grant_type=client_credentials" {
			t.Error(body)
		}
	}
	for _, headers := range [][]string{{"Mcp-Method", "tools/call", "Mcp-Name", "echo"}, {"Mcp-Name", "=?base64?ZWNobw==?="}} {
		if _, body := b.do(t, "POST", "/mcp", toolCall, headers...); body != toolCall {
			t.Error(body)
		}
	}
}

func TestHeadersThatServersTakeForOthersDoNotPass(t *testing.T) {
	b := start(t, func(_ http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if strings.Contains(name, "_") && name != "Api_key" {
				t.Errorf("the server got %s", name)
			}
		}
		if r.Header["Api_key"] == nil {
			t.Error("the server did not get a header of its own")
		}
	})
	b.do(t, "POST", "/mcp", toolCall, "Mcp_Session_Id", "1", "mcp-session_id", "1", "CONTENT_ENCODING", "gzip", "X_Forwarded-For", "1", "Api_Key", "1")
}

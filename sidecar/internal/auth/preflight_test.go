// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

// before serves a server through all checks, with a reverse proxy, and returns the address.
func (b *bench) before(t *testing.T, server http.HandlerFunc) string {
	t.Helper()
	behind := httptest.NewServer(server)
	t.Cleanup(behind.Close)
	target, _ := url.Parse(behind.URL)
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	front := httptest.NewServer(b.Authenticate(calls.Middleware(b.Authorize(proxy))))
	t.Cleanup(front.Close)
	return front.URL
}

func send(t *testing.T, method, address, body string, headers map[string]string) *http.Response {
	t.Helper()
	r, _ := http.NewRequest(method, address, strings.NewReader(body))
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := (&http.Client{Timeout: 20 * time.Second}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

var asking = map[string]string{
	"Origin": "https://inspector.example.com", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization",
}

func TestTheServerAnswersPreflights(t *testing.T) {
	b := newBench(t, Options{Scopes: []string{"mcp"}, ToolScopes: map[string][]string{"delete": {"admin"}}, SubjectHeader: "X-Forwarded-User"})
	var seen *http.Request
	address := b.before(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Vary", "Origin")
		w.Header().Set("Set-Cookie", "secret=1")
		w.Header().Set("Mcp-Session-Id", "secret")
		_, _ = w.Write([]byte("secret"))
	})
	headers := maps.Clone(asking)
	headers["Authorization"], headers["Cookie"], headers["X-Forwarded-User"], headers["Mcp-Session-Id"] = "Bearer x", "a=b", "admin", "s"
	response := send(t, "OPTIONS", address+"/mcp?x=1", "", headers)
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusNoContent || len(body) > 0 {
		t.Errorf("%d %q", response.StatusCode, body)
	}
	names := slices.Sorted(maps.Keys(response.Header))
	if got := strings.Join(names, " "); got != "Access-Control-Allow-Origin Date Vary" {
		t.Errorf("headers of the response: %s", got)
	}
	names = slices.Sorted(maps.Keys(seen.Header))
	if got := strings.Join(names, " "); got != "Accept-Encoding Access-Control-Request-Headers Access-Control-Request-Method Origin" {
		t.Errorf("headers of the request: %s", got)
	}
	if seen.RequestURI != "/mcp" {
		t.Error(seen.RequestURI)
	}
}

func TestOtherRequestsWithoutATokenDoNotReachTheServer(t *testing.T) {
	b := newBench(t, Options{})
	address := b.before(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s %v", r.Method, r.Header) })
	without := func(name string) map[string]string {
		headers := maps.Clone(asking)
		delete(headers, name)
		return headers
	}
	for name, response := range map[string]*http.Response{
		"another method":    send(t, "POST", address, "", asking),
		"a GET":             send(t, "GET", address, "", asking),
		"a body":            send(t, "OPTIONS", address, "{}", asking),
		"without an origin": send(t, "OPTIONS", address, "", without("Origin")),
		"without a method":  send(t, "OPTIONS", address, "", without("Access-Control-Request-Method")),
	} {
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
		// A page can read where to get a token.
		if response.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(response.Header.Get("Access-Control-Expose-Headers"), "WWW-Authenticate") {
			t.Errorf("%s: %v", name, response.Header)
		}
	}
}

func TestWhatAPreflightTellsIsBounded(t *testing.T) {
	b := newBench(t, Options{})
	for status, want := range map[int]int{200: 204, 204: 204, 302: 403, 401: 403, 405: 403, 500: 500} {
		address := b.before(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1/secret")
			w.WriteHeader(status)
		})
		if response := send(t, "OPTIONS", address, "", asking); response.StatusCode != want || response.Header.Get("Location") != "" {
			t.Errorf("%d: %d %v", status, response.StatusCode, response.Header)
		}
	}
	address := b.before(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil { // a body without an end
			_, _ = w.Write(make([]byte, 1024))
		}
	})
	if response := send(t, "OPTIONS", address, "", asking); response.StatusCode != http.StatusNoContent {
		t.Error(response.StatusCode)
	}
}

func TestPreflightsAtATimeAreBounded(t *testing.T) {
	b := newBench(t, Options{})
	release, arrived := make(chan struct{}), make(chan struct{}, maxPreflights+1)
	address := b.before(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	var group sync.WaitGroup
	for range maxPreflights {
		group.Go(func() { send(t, "OPTIONS", address, "", asking) })
		<-arrived
	}
	response := send(t, "OPTIONS", address, "", asking)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Error(response.StatusCode)
	}
	close(release)
	group.Wait()
	if response := send(t, "OPTIONS", address, "", asking); response.StatusCode != http.StatusNoContent {
		t.Error(response.StatusCode)
	}
}

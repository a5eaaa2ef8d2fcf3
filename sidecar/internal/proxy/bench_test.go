// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/hosts"
	"mcp.kubernetes/sidecar/internal/metrics"
)

// BenchmarkCall measures the CPU and the memory of a call without the network.
func BenchmarkCall(b *testing.B) {
	target, _ := url.Parse("http://127.0.0.1:3001")
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	if _, err := metrics.New(metrics.Settings{Names: "compatible"}, calls); err != nil {
		b.Fatal(err)
	}
	handler := New(Settings{Target: target, Names: hosts.Of("memory-1-2", "team", "cluster.local")}).(*httputil.ReverseProxy)
	handler.Transport = canned{}
	chain := bounds.WithDeadlines(WithoutConnectionHeaders(calls.Middleware(handler)))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "http://127.0.0.1/mcp", strings.NewReader(toolCall))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		r.Header.Set("Mcp-Session-Id", "0123456789abcdef")
		w := httptest.NewRecorder()
		if chain.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

type canned struct{}

func (canned) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	body := `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}],"isError":false}}`
	header := http.Header{"Content-Type": {"application/json"}, "Date": {"x"}}
	return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

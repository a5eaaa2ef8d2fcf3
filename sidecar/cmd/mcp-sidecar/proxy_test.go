// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

func TestCallsThatAreCutAreRecordedBeforeTheProgramEnds(t *testing.T) {
	var recorded atomic.Bool
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	calls.Observe(call.Observer{Ended: func(*call.Message) {
		time.Sleep(50 * time.Millisecond) // standard output is slow
		recorded.Store(true)
	}})
	begun := make(chan struct{})
	server := httptest.NewServer(calls.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
	})))
	defer server.Close()
	go func() {
		_, _ = http.Post(server.URL, "application/json", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	}()
	<-begun
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGTERM
	drainOnSignal(server.Config, calls, 0, signals)
	if !recorded.Load() {
		t.Error("the audit log would lack the call")
	}
}

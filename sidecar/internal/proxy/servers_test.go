// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package proxy

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestAServerThatDoesNotAnswer(t *testing.T) {
	b := start(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	response, body := b.do(t, "POST", "/mcp", toolCall)
	if response.StatusCode != http.StatusBadGateway || !strings.Contains(body, `"id":1,"error":{"code":-32603`) {
		t.Error(response.Status, body)
	}
	if b.outcomes() != "tools/call echo 502" {
		t.Error(b.outcomes())
	}
}

func TestACallWhoseServerCrashesHasNoResponse(t *testing.T) {
	for _, kind := range []string{"application/json", "text/event-stream"} {
		b := start(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0",`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})
		response, err := http.Post(b.URL+"/mcp", "application/json", strings.NewReader(toolCall))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(response.Body); err == nil {
			t.Error("the response seems to be whole")
		}
		_ = response.Body.Close()
		waitFor(t, func() bool { return b.outcomes() == "tools/call echo no_response" && b.calls.InFlight() == 0 })
	}
}

func TestACallThatAServerMayHaveIsNotSentTwice(t *testing.T) {
	for _, test := range []struct {
		method string
		header []string
	}{{"POST", nil}, {"POST", []string{"Idempotency-Key", "1"}}, {"POST", []string{"X-Idempotency-Key", "1"}}, {"GET", nil}} {
		var mu sync.Mutex
		got := []string{}
		b := start(t, func(_ http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if got = append(got, r.Header.Get("Idempotency-Key")+r.Header.Get("X-Idempotency-Key")); len(got) > 1 {
				panic(http.ErrAbortHandler) // the connection, which was used before, is closed
			}
		})
		for _, want := range []int{http.StatusOK, http.StatusBadGateway} {
			if response, _ := b.do(t, test.method, "/mcp", toolCall, test.header...); response.StatusCode != want {
				t.Errorf("%v: %s", test, response.Status)
			}
		}
		mu.Lock()
		if len(got) != 2 || (test.header != nil && got[0] != "1") {
			t.Errorf("%v: the server got %q", test, got)
		}
		mu.Unlock()
	}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package limits

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"10/s:20": "{10 20}", "0.5/s": "{0.5 1}", "10/s": "{10 10}",
		"10": "", "10/s:0": "", "-1/s": "", "NaN/s": "", "Inf/s": "", "": "", "a/s:1": "", "1/s:x": "", "0/s": "",
	} {
		got, err := Parse(text)
		if (err != nil) != (want == "") || (err == nil && fmt.Sprint(got) != want) {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
}

// send returns a function that sends one ping of a client.
func send(session, subject *Rate) func(address, session string) *httptest.ResponseRecorder {
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Mcp-Session-Id", "issued") })
	handler := calls.Middleware(New(session, subject, func(string) {}).Middleware(answer))
	return func(address, session string) *httptest.ResponseRecorder {
		method := "ping"
		if session == "" {
			method = "initialize"
		}
		r := httptest.NewRequest("POST", "/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":7,"method":"`+method+`"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Mcp-Session-Id", session)
		r.RemoteAddr = address + ":1"
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
}

func TestMessagesBeyondTheLimitWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ping := send(&Rate{0.5, 2}, nil)
		ping("192.0.2.1", "") // the session is issued; it counts for the address
		for number, want := range []int{200, 200, 429} {
			w := ping("192.0.2.1", "issued")
			if w.Code != want {
				t.Errorf("message %d: %d", number, w.Code)
			}
			if want == 429 && (w.Header().Get("Retry-After") != "2" || !strings.Contains(w.Body.String(), `"id":7,"error":{"code":-32000`)) {
				t.Error(w.Header(), w.Body)
			}
		}
		time.Sleep(2 * time.Second)
		if w := ping("192.0.2.1", "issued"); w.Code != 200 {
			t.Error(w.Code)
		}
	})
}

func TestSessionsThatWereNotIssuedCountForTheAddress(t *testing.T) {
	ping := send(&Rate{0.001, 3}, nil)
	got := ""
	for number := range 5 {
		got += fmt.Sprint(ping("192.0.2.1", fmt.Sprintf("made up %d", number)).Code, " ")
	}
	if got != "200 200 200 429 429 " {
		t.Error(got)
	}
	if w := ping("192.0.2.2", "made up"); w.Code != 200 {
		t.Error("another client was refused")
	}
}

func TestABatchThatNoTimeWouldPermitIsNotAskedToWait(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for messages, want := range map[int]int{2: 200, 3: 413} {
		limited := New(&Rate{10, 5}, &Rate{10, 2}, func(limit string) { t.Errorf("the limit of the %s is counted", limit) })
		w := httptest.NewRecorder()
		body := "[" + strings.Repeat(`{"jsonrpc":"2.0","id":7,"method":"ping"},`, messages-1) + `{"jsonrpc":"2.0","id":8,"method":"ping"}]`
		calls := call.New(bounds.NewBodies(1<<20), 1<<20)
		calls.Middleware(limited.Middleware(answer)).ServeHTTP(w, httptest.NewRequest("POST", "/mcp", strings.NewReader(body)))
		if w.Code != want || w.Header().Get("Retry-After") != "" {
			t.Errorf("%d messages: %d %v", messages, w.Code, w.Header())
		}
	}
}

func TestKeysAreBounded(t *testing.T) {
	k := newKeyed(&Rate{1, 1})
	for number := range maxKeys + 100 {
		k.take(fmt.Sprint(number), 1)
	}
	if len(k.elements) != maxKeys || k.order.Len() != maxKeys {
		t.Errorf("%d keys", len(k.elements))
	}
}

func TestMessagesThatAreRefusedDoNotMakeOthersWaitLonger(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(16))
	k := newKeyed(&Rate{10, 10})
	k.take("client", 10)
	var flood sync.WaitGroup
	for range 32 {
		flood.Go(func() {
			for range 2000 {
				k.take("client", 10)
			}
		})
	}
	flood.Wait()
	if wait := k.take("client", 10); wait > time.Second {
		t.Errorf("the next messages wait %v", wait)
	}
}

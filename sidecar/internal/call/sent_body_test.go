// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"mcp.kubernetes/sidecar/internal/bounds"
)

// The response to a call may be a stream that takes much longer than the call.
func TestABodyIsNotKeptWhileItsResponsePasses(t *testing.T) {
	const count, size = 8, 4 << 20
	body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":"` + strings.Repeat("x", size) + `"}}`
	calls := New(bounds.NewBodies(2*size), 2*size)
	statuses, end := make(chan int), make(chan struct{})
	handler := calls.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/read" { // others take the messages from the Info
			_, _ = io.Copy(io.Discard, r.Body)
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		statuses <- http.StatusOK
		<-end
		runtime.KeepAlive(r)
	}))
	var ended sync.WaitGroup
	for _, path := range []string{"/read", "/other"} {
		for range count {
			ended.Go(func() {
				w := httptest.NewRecorder()
				if handler.ServeHTTP(w, request(http.MethodPost, path, body)); w.Code != http.StatusOK {
					statuses <- w.Code
				}
			})
			if status := <-statuses; status != http.StatusOK {
				t.Fatal(status)
			}
		}
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	close(end)
	ended.Wait()
	if memory.HeapAlloc > 4*size {
		t.Errorf("%d MiB are kept for %d calls of %d MiB", memory.HeapAlloc>>20, 2*count, size>>20)
	}
}

func TestABodyCanBeSentAgainUntilTheServerHasAnswered(t *testing.T) {
	for _, size := range []int{1, smallBody, smallBody + 1, 1 << 20} {
		text := bytes.Repeat([]byte("x"), size)
		b := &sentBody{data: text}
		late, _ := b.open()
		for range 2 {
			reader, err := b.open()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%d bytes of %d: %v", len(got), size, err)
			}
		}
		b.release()
		if _, err := b.open(); !errors.Is(err, errSent) {
			t.Error(err)
		}
		if got, err := io.ReadAll(late); size > smallBody && (len(got) > 0 || !errors.Is(err, errSent)) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
}

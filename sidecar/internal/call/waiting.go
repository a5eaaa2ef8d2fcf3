// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	maxWaiting    = 8192 // messages
	maxWaitingKey = 1024 // messages of one stream
	waitingTime   = 10 * time.Minute
)

// waiting has the messages whose responses pass in another stream than the response to their own request.
type waiting struct {
	mu      sync.Mutex
	streams map[string]bool // of HTTP+SSE, which are open
	calls   map[string][]*Message
	total   int
}

func newWaiting() *waiting {
	return &waiting{streams: map[string]bool{}, calls: map[string][]*Message{}}
}

// The keys of streams. The address for the messages of an HTTP+SSE stream has a session in its query, and gateways may change
// its path.
func sessionKey(id string) string { return "session " + id }

func sseKey(r *http.Request) string { return keyOf(r.URL) }

func endpointKey(r *http.Request, endpoint string) string {
	address, err := url.Parse(strings.TrimSpace(endpoint))
	if err != nil {
		return ""
	}
	return keyOf(r.URL.ResolveReference(address))
}

func keyOf(address *url.URL) string {
	if address.RawQuery != "" {
		return "query " + address.RawQuery
	}
	return "path " + address.Path
}

func (w *waiting) openStream(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.streams[key] = true
}

// closeStream returns the messages that waited.
func (w *waiting) closeStream(key string) []*Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	left := w.calls[key]
	w.total -= len(left)
	delete(w.calls, key)
	delete(w.streams, key)
	return left
}

func (w *waiting) isOpen(key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.streams[key]
}

// add lets a message wait, if there is room. It returns old messages, which do not wait any more.
func (w *waiting) add(key string, m *Message) (expired []*Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.total >= maxWaiting {
		expired = w.expire()
	}
	if w.total < maxWaiting && len(w.calls[key]) < maxWaitingKey {
		w.calls[key] = append(w.calls[key], m)
		w.total++
	}
	return expired
}

// expire removes old messages. The caller holds the lock.
func (w *waiting) expire() (expired []*Message) {
	for key, calls := range w.calls {
		var kept []*Message
		for _, m := range calls {
			if time.Since(m.Info.Started) < waitingTime {
				kept = append(kept, m)
			} else {
				expired = append(expired, m)
			}
		}
		if w.calls[key] = kept; len(kept) == 0 {
			delete(w.calls, key)
		}
	}
	w.total -= len(expired)
	return expired
}

func (w *waiting) has(key string, m *Message) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, other := range w.calls[key] {
		if other == m {
			return true
		}
	}
	return false
}

// take removes the message with this id.
func (w *waiting) take(key, id string) *Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls[key]
	for at, m := range calls {
		if m.ID == id {
			w.calls[key] = append(calls[:at:at], calls[at+1:]...)
			if w.total--; len(w.calls[key]) == 0 {
				delete(w.calls, key)
			}
			return m
		}
	}
	return nil
}

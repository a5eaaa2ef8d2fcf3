// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxWaiting    = 8192             // messages
	maxWaitingKey = 1024             // messages of one stream
	maxCanceled   = 1024             // messages that were canceled before their stream has ended
	waitingTime   = time.Hour        // of a message whose client asks for the rest of a stream
	fullTime      = 10 * time.Minute // of all messages, where others have no room
)

// waiting has the messages whose responses pass in another stream than the response to their own request.
type waiting struct {
	mu      sync.Mutex
	streams map[string]*address   // of HTTP+SSE, which are open, by key
	marked  map[string][]*address // the same by marker
	names   map[string]int        // how many of them have parameters of these names
	calls   map[string][]*Message
	total   int

	canceled map[string]bool // by key and id
}

func newWaiting() *waiting {
	return &waiting{streams: map[string]*address{}, marked: map[string][]*address{}, names: map[string]int{}, calls: map[string][]*Message{}, canceled: map[string]bool{}}
}

// The keys of streams. Those of HTTP+SSE are made from the address for their messages; see address.
func sessionKey(id string) string { return "session " + id }

// openStream adds the stream of HTTP+SSE whose messages are sent to an address, and returns its key.
func (w *waiting) openStream(endpoint *url.URL) string {
	s := newAddress(endpoint)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.streams[s.key] == nil {
		w.streams[s.key] = s
		w.marked[s.marker] = append(w.marked[s.marker], s)
		if len(s.parameters) > 0 {
			w.names[s.names()]++
		}
	}
	return s.key
}

// namesStream reports whether a message is for some stream: it has parameters of the names that those of an open stream have.
// If no open stream has the address, the server may still find one, since some read "AB" and "ab" as the same session.
func (w *waiting) namesStream(sent *url.URL) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.names) == 0 || sent.RawQuery == "" {
		return false
	}
	query, err := url.ParseQuery(sent.RawQuery)
	if err != nil {
		return true // servers differ in what they read
	}
	given := map[string]bool{}
	for name := range query {
		given[foldedName(name)] = true
	}
	for names := range w.names {
		if !slices.ContainsFunc(strings.Split(names, "&"), func(name string) bool { return !given[name] }) {
			return true
		}
	}
	return false
}

// openAt returns the keys of the streams for which a message to an address can be: more than one where a client sends the
// parameters of several.
func (w *waiting) openAt(sent *url.URL) (keys []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.streams) == 0 {
		return nil
	}
	parameters, most := parametersOf(sent), 0
	for _, parameter := range parameters {
		for _, s := range w.marked[parameter] {
			if len(s.parameters) < most || !s.isIn(parameters) {
				continue
			}
			if len(s.parameters) > most {
				keys, most = nil, len(s.parameters)
			}
			keys = append(keys, s.key)
		}
	}
	if key := pathKey(sent); keys == nil && w.streams[key] != nil {
		keys = []string{key}
	}
	return keys
}

// closeStream returns the messages that waited.
func (w *waiting) closeStream(key string) []*Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	left := w.calls[key]
	w.total -= len(left)
	delete(w.calls, key)
	if s := w.streams[key]; s != nil {
		delete(w.streams, key)
		others := slices.DeleteFunc(w.marked[s.marker], func(other *address) bool { return other == s })
		if w.marked[s.marker] = others; len(others) == 0 {
			delete(w.marked, s.marker)
		}
		if names := s.names(); w.names[names] > 1 {
			w.names[names]--
		} else {
			delete(w.names, names)
		}
	}
	return left
}

// add lets a message wait, if there is room. Whoever removes it ends it.
func (w *waiting) add(key string, m *Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.total < maxWaiting && len(w.calls[key]) < maxWaitingKey {
		m.waitsAt = key
		w.calls[key] = append(w.calls[key], m)
		w.total++
	}
}

func (w *waiting) isFull() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.total >= maxWaiting
}

// expire removes and returns old messages. Those of an open stream end with it.
func (w *waiting) expire() (expired []*Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	isFull := w.total >= maxWaiting
	for key, calls := range w.calls {
		limit := waitingTime
		switch {
		case isFull:
			limit = fullTime
		case w.streams[key] != nil:
			continue
		}
		var kept []*Message
		for _, m := range calls {
			if time.Since(m.Info.Started) < limit {
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

// remove removes a message. It reports false for one that waits no more.
func (w *waiting) remove(m *Message) bool {
	return w.removeFirst(m.waitsAt, func(other *Message) bool { return other == m }) != nil
}

// take removes the message with this id.
func (w *waiting) take(key, id string) *Message {
	return w.removeFirst(key, func(m *Message) bool { return m.ID == id })
}

// cancel removes the message with this id. If it does not wait yet, it need not.
func (w *waiting) cancel(key, id string) *Message {
	if m := w.take(key, id); m != nil {
		return m
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.canceled) >= maxCanceled {
		clear(w.canceled) // most are of messages that had ended
	}
	w.canceled[key+" "+id] = true
	return nil
}

// wasCanceled reports, once, whether a message was canceled.
func (w *waiting) wasCanceled(key, id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.canceled[key+" "+id]
	delete(w.canceled, key+" "+id)
	return found
}

func (w *waiting) removeFirst(key string, matches func(*Message) bool) *Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls[key]
	at := slices.IndexFunc(calls, matches)
	if at < 0 {
		return nil
	}
	m := calls[at]
	w.calls[key] = slices.Delete(calls, at, at+1)
	if w.total--; len(w.calls[key]) == 0 {
		delete(w.calls, key)
	}
	return m
}

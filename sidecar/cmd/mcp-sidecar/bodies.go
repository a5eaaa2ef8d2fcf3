// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second
	budgetWait    = 5 * time.Second // for bytes that other bodies use
	maxHeader     = 16 << 10        // bytes of a request's header, as in Node.js
	smallBody     = 64 << 10        // bytes of a body without a session; the first bytes of every other body
	smallBudget   = 16 << 20        // bytes of all small bodies and first bytes
	largeBudget   = 24 << 20        // bytes of all bodies beyond those
)

var (
	errTooLarge = errors.New("the body is too large")
	errBusy     = errors.New("the bodies of other requests use all memory for them")
)

// bodies reads request bodies into a bounded amount of memory. Small bodies have an amount of their own, so that large
// ones cannot keep ordinary requests out.
type bodies struct{ small, large *budget }

func newBodies(maxMessage int) *bodies {
	return &bodies{newBudget(smallBudget), newBudget(max(largeBudget, maxMessage))}
}

// A body is a request body in memory. Call release when it is no longer needed.
type body struct {
	data         []byte
	from         *bodies
	small, large int // bytes of each budget
}

func (b *body) release() {
	b.from.small.give(b.small)
	b.from.large.give(b.large)
	b.small, b.large, b.data = 0, 0, nil
}

// read reads a body of at most limit bytes. The caller releases the body, even after an error.
func (s *bodies) read(w http.ResponseWriter, r *http.Request, limit int) (*body, error) {
	b := &body{from: s}
	if r.ContentLength > int64(limit) {
		return b, errTooLarge
	}
	expected, known := limit, r.ContentLength >= 0
	if known {
		expected = int(r.ContentLength)
	}
	for {
		if len(b.data) == cap(b.data) {
			// One byte more than expected, so that the end of the body is read.
			if err := b.grow(expected+1, known); err != nil {
				return b, err
			}
		}
		n, err := r.Body.Read(b.data[len(b.data):cap(b.data)])
		b.data = b.data[:len(b.data)+n]
		if len(b.data) > limit {
			return b, errTooLarge
		}
		if err == io.EOF {
			// The deadline was for the body only; see withDeadlines.
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// grow makes room for more bytes. Room for the first bytes is taken as they arrive. Room for the others is taken at once
// where the size is known: two bodies that wait for each other would wait in vain. Where it is unknown, they do not wait.
func (b *body) grow(size int, known bool) error {
	room := max(2*cap(b.data), 4<<10)
	if cap(b.data) <= smallBody {
		room = min(room, smallBody+1, size)
		if !b.from.small.take(room-cap(b.data), budgetWait) {
			return errBusy
		}
		b.small = room
	} else {
		wait := time.Duration(0)
		if room = min(room, size); known {
			room, wait = size, budgetWait
		}
		if !b.from.large.take(room-cap(b.data), wait) {
			return errBusy
		}
		b.large += room - cap(b.data)
	}
	larger := make([]byte, len(b.data), room)
	copy(larger, b.data)
	b.data = larger
	return nil
}

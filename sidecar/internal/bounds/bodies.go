// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package bounds limits the memory, the time and the connections that clients take.
package bounds

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Limits of requests.
const (
	HeaderTimeout = 10 * time.Second
	BodyTimeout   = 30 * time.Second
	budgetWait    = 5 * time.Second  // for bytes that other bodies use
	endTimeout    = 30 * time.Second // for the end of a response
	MaxHeader     = 16 << 10         // bytes of a request's header, as in Node.js
	SmallBody     = 64 << 10         // bytes of a body without a session; the first bytes of every other body
	SmallBudget   = 16 << 20         // bytes of all small bodies and first bytes
	LargeBudget   = 24 << 20         // bytes of all bodies beyond those
)

// Errors of Read.
var (
	ErrTooLarge = errors.New("the body is too large")
	ErrBusy     = errors.New("the bodies of other requests use all memory for them")
)

// Bodies reads request bodies into a bounded amount of memory. Small bodies have an amount of their own, so that large
// ones cannot keep ordinary requests out.
type Bodies struct{ Small, Large *Budget }

// NewBodies takes the size of the largest body in bytes.
func NewBodies(maxMessage int) *Bodies {
	return &Bodies{newBudget(SmallBudget), newBudget(max(LargeBudget, maxMessage))}
}

// A Body is a request body in memory. Call Release when it is no longer needed.
type Body struct {
	Data         []byte
	from         *Bodies
	small, large int // bytes of each budget
}

// Release gives the memory back. It may be called again.
func (b *Body) Release() {
	b.from.Small.give(b.small)
	b.from.Large.give(b.large)
	b.small, b.large, b.Data = 0, 0, nil
}

// Read reads a body of at most limit bytes. The caller releases the body, even after an error.
func (s *Bodies) Read(w http.ResponseWriter, r *http.Request, limit int) (*Body, error) {
	b := &Body{from: s}
	if r.ContentLength > int64(limit) {
		return b, ErrTooLarge
	}
	expected, known := limit, r.ContentLength >= 0
	if known {
		expected = int(r.ContentLength)
	}
	for {
		if len(b.Data) == cap(b.Data) {
			// One byte more than expected, so that the end of the body is read.
			if err := b.grow(expected+1, known); err != nil {
				return b, err
			}
		}
		n, err := r.Body.Read(b.Data[len(b.Data):cap(b.Data)])
		b.Data = b.Data[:len(b.Data)+n]
		if len(b.Data) > limit {
			return b, ErrTooLarge
		}
		if err == io.EOF {
			// The deadline was for the body only; see WithDeadlines.
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
func (b *Body) grow(size int, known bool) error {
	room := max(2*cap(b.Data), 4<<10)
	if cap(b.Data) <= SmallBody {
		room = min(room, SmallBody+1, size)
		if !b.from.Small.Take(room-cap(b.Data), budgetWait) {
			return ErrBusy
		}
		b.small = room
	} else {
		wait := time.Duration(0)
		if room = min(room, size); known {
			room, wait = size, budgetWait
		}
		if !b.from.Large.Take(room-cap(b.Data), wait) {
			return ErrBusy
		}
		b.large += room - cap(b.Data)
	}
	larger := make([]byte, len(b.Data), room)
	copy(larger, b.Data)
	b.Data = larger
	return nil
}

// WithDeadlines bounds the time for the body of every request, also of one that is refused before its body is read.
func WithDeadlines(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if r.ContentLength != 0 {
			_ = control.SetReadDeadline(time.Now().Add(BodyTimeout))
		}
		// A stream on this connection has set one.
		_ = control.SetWriteDeadline(time.Time{})
		defer func() {
			SetWorking(r, false)
			// The end of the response is sent when this returns, perhaps long after the last event of a stream.
			_ = control.SetWriteDeadline(time.Now().Add(endTimeout))
		}()
		next.ServeHTTP(w, r)
	})
}

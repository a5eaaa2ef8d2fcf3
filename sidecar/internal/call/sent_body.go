// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// A small body is sent in the same packet as the header, which the transport does for the readers of package bytes only.
const smallBody = 4 << 10

var errSent = errors.New("the body was given back")

// A sentBody is a body for the server. The request refers to it as long as the response passes, but not to its bytes, which
// are gone when they were sent.
type sentBody struct {
	mu   sync.Mutex
	data []byte // nil when the server has answered
}

// open returns a reader of the body. It may be called again until the server has answered.
func (b *sentBody) open() (io.ReadCloser, error) {
	data := b.get()
	if data == nil {
		return nil, errSent
	}
	if len(data) <= smallBody {
		return io.NopCloser(bytes.NewReader(data)), nil
	}
	return &sentReader{body: b}, nil
}

func (b *sentBody) get() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data
}

func (b *sentBody) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.data = nil
}

// A sentReader has the bytes from its first use until its end.
type sentReader struct {
	body *sentBody
	rest []byte
}

func (r *sentReader) Read(p []byte) (int, error) {
	if r.body != nil {
		if r.rest = r.body.get(); r.rest == nil {
			return 0, errSent
		}
		r.body = nil
	}
	n := copy(p, r.rest)
	if r.rest = r.rest[n:]; len(r.rest) == 0 {
		r.rest = nil
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *sentReader) Close() error { return nil }

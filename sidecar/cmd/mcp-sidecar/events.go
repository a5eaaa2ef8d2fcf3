// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const sendTimeout = 30 * time.Second // a client that reads nothing for this long is gone

// events writes server-sent events.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	ticker  *time.Ticker
}

func newEvents(w http.ResponseWriter) *events {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-cache, no-transform")
	header.Set("X-Accel-Buffering", "no")
	e := &events{w, http.NewResponseController(w), time.NewTicker(aliveEvery)}
	w.WriteHeader(http.StatusOK)
	_ = e.control.Flush()
	return e
}

// next waits for a message and keeps the connection alive meanwhile. It returns nil when the stream is over.
func (e *events) next(r *http.Request, from *stream, ended <-chan struct{}) jsonrpc.Message {
	for {
		select {
		case message := <-from.queue:
			return message
		case <-e.ticker.C:
			if e.write([]byte(": alive\n\n")) != nil {
				return nil
			}
		case <-ended:
			select {
			case message := <-from.queue:
				return message
			default:
				return nil
			}
		case <-r.Context().Done():
			return nil
		}
	}
}

func (e *events) message(message jsonrpc.Message) error {
	parts, err := encode(message)
	if err != nil {
		return err
	}
	return e.event("message", parts...)
}

func (e *events) event(kind string, data ...[]byte) error {
	return e.write(slices.Concat([][]byte{[]byte("event: " + kind + "\ndata: ")}, data, [][]byte{[]byte("\n\n")})...)
}

func (e *events) write(parts ...[]byte) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(sendTimeout))
	for _, part := range parts {
		if _, err := e.w.Write(part); err != nil {
			return err
		}
	}
	return e.control.Flush()
}

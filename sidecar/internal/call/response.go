// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"net/http"
	"strings"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
)

const sendTimeout = 30 * time.Second // a client that reads nothing for this long is gone

// A response passes bytes on and reads along.
type response struct {
	http.ResponseWriter
	exchange *exchange
}

// Unwrap lets http.ResponseController flush and set deadlines.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(status int) {
	info := w.exchange.info
	if status >= 200 && info.Status == 0 {
		info.Status = status
		w.exchange.session = w.Header().Get(sessionHeader)
		info.Release() // the server has the request
		w.choose()
	}
	w.ResponseWriter.WriteHeader(status)
}

// choose decides how to read along.
func (w *response) choose() {
	info := w.exchange.info
	kind := strings.ToLower(w.Header().Get("Content-Type"))
	isStream := strings.HasPrefix(kind, "text/event-stream")
	if w.Header().Get("Content-Encoding") != "" || (!isStream && !strings.HasPrefix(kind, "application/json")) {
		return
	}
	w.exchange.scanner = &scanner{found: w.exchange.found}
	if isStream {
		info.IsStream = true
		w.exchange.calls.Sessions.streaming(info.Session, 1)
		w.exchange.events = &events{scanner: w.exchange.scanner, ended: w.exchange.event}
		// A stream that the server has opened does not end for the connection of another client.
		bounds.SetWorking(w.exchange.request, true)
		for _, o := range w.exchange.calls.observers {
			if o.Opened != nil {
				o.Opened(w.exchange.request, w.exchange.info)
			}
		}
	}
}

func (w *response) Write(p []byte) (int, error) {
	if w.exchange.info.Status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(sendTimeout))
	n, err := w.ResponseWriter.Write(p)
	w.exchange.info.ResponseBytes += int64(n)
	switch {
	case w.exchange.events != nil:
		w.exchange.events.write(p[:n])
	case w.exchange.scanner != nil:
		w.exchange.scanner.write(p[:n])
	}
	return n, err
}

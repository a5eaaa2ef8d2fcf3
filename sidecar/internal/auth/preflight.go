// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

const (
	preflightTimeout = 5 * time.Second
	maxPreflights    = 16 // at a time
)

// Headers of a preflight request that the server sees; those of a gateway say which address the client used.
var preflightHeaders = []string{
	"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
}

var errNoBody = errors.New("a response to a preflight request has no body")

// isPreflight reports whether a browser asks whether a web page of another origin may send a request (the CORS-preflight
// request of the Fetch standard). Browsers send no credentials with it.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.ContentLength == 0 && len(r.TransferEncoding) == 0 &&
		len(r.Header.Values("Origin")) == 1 && r.Header.Get("Origin") != "" &&
		len(r.Header.Values("Access-Control-Request-Method")) == 1 && r.Header.Get("Access-Control-Request-Method") != ""
}

// preflight lets the server say which origins it permits. Neither has a token been verified nor does the request call a
// tool, so nothing else passes: of the request only its path and the headers of CORS, of the response only whether it is
// positive and the headers of CORS. The time and the number of these requests are bounded.
func (a *Authenticator) preflight(w http.ResponseWriter, r *http.Request, next http.Handler) {
	select {
	case a.preflights <- struct{}{}:
		defer func() { <-a.preflights }()
	default:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), preflightTimeout)
	defer cancel()
	inner := r.Clone(ctx)
	inner.URL.RawQuery, inner.URL.ForceQuery = "", false
	inner.Header = http.Header{}
	for _, name := range preflightHeaders {
		if values := r.Header.Values(name); len(values) > 0 {
			inner.Header[name] = values
		}
	}
	answer := &preflightResponse{outer: w, header: http.Header{}}
	defer func() {
		// The reverse proxy panics where it cannot copy a body.
		if cause := recover(); cause != nil && (cause != http.ErrAbortHandler || !answer.written) {
			panic(cause)
		}
	}()
	next.ServeHTTP(answer, inner)
}

// A preflightResponse passes the headers of CORS and no body.
type preflightResponse struct {
	outer   http.ResponseWriter
	header  http.Header
	written bool
}

func (p *preflightResponse) Header() http.Header { return p.header }

func (p *preflightResponse) WriteHeader(status int) {
	if p.written || status < 200 {
		return
	}
	p.written = true
	to := p.outer.Header()
	for name, values := range p.header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
			to[name] = values
		}
	}
	switch {
	case status < 300:
		status = http.StatusNoContent
	case status < 500:
		status = http.StatusForbidden
	}
	p.outer.WriteHeader(status)
}

func (p *preflightResponse) Write([]byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	return 0, errNoBody
}

// permitPages lets web pages read a refusal, as they can read the metadata: both are the same for every client. Without it,
// a client in a browser would not find the authorization server.
func permitPages(header http.Header) {
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After")
}

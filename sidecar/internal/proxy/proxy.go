// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package proxy forwards requests to the MCP server in the same Pod.
package proxy

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/hosts"
)

const (
	dialTimeout     = 5 * time.Second
	idleTimeout     = 1500 * time.Millisecond // servers close idle connections after 2 s (gunicorn) or 5 s (Node.js, uvicorn)
	idleConnections = 256
	maxHeader       = 64 << 10 // bytes of a response's header
	copyBuffer      = 8 << 10
)

// Settings of a proxy.
type Settings struct {
	Target       *url.URL
	Names        *hosts.Names // of this server; see docs/decisions/0019-names-of-the-sidecar.md
	PreserveHost bool         // the server sees every Host header as the client sent it
}

// New returns a handler that forwards requests. ReverseProxy flushes streams at once; a response whose length is known is of no
// use to the client before its end, so it is sent in as few packets as possible.
func New(s Settings) http.Handler {
	dialer := &net.Dialer{Timeout: dialTimeout}
	return &httputil.ReverseProxy{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			MaxIdleConnsPerHost:    idleConnections,
			IdleConnTimeout:        idleTimeout,
			DisableCompression:     true,
			MaxResponseHeaderBytes: maxHeader,
		},
		Rewrite:        s.rewrite,
		ModifyResponse: s.restoreLocation,
		BufferPool:     &buffers{sync.Pool{New: func() any { return new([copyBuffer]byte) }}},
		ErrorHandler:   answerError,
		ErrorLog:       log.New(io.Discard, "", 0), // an error while a response passes: the client has disconnected, or the server has
	}
}

// rewrite makes the request for the server.
func (s Settings) rewrite(r *httputil.ProxyRequest) {
	r.Out = r.Out.WithContext(context.WithValue(r.Out.Context(), originalKey{}, r.In))
	r.Out.URL.Scheme, r.Out.URL.Host = s.Target.Scheme, s.Target.Host
	if s.isRewritten(r.In.Host) {
		r.Out.Host = s.Target.Host
		if origin, err := url.Parse(r.In.Header.Get("Origin")); err == nil && origin.Host != "" && strings.EqualFold(origin.Host, r.In.Host) {
			r.Out.Header.Set("Origin", "http://"+s.Target.Host)
		}
	}
	// The transport sends a request with one of these again, also if the server may have it. It does not know them in lower case.
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values := r.Out.Header[name]; values != nil {
			delete(r.Out.Header, name)
			r.Out.Header[strings.ToLower(name)] = values
		}
	}
	// The sidecar reads responses along.
	r.Out.Header.Del("Accept-Encoding")
	r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
	r.SetXForwarded()
	// A gateway in front knows the address that the client used.
	for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Proto"} {
		if value := r.In.Header.Get(name); value != "" {
			r.Out.Header.Set(name, value)
		}
	}
}

// WithoutConnectionHeaders removes the headers for one connection. It does so before other handlers see the request, so that a
// client cannot name a header that they add. A switch of protocols would let requests pass unread. It also removes headers in
// a spelling with underscores that servers with CGI's names, such as those of WSGI, take for headers that the sidecar reads.
func WithoutConnectionHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, value := range r.Header.Values("Connection") {
			for name := range strings.SplitSeq(value, ",") {
				r.Header.Del(strings.TrimSpace(name))
			}
		}
		for _, name := range []string{"Connection", "Upgrade", "Expect"} {
			r.Header.Del(name)
		}
		for name := range r.Header {
			if strings.Contains(name, "_") && isRead(strings.ReplaceAll(strings.ToLower(name), "_", "-")) {
				delete(r.Header, name)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// isRead reports whether the sidecar reads or sets a header.
func isRead(name string) bool {
	return strings.HasPrefix(name, "mcp-") || strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "x-forwarded-") ||
		name == "transfer-encoding"
}

// isRewritten reports whether the server sees its own address as Host. Servers that listen on localhost, and those of Go
// that are called over loopback, refuse all other hosts, to prevent DNS rebinding. Names that cannot be rebound may be replaced.
// Others pass, so that the server still refuses them.
func (s Settings) isRewritten(host string) bool { return !s.PreserveHost && s.Names.Include(host) }

// restoreLocation replaces the address of the server in redirects by the one that the client used.
func (s Settings) restoreLocation(r *http.Response) error {
	original, _ := r.Request.Context().Value(originalKey{}).(*http.Request)
	if original == nil || r.Header.Get("Location") == "" {
		return nil
	}
	location, err := url.Parse(r.Header.Get("Location"))
	if err != nil || !strings.EqualFold(location.Host, s.Target.Host) {
		return nil
	}
	location.Host = original.Host
	location.Scheme = "http"
	if original.TLS != nil || strings.EqualFold(original.Header.Get("X-Forwarded-Proto"), "https") {
		location.Scheme = "https"
	}
	r.Header.Set("Location", location.String())
	return nil
}

type originalKey struct{}

// answerError answers a request that the server does not answer.
func answerError(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		return // the client has disconnected
	}
	status, text := http.StatusBadGateway, "The server does not answer."
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		status, text = http.StatusRequestEntityTooLarge, "The body is too large."
	}
	call.Refuse(w, r, status, jsonrpc.CodeInternalError, text)
}

// buffers are those for copying responses.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte  { return b.pool.Get().(*[copyBuffer]byte)[:] }
func (b *buffers) Put(p []byte) { b.pool.Put((*[copyBuffer]byte)(p)) }

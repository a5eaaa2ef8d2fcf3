// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A connection of a client. It may be closed for a new one while it waits for the client: before a request is complete,
// or between requests.
type connection struct {
	net.Conn
	address string // without the port
	since   time.Time
	working atomic.Bool
	closed  func()
}

func (c *connection) Close() error {
	c.closed()
	return c.Conn.Close()
}

// A limitedListener accepts a bounded number of connections. At the limit, the address with the most connections loses the
// oldest that waits, so that a single client cannot keep the kubelet and other clients out.
type limitedListener struct {
	net.Listener
	limit int

	mu   sync.Mutex
	open map[*connection]struct{}
}

// LimitConnections bounds the open connections of a listener.
func LimitConnections(listener net.Listener, limit int) net.Listener {
	return limitConnections(listener, limit)
}

func limitConnections(listener net.Listener, limit int) *limitedListener {
	return &limitedListener{Listener: listener, limit: limit, open: map[*connection]struct{}{}}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		address, _, _ := net.SplitHostPort(raw.RemoteAddr().String())
		c := &connection{Conn: raw, address: address, since: time.Now()}
		c.closed = func() { l.forget(c) }
		evicted, admitted := l.admit(c)
		if evicted != nil {
			_ = evicted.Close()
		}
		if admitted {
			return c, nil
		}
		_ = raw.Close()
	}
}

// admit adds a connection. It returns the one to close for it, and false where all others are working.
func (l *limitedListener) admit(c *connection) (evicted *connection, admitted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) >= l.limit {
		if evicted = l.oldestOfLargest(); evicted == nil {
			return nil, false
		}
		delete(l.open, evicted)
	}
	l.open[c] = struct{}{}
	return evicted, true
}

// oldestOfLargest returns the oldest waiting connection of the address with the most connections. The caller holds the lock.
func (l *limitedListener) oldestOfLargest() *connection {
	counts := map[string]int{}
	for c := range l.open {
		counts[c.address]++
	}
	var found *connection
	for c := range l.open {
		if c.working.Load() {
			continue
		}
		if found == nil || counts[c.address] > counts[found.address] ||
			(counts[c.address] == counts[found.address] && c.since.Before(found.since)) {
			found = c
		}
	}
	return found
}

func (l *limitedListener) forget(c *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}

type connectionKey struct{}

// WithConnection lets handlers find the connection of a request; see http.Server.ConnContext. TLS may wrap the connection.
func WithConnection(ctx context.Context, c net.Conn) context.Context {
	if encrypted, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = encrypted.NetConn()
	}
	return context.WithValue(ctx, connectionKey{}, c)
}

// SetWorking protects the connection of a request from being closed for another one.
func SetWorking(r *http.Request, working bool) {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		c.working.Store(working)
	}
}

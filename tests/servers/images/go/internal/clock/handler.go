// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"fmt"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// idleSession is how long a session may be silent: clients that never say goodbye must not add up under load.
const idleSession = 5 * time.Minute

// Transports are the values that NewHandler takes.
const (
	Both           = "both"
	StreamableHTTP = "streamable-http"
	SSE            = "sse"
)

// NewHandler serves a server by Streamable HTTP on /mcp, by HTTP+SSE on /sse, or by both. Stateless means no sessions on
// /mcp: the SDK speaks 2026-07-28 only then.
func NewHandler(server *mcp.Server, transport string, stateless bool) (http.Handler, error) {
	same := func(*http.Request) *mcp.Server { return server }
	streamable := mcp.NewStreamableHTTPHandler(same, &mcp.StreamableHTTPOptions{
		SessionTimeout: idleSession,
		Stateless:      stateless,
	})
	sse := mcp.NewSSEHandler(same, nil)
	mux := http.NewServeMux()
	switch transport {
	case Both:
		mux.Handle("/mcp", streamable)
		mux.Handle("/sse", sse)
	case StreamableHTTP:
		mux.Handle("/mcp", streamable)
	case SSE:
		mux.Handle("/sse", sse)
	default:
		return nil, fmt.Errorf("unknown transport %q: one of %s, %s, %s", transport, Both, StreamableHTTP, SSE)
	}
	return mux, nil
}

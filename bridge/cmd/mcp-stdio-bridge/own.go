// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// own is the upstream of a session that has the server for itself: every message passes as it is.
type own struct{ child *child }

func (o *own) send(_ *session, message jsonrpc.Message) error {
	select {
	case <-o.child.gone:
		return o.child.why("")
	default:
		return o.child.send(message)
	}
}

func (o *own) close(*session) { go o.child.stop() }

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

// dedicated is the upstream of a session with a server process of its own: messages pass unchanged.
type dedicated struct{ child *child }

func (o *dedicated) send(_ *session, message jsonrpc.Message) error {
	select {
	case <-o.child.exited:
		return o.child.exitCause("")
	default:
		return o.child.send(message)
	}
}

func (o *dedicated) close(*session) { go o.child.stop() }

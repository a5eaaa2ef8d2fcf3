// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

func TestCallsWithoutASessionAreInFlight(t *testing.T) {
	h := newTestHandler(echo{})
	if busy(h.sessionManager) {
		t.Fatal("no call is in flight")
	}
	m := newMux(nil)
	h.sessionManager.stateless = m
	id, _ := jsonrpc.MakeID("1")
	m.register(newSession("", time.Hour), &jsonrpc.Request{ID: id, Method: "tools/list"})
	if !busy(h.sessionManager) {
		t.Error("the server would be stopped before it answers")
	}
}

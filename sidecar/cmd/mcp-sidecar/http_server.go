// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/tlsserver"
)

const (
	drain              = 10 * time.Second // for calls in flight when the Pod terminates
	baseConnections    = 256
	sessionConnections = 4 // more for each session
	baseMemory         = 96 << 20
	sessionMemory      = 64 << 10 // more for each session
)

// limitMemory lets the garbage collector work harder before the program takes much of the container's memory, most of
// which is for the server's processes.
func limitMemory(maxSessions int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(baseMemory + sessionMemory*int64(maxSessions))
	}
}

func newServer(h *handler) *http.Server { return httpServer(h.handler()) }

func httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ConnContext:       bounds.WithConnection,
		ErrorLog:          tlsserver.ErrorLog(log),
		ReadHeaderTimeout: bounds.HeaderTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    bounds.MaxHeader,
	}
}

// shutDownOnSignal waits for calls in flight, stops the servers, calls a function and exits.
func shutDownOnSignal(server *http.Server, manager *sessionManager, last func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
	go func() {
		deadline := time.Now().Add(drain)
		for time.Now().Before(deadline) && busy(manager) {
			time.Sleep(50 * time.Millisecond)
		}
		manager.stop()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		last()
		os.Exit(0)
	}()
	// A second signal exits at once.
	<-signals
	os.Exit(exitFailed)
}

func busy(manager *sessionManager) bool {
	for _, s := range manager.all() {
		s.mu.Lock()
		calls := len(s.calls)
		s.mu.Unlock()
		if calls > 0 {
			return true
		}
	}
	// Clients of the stateless revision have no sessions.
	return slices.ContainsFunc(manager.muxes(), (*mux).busy)
}

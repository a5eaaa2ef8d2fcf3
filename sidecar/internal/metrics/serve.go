// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"mcp.kubernetes/sidecar/internal/bounds"
)

const (
	maxConnections = 64
	sendTimeout    = 20 * time.Second
	maxScrapes     = 4
	probeEvery     = time.Second // at most
)

// A Probe reports why the server is not ready, nil where it is.
type Probe func() error

// Serve serves /metrics, /healthz, /readyz and, if sessions are waited for, /drained. It does not use TLS, and shows nothing
// of calls but their numbers.
func (m *Metrics) Serve(listener net.Listener, probe Probe) error {
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes}))
	started := time.Now()
	routes.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, map[string]any{"status": "healthy", "uptime_seconds": int(time.Since(started).Seconds())})
	})
	ready := &readiness{probe: probe}
	routes.HandleFunc("GET /readyz", ready.serve)
	if m.drains != nil {
		routes.HandleFunc("GET /drained", m.drains.serve)
	}
	server := &http.Server{
		Handler: routes, ReadHeaderTimeout: bounds.HeaderTimeout, ReadTimeout: bounds.HeaderTimeout,
		WriteTimeout: sendTimeout, IdleTimeout: time.Minute, MaxHeaderBytes: bounds.MaxHeader,
	}
	return server.Serve(bounds.LimitConnections(listener, maxConnections))
}

// readiness keeps the result of a probe for a moment, so that many requests do not load the server.
type readiness struct {
	probe Probe

	mu      sync.Mutex
	checked time.Time
	took    time.Duration
	failure error
}

func (r *readiness) serve(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	if time.Since(r.checked) >= probeEvery {
		start := time.Now()
		r.failure = r.probe()
		r.checked = time.Now()
		r.took = r.checked.Sub(start)
	}
	target := map[string]any{"status": "up", "latency_ms": r.took.Milliseconds(), "last_check": r.checked.UTC().Format(time.RFC3339)}
	status, word := http.StatusOK, "ready"
	if r.failure != nil {
		status, word = http.StatusServiceUnavailable, "not_ready"
		target["status"], target["error"] = "down", r.failure.Error()
	}
	r.mu.Unlock()
	write(w, status, map[string]any{"status": word, "checks": map[string]any{"target": target}})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"net/http"
	"time"

	"mcp.kubernetes/sidecar/internal/call"
)

const (
	// Until the address of the Pod has been removed from the Service everywhere, new sessions may begin.
	drainSettle = 3 * time.Second
	drainStep   = 100 * time.Millisecond
	// More would take the connections of scrapes and probes.
	maxDrains = 8
)

// drains serves requests that wait until no session is open and no call is in flight. The kubelet sends one before it stops
// the server. Requests beyond the limit wait only until the address of the Pod has been removed, so whatever can connect to
// this port can end the wait for sessions: a NetworkPolicy has to isolate it.
type drains struct {
	calls  *call.Calls
	settle time.Duration
	wait   time.Duration // at most
	places chan struct{}
}

func newDrains(calls *call.Calls, wait time.Duration) *drains {
	return &drains{calls, min(drainSettle, wait), wait, make(chan struct{}, maxDrains)}
}

func (d *drains) serve(w http.ResponseWriter, r *http.Request) {
	wait, status, word := d.wait, http.StatusOK, "drained"
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	default:
		wait, status, word = d.settle, http.StatusServiceUnavailable, "too many requests wait"
	}
	began := time.Now()
	if err := http.NewResponseController(w).SetWriteDeadline(began.Add(wait + sendTimeout)); err != nil {
		write(w, http.StatusInternalServerError, map[string]any{"status": err.Error()})
		return
	}
	step := time.NewTicker(drainStep)
	defer step.Stop()
	for waited := time.Duration(0); waited < wait && (waited < d.settle || d.busy()); waited = time.Since(began) {
		select {
		case <-r.Context().Done():
			return
		case <-step.C:
		}
	}
	write(w, status, map[string]any{"status": word, "sessions": d.calls.Sessions.Active()})
}

func (d *drains) busy() bool { return d.calls.InFlight() > 0 || d.calls.Sessions.Active() > 0 }

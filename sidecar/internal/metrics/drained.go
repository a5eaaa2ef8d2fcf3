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
// the server. Requests change nothing, so it does not matter what else sends one.
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
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	default:
		write(w, http.StatusServiceUnavailable, map[string]any{"status": "too many requests wait"})
		return
	}
	began := time.Now()
	if err := http.NewResponseController(w).SetWriteDeadline(began.Add(d.wait + sendTimeout)); err != nil {
		write(w, http.StatusInternalServerError, map[string]any{"status": err.Error()})
		return
	}
	step := time.NewTicker(drainStep)
	defer step.Stop()
	for waited := time.Duration(0); waited < d.wait && (waited < d.settle || d.busy()); waited = time.Since(began) {
		select {
		case <-r.Context().Done():
			return
		case <-step.C:
		}
	}
	write(w, http.StatusOK, map[string]any{"status": "drained", "sessions": d.calls.Sessions.Active()})
}

func (d *drains) busy() bool { return d.calls.InFlight() > 0 || d.calls.Sessions.Active() > 0 }

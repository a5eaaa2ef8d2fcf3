// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"mcp.kubernetes/sidecar/internal/call"
)

// The buckets that the semantic conventions for MCP advise.
var buckets = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300}

// otel records metrics of OpenTelemetry's semantic conventions for MCP under the names that Prometheus gives them.
type otel struct{ duration *prometheus.HistogramVec }

func newOTel(registry *prometheus.Registry) *otel {
	o := &otel{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "mcp_server_operation_duration_seconds",
		Help:    "Duration of MCP requests and notifications, until the response has passed (mcp.server.operation.duration).",
		Buckets: buckets,
	}, []string{"mcp_method_name", "gen_ai_tool_name", "error_type", "mcp_protocol_version", "network_transport"})}
	registry.MustRegister(o.duration)
	return o
}

func (o *otel) ended(m *call.Message, tool string) {
	if m.Method == "" {
		return
	}
	kind := known(errorTypes, m.Outcome.ErrorType())
	o.duration.WithLabelValues(known(methods, m.Method), tool, kind, protocolOf(m), "tcp").Observe(m.Outcome.Duration.Seconds())
}

func (o *otel) began(*http.Request)              {}
func (o *otel) event(*call.Info, string)         {}
func (o *otel) opened(bool)                      {}
func (o *otel) closed(*http.Request, *call.Info) {}

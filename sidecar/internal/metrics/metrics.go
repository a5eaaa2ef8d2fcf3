// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"mcp.kubernetes/sidecar/internal/call"
)

// Settings of metrics.
type Settings struct {
	Names         string        // otel, compatible, or both separated by a comma
	Tools         []string      // whose names are shown; learned from the results of tools/list where there are none
	ServerName    string        // NAMESPACE/NAME of the MCPServer
	Target        string        // address of the server
	Version       string        // of the sidecar
	DrainSessions time.Duration // how long /drained waits for the end of sessions, at most; 0: it is not served
}

// Metrics of one server.
type Metrics struct {
	Registry *prometheus.Registry

	drains     *drains // nil unless sessions are waited for
	tools      *set
	recorders  []recorder
	streams    prometheus.Gauge
	requests   prometheus.Counter // bytes
	responses  prometheus.Counter // bytes
	statuses   *prometheus.CounterVec
	limited    *prometheus.CounterVec
	sessionEnd prometheus.Histogram
}

// Limited counts a request that a limit has refused.
func (m *Metrics) Limited(limit string) { m.limited.WithLabelValues(limit).Inc() }

// A recorder records calls under the names of one convention.
type recorder interface {
	ended(m *call.Message, tool string)
	event(info *call.Info, kind string)
	began(r *http.Request)
	opened(isGet bool) // a stream
	closed(r *http.Request, info *call.Info)
}

// New registers metrics, and observes calls.
func New(s Settings, calls *call.Calls) (*Metrics, error) {
	m := &Metrics{Registry: prometheus.NewRegistry(), tools: newSet(s.Tools)}
	for name := range strings.SplitSeq(s.Names, ",") {
		switch name {
		case "otel":
			m.recorders = append(m.recorders, newOTel(m.Registry))
		case "compatible":
			m.recorders = append(m.recorders, newCompatible(m.Registry, s))
		default:
			return nil, fmt.Errorf("--metrics-names: %q is neither otel nor compatible", name)
		}
	}
	if s.DrainSessions > 0 {
		m.drains = newDrains(calls, s.DrainSessions)
	}
	m.register(s, calls)
	calls.Sessions.OnEnded = func(lasted time.Duration) { m.sessionEnd.Observe(lasted.Seconds()) }
	calls.Observe(call.Observer{Began: m.began, Ended: m.ended, Opened: m.opened, Event: m.event, Closed: m.closed})
	return m, nil
}

func (m *Metrics) register(s Settings, calls *call.Calls) {
	namespace, name, _ := strings.Cut(s.ServerName, "/")
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "target_info", Help: "The MCPServer and the version of the sidecar.",
		ConstLabels: prometheus.Labels{"service_namespace": namespace, "service_name": name, "service_version": s.Version},
	})
	info.Set(1)
	m.streams = prometheus.NewGauge(prometheus.GaugeOpts{Name: "mcp_sidecar_streams", Help: "Open streams of server-sent events."})
	m.requests = prometheus.NewCounter(prometheus.CounterOpts{Name: "mcp_sidecar_request_bytes_total", Help: "Bytes of request bodies."})
	m.responses = prometheus.NewCounter(prometheus.CounterOpts{Name: "mcp_sidecar_response_bytes_total", Help: "Bytes of response bodies."})
	m.statuses = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "mcp_sidecar_http_responses_total", Help: "HTTP responses by status. Status 0: the client disconnected first.",
	}, []string{"code"})
	m.limited = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "mcp_sidecar_limited_total", Help: "Requests that were refused with 429, by limit.",
	}, []string{"limit"})
	m.sessionEnd = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "mcp_server_session_duration_seconds", Help: "Duration of sessions that have ended.", Buckets: buckets,
	})
	m.Registry.MustRegister(
		info, m.streams, m.requests, m.responses, m.statuses, m.limited, m.sessionEnd,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mcp_sidecar_sessions", Help: "Sessions that have not ended, with a stream, or with a request in the last 10 minutes.",
		}, func() float64 { return float64(calls.Sessions.Active()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mcp_sidecar_calls_in_flight", Help: "Requests that wait for their response.",
		}, func() float64 { return float64(calls.InFlight()) }),
	)
}

func (m *Metrics) began(r *http.Request, _ *call.Info) {
	for _, recorder := range m.recorders {
		recorder.began(r)
	}
}

func (m *Metrics) ended(message *call.Message) {
	m.tools.learn(message.Tools...)
	tool := ""
	if message.IsToolCall() {
		tool = m.tools.label(message.Name)
	}
	for _, recorder := range m.recorders {
		recorder.ended(message, tool)
	}
}

func (m *Metrics) event(info *call.Info, kind string) {
	for _, recorder := range m.recorders {
		recorder.event(info, kind)
	}
}

func (m *Metrics) opened(r *http.Request, _ *call.Info) {
	m.streams.Inc()
	for _, recorder := range m.recorders {
		recorder.opened(r.Method == http.MethodGet)
	}
}

func (m *Metrics) closed(r *http.Request, info *call.Info) {
	if info.IsStream {
		m.streams.Dec()
	}
	m.statuses.WithLabelValues(statusOf(info.Status)).Inc()
	m.requests.Add(float64(info.RequestBytes))
	m.responses.Add(float64(info.ResponseBytes))
	for _, recorder := range m.recorders {
		recorder.closed(r, info)
	}
}

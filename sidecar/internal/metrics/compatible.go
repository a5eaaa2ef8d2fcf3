// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"mcp.kubernetes/sidecar/internal/call"
)

const unknownMethod = "unknown"

var (
	durations = []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	sizes     = []float64{100, 1e3, 1e4, 1e5, 1e6}
	streaming = []float64{1, 5, 10, 30, 60, 300, 600, 1800, 3600}
	kinds     = []string{"message", "endpoint", "ping", "error"}
)

// compatible records the metrics of the sidecar of github.com/vitorbari/mcp-operator, for its dashboards and alerts.
type compatible struct {
	requests, tools, resources, errors, events *prometheus.CounterVec
	duration, requestSize, responseSize        prometheus.Histogram
	active, streams                            prometheus.Gauge
	streamsTotal                               prometheus.Counter
	streamDuration                             prometheus.Histogram
	uris                                       *set
}

func newCompatible(registry *prometheus.Registry, s Settings) *compatible {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		vector := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		registry.MustRegister(vector)
		return vector
	}
	histogram := func(name, help string, bounds []float64) prometheus.Histogram {
		h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: bounds})
		registry.MustRegister(h)
		return h
	}
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
		registry.MustRegister(g)
		return g
	}
	c := &compatible{
		requests:       counter("mcp_requests_total", "HTTP requests by status and method.", "status", "method"),
		tools:          counter("mcp_tool_calls_total", "Calls of tools.", "tool_name"),
		resources:      counter("mcp_resource_reads_total", "Reads of resources.", "resource_uri"),
		errors:         counter("mcp_request_errors_total", "JSON-RPC errors by method and code.", "method", "error_code"),
		events:         counter("mcp_sse_events_total", "Server-sent events by type.", "event_type"),
		duration:       histogram("mcp_request_duration_seconds", "Duration of HTTP requests.", durations),
		requestSize:    histogram("mcp_request_size_bytes", "Bytes of request bodies.", sizes),
		responseSize:   histogram("mcp_response_size_bytes", "Bytes of response bodies.", sizes),
		active:         gauge("mcp_active_connections", "HTTP requests in progress."),
		streams:        gauge("mcp_sse_connections_active", "Open streams of GET requests."),
		streamsTotal:   prometheus.NewCounter(prometheus.CounterOpts{Name: "mcp_sse_connections_total", Help: "Streams of GET requests."}),
		streamDuration: histogram("mcp_sse_connection_duration_seconds", "Duration of streams of GET requests.", streaming),
		uris:           newSet(nil),
	}
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "mcp_proxy_info", Help: "The version and the target of the sidecar."}, []string{"version", "target"})
	info.WithLabelValues(s.Version, s.Target).Set(1)
	registry.MustRegister(info, c.streamsTotal)
	return c
}

func (c *compatible) began(*http.Request) { c.active.Inc() }

func (c *compatible) ended(m *call.Message, tool string) {
	o := m.Outcome
	method := unknownMethod
	if m.Method != "" {
		method = known(methods, m.Method)
	}
	c.requests.WithLabelValues(statusOf(o.Status), method).Inc()
	if o.Code != 0 {
		c.errors.WithLabelValues(method, known(errorTypes, strconv.FormatInt(o.Code, 10))).Inc()
	}
	switch {
	case tool != "":
		c.tools.WithLabelValues(tool).Inc()
	case m.Method == "resources/read":
		if o.Answered && o.ErrorType() == "" {
			c.uris.learn(m.Name)
		}
		c.resources.WithLabelValues(c.uris.label(m.Name)).Inc()
	}
}

func (c *compatible) event(_ *call.Info, kind string) {
	c.events.WithLabelValues(known(kinds, kind)).Inc()
}

func (c *compatible) opened(isGet bool) {
	if isGet {
		c.streams.Inc()
		c.streamsTotal.Inc()
	}
}

func (c *compatible) closed(r *http.Request, info *call.Info) {
	c.active.Dec()
	lasted := info.Age().Seconds()
	if info.IsStream && r.Method == http.MethodGet {
		c.streams.Dec()
		c.streamDuration.Observe(lasted)
		return
	}
	if len(info.Messages) == 0 {
		c.requests.WithLabelValues(statusOf(info.Status), unknownMethod).Inc()
	}
	c.duration.Observe(lasted)
	if info.RequestBytes > 0 {
		c.requestSize.Observe(float64(info.RequestBytes))
	}
	if info.ResponseBytes > 0 {
		c.responseSize.Observe(float64(info.ResponseBytes))
	}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/metrics"
	"mcp.kubernetes/sidecar/internal/traces"
)

// options are those that run and proxy share.
type options struct {
	allowedHosts  names
	maxMessage    int
	serverName    string
	metricsListen string
	metricsNames  string
	tools         names
	toolsFile     string
	otlpEndpoint  string
	limitSession  string
	limitSubject  string
	termination   string
	drainSessions time.Duration
	security      security
	traces        *traces.Traces // nil without an endpoint
}

func (o *options) register(flags *flag.FlagSet) {
	flags.Var(&o.allowedHosts, "allowed-host", "another name of this server in Host and Origin headers (may be repeated)")
	flags.IntVar(&o.maxMessage, "max-message", 16<<20, "bytes of one message")
	flags.StringVar(&o.serverName, "server-name", "", "NAMESPACE/NAME of the MCPServer, for metrics and traces")
	flags.StringVar(&o.metricsListen, "metrics-listen", "", "address that serves /metrics, /healthz and /readyz")
	flags.StringVar(&o.metricsNames, "metrics-names", "otel", "names of the metrics: otel, compatible, or both separated by a comma")
	flags.Var(&o.tools, "tool", "name of a tool, which metrics then show (may be repeated)")
	flags.StringVar(&o.toolsFile, "tools-file", "", "file with the names of tools, one on each line")
	flags.StringVar(&o.otlpEndpoint, "otlp-endpoint", "", "URL to send traces to (OTLP over HTTP)")
	flags.StringVar(&o.limitSession, "limit-session", "", "messages of one session: N/s:BURST")
	flags.StringVar(&o.limitSubject, "limit-subject", "", "messages of one subject: N/s:BURST")
	flags.StringVar(&o.termination, "termination-log", "/dev/termination-log", "where to say why the sidecar or the server could not run")
	flags.DurationVar(&o.drainSessions, "drain-sessions", 0, "how long /drained on --metrics-listen waits until no session is open; 0: it is not served")
	o.security.register(flags)
}

// areSet reports whether an option needs to see the calls.
func (o *options) areSet() bool {
	return o.metricsListen != "" || o.otlpEndpoint != "" || o.limitSession != "" || o.limitSubject != "" || o.security.areSet()
}

// wrap returns what goes around a handler: what observes first, then what refuses. The probe reports whether the server is
// ready.
func (o *options) wrap(calls *call.Calls, target string, probe metrics.Probe) (func(http.Handler) http.Handler, error) {
	names, err := o.toolNames()
	if err != nil {
		return nil, err
	}
	settings := metrics.Settings{
		Names: o.metricsNames, Tools: names, ServerName: o.serverName, Target: target, Version: version, DrainSessions: o.drainSessions,
	}
	counted, err := metrics.New(settings, calls)
	if err != nil {
		return nil, err
	}
	limited, err := o.limits(counted)
	if err != nil {
		return nil, err
	}
	if o.otlpEndpoint != "" {
		traces.ReportErrors(func(err error) { log("traces are not sent: %v", err) })
		if o.traces, err = traces.New(o.otlpEndpoint, o.serverName, version); err != nil {
			return nil, err
		}
	}
	tokens := o.security.tokens
	counted.Registry.MustRegister(&o.security)
	calls.Observe(o.security.observer())
	if err := o.serveMetrics(counted, probe); err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		if limited != nil {
			next = limited.Middleware(next)
		}
		next = tokens.Authorize(next)
		if o.traces != nil {
			next = o.traces.Middleware(next)
		}
		// Before the body is read: clients without a token must not take the memory for bodies.
		return tokens.Authenticate(calls.Middleware(next))
	}, nil
}

// listener returns the listener that accepts connections of clients.
func (o *options) listener(inner net.Listener) net.Listener { return o.security.listener(inner) }

// terminate writes why the program ends to the file that the kubelet copies into the Pod's status.
func (o *options) terminate(text string) { _ = os.WriteFile(o.termination, []byte(text), 0o600) }

// serve serves until the server is shut down.
func serve(server *http.Server, listener net.Listener) error {
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("the sidecar cannot serve: %w", err)
	}
	return nil
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"mcp.kubernetes/sidecar/internal/limits"
	"mcp.kubernetes/sidecar/internal/metrics"
)

// toolNames returns the names of the options and of the file.
func (o *options) toolNames() ([]string, error) {
	found := append([]string{}, o.tools...)
	if o.toolsFile == "" {
		return found, nil
	}
	data, err := os.ReadFile(o.toolsFile)
	if err != nil {
		return nil, fmt.Errorf("--tools-file: %w", err)
	}
	return append(found, strings.Fields(string(data))...), nil
}

func (o *options) limits(counted *metrics.Metrics) (*limits.Limits, error) {
	if o.limitSession == "" && o.limitSubject == "" {
		return nil, nil
	}
	parse := func(name, text string) (*limits.Rate, error) {
		if text == "" {
			return nil, nil
		}
		r, err := limits.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return &r, nil
	}
	session, err := parse("--limit-session", o.limitSession)
	if err != nil {
		return nil, err
	}
	subject, err := parse("--limit-subject", o.limitSubject)
	if err != nil {
		return nil, err
	}
	return limits.New(session, subject, counted.Limited), nil
}

func (o *options) serveMetrics(counted *metrics.Metrics, probe metrics.Probe) error {
	if o.metricsListen == "" {
		return nil
	}
	listener, err := net.Listen("tcp", o.metricsListen)
	if err != nil {
		return fmt.Errorf("--metrics-listen: %w", err)
	}
	go func() { log("metrics are no longer served: %v", counted.Serve(listener, probe)) }()
	return nil
}

// flush sends the spans that are left.
func (o *options) flush() {
	if o.traces != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = o.traces.Shutdown(ctx)
	}
}

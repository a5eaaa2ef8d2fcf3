// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/prometheus/client_golang/prometheus"

var (
	expiryMetric = prometheus.NewDesc(
		"mcp_sidecar_certificate_expiry_timestamp_seconds", "When the certificate that is served expires, in Unix time.", nil, nil)
	reloadsMetric = prometheus.NewDesc(
		"mcp_sidecar_certificate_reloads_total", "Changed files of TLS: loaded (success), or invalid and not used (error).", []string{"result"}, nil)
	refusalsMetric = prometheus.NewDesc(
		"mcp_sidecar_auth_refusals_total", "Requests that were refused because of their access token, by reason.", []string{"reason"}, nil)
)

// Describe implements prometheus.Collector.
func (s *security) Describe(to chan<- *prometheus.Desc) {
	to <- expiryMetric
	to <- reloadsMetric
	to <- refusalsMetric
}

// Collect implements prometheus.Collector. Without TLS or tokens, their metrics are left out.
func (s *security) Collect(to chan<- prometheus.Metric) {
	if s.certificates != nil {
		to <- prometheus.MustNewConstMetric(expiryMetric, prometheus.GaugeValue, float64(s.certificates.Expiry().Unix()))
		loaded, failed := s.certificates.Reloads()
		to <- prometheus.MustNewConstMetric(reloadsMetric, prometheus.CounterValue, float64(loaded), "success")
		to <- prometheus.MustNewConstMetric(reloadsMetric, prometheus.CounterValue, float64(failed), "error")
	}
	if s.tokens != nil {
		for reason, count := range s.tokens.Refusals() {
			to <- prometheus.MustNewConstMetric(refusalsMetric, prometheus.CounterValue, float64(count), reason)
		}
	}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"net/http/httptest"
	"testing"

	"mcp.kubernetes/sidecar/internal/call"
)

func TestTheSubjectOfAClientCertificate(t *testing.T) {
	named := pkix.Name{CommonName: "planner", Organization: []string{"agents"}}
	for want, leaf := range map[string]*x509.Certificate{
		"planner.team.svc":            {Subject: named, DNSNames: []string{"planner.team.svc"}},
		"subject CN=planner,O=agents": {Subject: named}, // otherwise, its sessions would be those of all such clients
		"":                            {},
	} {
		r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
		r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{leaf}}}
		info := &call.Info{}
		if (&security{}).observer().Began(r, info); info.Subject != want {
			t.Errorf("%q, not %q", info.Subject, want)
		}
	}
	info := &call.Info{}
	if (&security{}).observer().Began(httptest.NewRequest(http.MethodPost, "/mcp", nil), info); info.Subject != "" {
		t.Error(info.Subject)
	}
}

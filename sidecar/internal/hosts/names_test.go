// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package hosts

import "testing"

const clusterFirst = "nameserver 10.96.0.10\nsearch team.svc.example.org svc.example.org example.org corp.example.com\noptions ndots:5\n"

func TestSearchDomains(t *testing.T) {
	for text, want := range map[string][2]string{
		clusterFirst: {"team", "example.org"},
		"search team.svc.cluster.local svc.cluster.local cluster.local\r\n": {"team", "cluster.local"},
		"search corp.example.com example.com\n":                             {},
		"search team.svc.evil.example evil.example\n":                       {},
		"search\nsearch a\nnameserver 1.1.1.1":                              {},
		"":                                                                  {},
	} {
		namespace, domain := searchDomains(text)
		if namespace != want[0] || domain != want[1] {
			t.Errorf("%q: %q %q", text, namespace, domain)
		}
	}
}

func TestNamesOfTheServer(t *testing.T) {
	known := &Names{pod: "memory-6d4b75cb6d-x2x7q", namespace: "team", domain: "example.org", listed: []string{"mcp.example.com", "*.gw.example"}}
	unknown := &Names{pod: "memory-6d4b75cb6d-x2x7q"}
	for _, test := range []struct {
		host           string
		known, unknown bool
	}{
		{"localhost:8080", true, true},
		{"10.0.0.1", true, true},
		{"[fd00::1]:80", true, true},
		{"[::1]", true, true},
		{"memory", true, true},
		{"memory.team", true, false},
		{"memory.team:8080", true, false},
		{"Memory.Team.", true, false},
		{"other.team", false, false},
		{"memory.other", false, false},
		{"memory.team.svc", true, true},
		{"canary.team.svc", true, true},
		{"memory.other.svc", false, true},
		{"memory.team.svc.example.org", true, false},
		{"memory.team.svc.cluster.local", true, true},
		{"0.memory.team.svc.cluster.local.", true, true},
		{"memory.team.svc.clusterset.local", true, true},
		{"memory.other.svc.cluster.local", false, true},
		{"memory.team.svc.evil.example", false, false},
		{"team.svc", false, false},
		{"x.svc.cluster.local", false, false},
		{".svc", false, false},
		{"mcp.example.com:443", true, false},
		{"x.mcp.example.com", false, false},
		{"a.gw.example", true, false},
		{"gw.example", false, false},
		{"xgw.example", false, false},
		{"evil.example", false, false},
		{"", false, false},
		{":80", false, false},
		{"fd00::1", false, false},
		{"[evil.example]", false, false},
		{"[evil]", false, false},
		{"[::1", false, false},
		{"[::%0]", false, false},
		{"[fe80::1%25eth0]", false, false},
		{"[::1]evil", false, false},
		{"localhost:evil", false, false},
		{"localhost:123456", false, false},
		{"a\x00b", false, false},
		{"a..svc", false, false},
	} {
		if got := known.Include(test.host); got != test.known {
			t.Errorf("known: %q: %v", test.host, got)
		}
		if got := unknown.Include(test.host); got != test.unknown {
			t.Errorf("unknown: %q: %v", test.host, got)
		}
	}
}

func TestLongNamesOfServicesInTheNamesOfPods(t *testing.T) {
	service := "a-very-long-name-of-a-server-with-sixty-characters-in-it-all"
	// Kubernetes cuts the names of Pods to 63 characters.
	names := &Names{pod: service[:58] + "x2x7q", namespace: "team"}
	if !names.Include(service+".team") || names.Include("another"+service+".team") {
		t.Error("the name of the Service is not recognized")
	}
}

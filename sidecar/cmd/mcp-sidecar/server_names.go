// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/netip"
	"os"
	"strings"
)

// hostsVariable is the environment variable with further names of the server, separated by commas.
const hostsVariable = "MCP_SIDECAR_ALLOWED_HOSTS"

// serverNames decides which names in the Host header are names of this server.
//
// DNS rebinding needs a name whose addresses an attacker controls. Addresses, names without a dot and names of the
// cluster's DNS are therefore safe; every other name must be listed. See docs/decisions/0019-names-of-the-sidecar.md.
type serverNames struct {
	pod       string // the Pod's name, which starts with that of the Service
	namespace string // "" where it is unknown
	domain    string // the cluster's DNS domain, "" where it is unknown
	listed    []string
}

// newServerNames takes the Pod's names from its environment and from the DNS configuration that the kubelet mounts.
func newServerNames(listed []string) *serverNames {
	n := &serverNames{}
	n.pod, _ = os.Hostname()
	configuration, _ := os.ReadFile("/etc/resolv.conf")
	n.namespace, n.domain = searchDomains(string(configuration))
	for _, name := range append(listed, strings.Split(os.Getenv(hostsVariable), ",")...) {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			n.listed = append(n.listed, name)
		}
	}
	return n
}

// searchDomains returns the namespace and the cluster's domain from a resolv.conf with dnsPolicy ClusterFirst, whose
// search list starts with NAMESPACE.svc.DOMAIN and svc.DOMAIN.
func searchDomains(configuration string) (namespace, domain string) {
	for line := range strings.Lines(configuration) {
		words := strings.Fields(strings.ToLower(line))
		if len(words) < 3 || words[0] != "search" {
			continue
		}
		first, rest, _ := strings.Cut(words[1], ".")
		if found, ok := strings.CutPrefix(rest, "svc."); ok && words[2] == rest {
			return first, found
		}
	}
	return "", ""
}

// include reports whether a Host header names this server. The port is of no importance for DNS rebinding, and differs
// behind a Service or a port-forward.
func (n *serverNames) include(header string) bool {
	name := strings.TrimSuffix(hostname(header), ".")
	if name == "" {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true // of IPv6 without a zone: hostname returns nothing else with a colon
	}
	return isDNSName(name) && (!strings.Contains(name, ".") || n.lists(name) || n.inCluster(name))
}

// lists reports whether a name is one of those that were set for this server. "*.example.com" stands for all names below.
func (n *serverNames) lists(name string) bool {
	for _, listed := range n.listed {
		parent, wildcard := strings.CutPrefix(listed, "*")
		if name == listed || (wildcard && strings.HasPrefix(parent, ".") && strings.HasSuffix(name, parent)) {
			return true
		}
	}
	return false
}

// inCluster reports whether a name can be one of a Service of the Pod's namespace. No public domain ends in .svc, in the
// cluster's domain, in cluster.local or in clusterset.local (Multi-Cluster Services API).
func (n *serverNames) inCluster(name string) bool {
	for _, domain := range []string{n.domain, "cluster.local", "clusterset.local"} {
		if short, ok := strings.CutSuffix(name, ".svc."+domain); ok && domain != "" {
			return n.ofNamespace(short)
		}
	}
	if short, ok := strings.CutSuffix(name, ".svc"); ok {
		return n.ofNamespace(short)
	}
	// SERVICE.NAMESPACE looks like a public domain, so both must be known.
	service, namespace, _ := strings.Cut(name, ".")
	return namespace != "" && namespace == n.namespace && n.ofPod(service)
}

// ofNamespace reports whether SERVICE.NAMESPACE is a name of the Pod's namespace, as far as that is known. Tenants of
// other namespaces control the names of theirs.
func (n *serverNames) ofNamespace(name string) bool {
	service, namespace, found := cutLast(name, ".")
	return found && service != "" && (n.namespace == "" || namespace == n.namespace)
}

// The length to which Kubernetes may cut the name of a Deployment in the names of its Pods.
const podPrefix = 46

// ofPod reports whether the Pod's name starts with that of a Service.
func (n *serverNames) ofPod(service string) bool {
	if len(service) > podPrefix {
		return strings.HasPrefix(n.pod, service[:podPrefix])
	}
	return service == n.pod || strings.HasPrefix(n.pod, service+"-")
}

// hostname returns the name or address of a Host header in lower case, without the port.
func hostname(header string) string {
	if after, ok := strings.CutPrefix(header, "["); ok {
		text, port, closed := strings.Cut(after, "]")
		address, err := netip.ParseAddr(text)
		if !closed || err != nil || !address.Is6() || address.Zone() != "" || (port != "" && !isPort(port)) {
			return ""
		}
		return address.String()
	}
	name, port, found := cutLast(header, ":")
	if !found {
		return strings.ToLower(header)
	}
	if strings.Contains(name, ":") || !isPort(":"+port) {
		return "" // an IPv6 address without brackets, or no port
	}
	return strings.ToLower(name)
}

func isPort(text string) bool {
	return strings.HasPrefix(text, ":") && len(text) <= 6 && strings.Trim(text[1:], "0123456789") == ""
}

func isDNSName(name string) bool {
	return len(name) <= 253 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == "" &&
		!strings.HasPrefix(name, ".") && !strings.Contains(name, "..")
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package hosts knows the names of this server in Host and Origin headers.
package hosts

import (
	"net/netip"
	"os"
	"strings"
)

// Variable is the environment variable with further names of the server, separated by commas.
const Variable = "MCP_SIDECAR_ALLOWED_HOSTS"

// Names decides which names in the Host header are names of this server.
//
// DNS rebinding needs a name whose addresses an attacker controls. Addresses, names without a dot and names of the
// cluster's DNS are therefore safe; every other name must be listed. See docs/decisions/0019-names-of-the-sidecar.md.
type Names struct {
	pod       string // the Pod's name, which starts with that of the Service
	namespace string // "" where it is unknown
	domain    string // the cluster's DNS domain, "" where it is unknown
	listed    []string
}

// New takes the Pod's names from its environment and from the DNS configuration that the kubelet mounts.
func New(listed []string) *Names {
	pod, _ := os.Hostname()
	configuration, _ := os.ReadFile("/etc/resolv.conf")
	namespace, domain := searchDomains(string(configuration))
	return Of(pod, namespace, domain, append(listed, strings.Split(os.Getenv(Variable), ",")...)...)
}

// Of returns the names of a Pod with this name, namespace and domain of the cluster, each "" where it is unknown.
func Of(pod, namespace, domain string, listed ...string) *Names {
	n := &Names{pod: pod, namespace: namespace, domain: domain}
	for _, name := range listed {
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

// Include reports whether a Host header names this server. The port is of no importance for DNS rebinding, and differs
// behind a Service or a port-forward.
func (n *Names) Include(header string) bool {
	name := strings.TrimSuffix(Hostname(header), ".")
	if name == "" {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true // of IPv6 without a zone: Hostname returns nothing else with a colon
	}
	return isDNSName(name) && (!strings.Contains(name, ".") || n.Lists(name) || n.inCluster(name))
}

// Lists reports whether a name is one of those that were set for this server. "*.example.com" stands for all names below.
func (n *Names) Lists(name string) bool {
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
func (n *Names) inCluster(name string) bool {
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
func (n *Names) ofNamespace(name string) bool {
	service, namespace, found := CutLast(name, ".")
	return found && service != "" && (n.namespace == "" || namespace == n.namespace)
}

// The length to which Kubernetes may cut the name of a Deployment in the names of its Pods.
const podPrefix = 46

// ofPod reports whether the Pod's name starts with that of a Service.
func (n *Names) ofPod(service string) bool {
	if len(service) > podPrefix {
		return strings.HasPrefix(n.pod, service[:podPrefix])
	}
	return service == n.pod || strings.HasPrefix(n.pod, service+"-")
}

// Hostname returns the name or address of a Host header in lower case, without the port.
func Hostname(header string) string {
	if after, ok := strings.CutPrefix(header, "["); ok {
		text, port, closed := strings.Cut(after, "]")
		address, err := netip.ParseAddr(text)
		if !closed || err != nil || !address.Is6() || address.Zone() != "" || (port != "" && !IsPort(port)) {
			return ""
		}
		return address.String()
	}
	name, port, found := CutLast(header, ":")
	if !found {
		return strings.ToLower(header)
	}
	if strings.Contains(name, ":") || !IsPort(":"+port) {
		return "" // an IPv6 address without brackets, or no port
	}
	return strings.ToLower(name)
}

// IsPort reports whether a text is a colon and a port.
func IsPort(text string) bool {
	return strings.HasPrefix(text, ":") && len(text) <= 6 && strings.Trim(text[1:], "0123456789") == ""
}

func isDNSName(name string) bool {
	return len(name) <= 253 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == "" &&
		!strings.HasPrefix(name, ".") && !strings.Contains(name, "..")
}

// CutLast cuts a text around the last separator.
func CutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// A san is a subject alternative name that a client may have. One of the fields is set.
type san struct {
	dns     string
	uri     string
	address netip.Addr
}

// parseSAN recognizes IP addresses, URIs such as SPIFFE IDs, and DNS names.
func parseSAN(text string) (san, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return san{address: address.Unmap()}, nil
	}
	if strings.Contains(text, "://") {
		if parsed, err := url.Parse(text); err == nil && parsed.Host != "" {
			return san{uri: parsed.String()}, nil
		}
	} else if text != "" && !strings.ContainsAny(text, " *@/:,") {
		return san{dns: strings.ToLower(strings.TrimSuffix(text, "."))}, nil
	}
	return san{}, fmt.Errorf("The value %q of --tls-client-san is not a DNS name, a URI or an IP address", text)
}

// matches reports whether a certificate has the name. Names are compared whole: a wildcard in a client's certificate
// names no client.
func (s san) matches(certificate *x509.Certificate) bool {
	switch {
	case s.address.IsValid():
		for _, ip := range certificate.IPAddresses {
			if address, ok := netip.AddrFromSlice(ip); ok && address.Unmap() == s.address {
				return true
			}
		}
		return false
	case s.uri != "":
		return slices.ContainsFunc(certificate.URIs, func(u *url.URL) bool { return u.String() == s.uri })
	default:
		return slices.ContainsFunc(certificate.DNSNames, func(name string) bool {
			return strings.ToLower(strings.TrimSuffix(name, ".")) == s.dns
		})
	}
}

var errClientName = errors.New("the client certificate has none of the names that are allowed")

// verifyClient refuses clients without one of the names. It also runs for resumed sessions, other than
// tls.Config.VerifyPeerCertificate.
func verifyClient(names []san) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		if len(state.VerifiedChains) == 0 {
			return errClientName
		}
		leaf := state.VerifiedChains[0][0]
		if slices.ContainsFunc(names, func(name san) bool { return name.matches(leaf) }) {
			return nil
		}
		return errClientName
	}
}

// ClientSAN returns the name of the verified client certificate of a connection: its first URI, DNS name or IP address.
// It is empty without one.
func ClientSAN(state *tls.ConnectionState) string {
	if state == nil || len(state.VerifiedChains) == 0 {
		return ""
	}
	leaf := state.VerifiedChains[0][0]
	switch {
	case len(leaf.URIs) > 0:
		return leaf.URIs[0].String()
	case len(leaf.DNSNames) > 0:
		return leaf.DNSNames[0]
	case len(leaf.IPAddresses) > 0:
		return leaf.IPAddresses[0].String()
	}
	return ""
}

// ClientDN returns the distinguished name of the subject of a verified client certificate (RFC 4514). It is empty without a
// certificate, and without such a name.
func ClientDN(state *tls.ConnectionState) string {
	if state == nil || len(state.VerifiedChains) == 0 {
		return ""
	}
	return state.VerifiedChains[0][0].Subject.String()
}

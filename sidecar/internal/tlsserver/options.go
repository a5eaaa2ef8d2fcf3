// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package tlsserver serves TLS with certificates from files that are renewed while the program runs.
package tlsserver

import (
	"crypto/tls"
	"flag"
	"fmt"
	"strings"
)

// Options are the options of the command line.
type Options struct {
	CertFile     string
	KeyFile      string
	MinVersion   string   // "1.2" or "1.3"
	ClientCAFile string   // clients need a certificate of these authorities; empty: none
	ClientSANs   []string // and one of these names; empty: any
}

// Register adds the options to a command.
func (o *Options) Register(flags *flag.FlagSet) {
	flags.StringVar(&o.CertFile, "tls-cert-file", "", "PEM file with the certificate chain; serves HTTPS instead of HTTP")
	flags.StringVar(&o.KeyFile, "tls-key-file", "", "PEM file with the private key of the certificate")
	flags.StringVar(&o.MinVersion, "tls-min-version", "1.2", "lowest version of TLS, 1.2 or 1.3")
	flags.StringVar(&o.ClientCAFile, "tls-client-ca-file", "", "PEM file with authorities; clients need a certificate of one of them")
	flags.Func("tls-client-san", "DNS name, URI or IP address that the client certificate must have (may be repeated: one of them)",
		func(value string) error { o.ClientSANs = append(o.ClientSANs, value); return nil })
}

// Enabled reports whether the program serves HTTPS.
func (o *Options) Enabled() bool { return o.CertFile != "" || o.KeyFile != "" || o.ClientCAFile != "" }

// check returns the version and the names of clients, or which option to correct.
func (o *Options) check() (uint16, []san, error) {
	if o.CertFile == "" || o.KeyFile == "" {
		return 0, nil, fmt.Errorf("Set both --tls-cert-file and --tls-key-file")
	}
	version, known := map[string]uint16{"": tls.VersionTLS12, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[o.MinVersion]
	if !known {
		return 0, nil, fmt.Errorf("The value of --tls-min-version is %q. Set it to 1.2 or 1.3", o.MinVersion)
	}
	if len(o.ClientSANs) > 0 && o.ClientCAFile == "" {
		return 0, nil, fmt.Errorf("The option --tls-client-san needs --tls-client-ca-file")
	}
	var names []san
	for _, text := range o.ClientSANs {
		name, err := parseSAN(strings.TrimSpace(text))
		if err != nil {
			return 0, nil, err
		}
		names = append(names, name)
	}
	return version, names, nil
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"

	"mcp.kubernetes/sidecar/internal/audit"
	"mcp.kubernetes/sidecar/internal/auth"
	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/tlsserver"
)

// security are the options of TLS, access tokens and the audit log.
type security struct {
	tls   tlsserver.Options
	auth  auth.Options
	audit bool

	certificates *tlsserver.Server   // nil without TLS
	tokens       *auth.Authenticator // nil where clients need none
}

func (s *security) register(flags *flag.FlagSet) {
	s.tls.Register(flags)
	s.auth.Register(flags)
	flags.BoolVar(&s.audit, "audit", false, "write a line of JSON for each call to standard output")
}

// areSet reports whether an option needs to see the calls.
func (s *security) areSet() bool { return s.auth.Enabled() || s.audit || s.tls.ClientCAFile != "" }

// load checks the options and reads the files. From now on, it watches the files and gets the keys of the issuers.
func (s *security) load() (err error) {
	if s.tls.Enabled() {
		if s.certificates, err = tlsserver.New(s.tls, log); err != nil {
			return fmt.Errorf("%w.", err)
		}
		go s.certificates.Run(context.Background())
	}
	if s.auth.Enabled() {
		if s.tokens, err = auth.New(s.auth, log); err != nil {
			return fmt.Errorf("%w.", err)
		}
		go s.tokens.Run(context.Background())
	}
	return nil
}

// observer names the client of each request, and records its calls.
func (s *security) observer() call.Observer {
	var records *audit.Log
	if s.audit {
		records = audit.New(os.Stdout)
	}
	return call.Observer{Began: func(r *http.Request, info *call.Info) {
		client := audit.Record{Time: info.Started, ClientSAN: tlsserver.ClientSAN(r.TLS)}
		if info.Subject = client.ClientSAN; info.Subject == "" {
			if client.ClientDN = tlsserver.ClientDN(r.TLS); client.ClientDN != "" {
				info.Subject = "subject " + client.ClientDN
			}
		}
		if identity := auth.IdentityOf(r.Context()); identity != nil {
			info.Subject = identity.Key()
			client.Issuer, client.Subject, client.ClientID = identity.Issuer, identity.Subject, identity.ClientID
		}
		if records != nil {
			info.OnEnded(func(m *call.Message) { records.Write(recordOf(client, m)) })
		}
	}}
}

// recordOf adds a message to what is known of its client.
func recordOf(client audit.Record, m *call.Message) audit.Record {
	client.Method, client.Duration, client.Outcome = m.Method, m.Outcome.Duration, m.Outcome.ErrorType()
	if m.Method == "" {
		client.Method = "response"
	}
	if m.IsToolCall() {
		client.Tool = m.Name
	}
	if client.Outcome == "" {
		client.Outcome = "success"
	}
	return client
}

// listener returns a listener for TLS where there is a certificate.
func (s *security) listener(inner net.Listener) net.Listener {
	if s.certificates == nil {
		return inner
	}
	return tls.NewListener(inner, s.certificates.Config())
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// start serves with the configuration of a server, and returns the address.
func start(t *testing.T, s *Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, ClientSAN(r.TLS)) }),
		ErrorLog:          ErrorLog(func(string, ...any) {}),
		ReadHeaderTimeout: 5 * time.Second,
	}
	go func() { _ = server.Serve(tls.NewListener(listener, s.Config())) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// get sends a request on a connection of its own, and returns the body and the server's certificate.
func get(address string, from *authority, client *tls.Certificate, change func(*tls.Config)) (string, *x509.Certificate, error) {
	config := &tls.Config{RootCAs: from.pool()}
	if client != nil {
		config.Certificates = []tls.Certificate{*client}
	}
	if change != nil {
		change(config)
	}
	transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}
	response, err := (&http.Client{Transport: transport, Timeout: 10 * time.Second}).Get("https://" + address)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), response.TLS.PeerCertificates[0], err
}

func in(d time.Duration) time.Time { return time.Now().Add(d) }

func mustNew(t *testing.T, options Options) *Server {
	t.Helper()
	s, err := New(options, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCausesAtStart(t *testing.T) {
	a := newAuthority(t, "a")
	certificate, key := a.issue(t, in(time.Hour), nil)
	_, otherKey := a.issue(t, in(time.Hour), nil)
	expired, expiredKey := a.issue(t, in(-time.Minute), nil)
	later, laterKey := a.issue(t, in(time.Hour), func(c *x509.Certificate) { c.NotBefore = in(30 * time.Minute) })
	encryptedKey := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})
	oldKey := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}})
	for name, test := range map[string]struct {
		files  map[string][]byte
		change func(*Options)
		want   string
	}{
		"no files":          {map[string][]byte{}, nil, `tls.crt" does not exist. Check that the Secret has this key`},
		"no key":            {map[string][]byte{"tls.crt": certificate}, nil, `tls.key" does not exist`},
		"another key":       {files(certificate, otherKey), nil, "are not a certificate and its private key: tls: private key does not match public key"},
		"no PEM":            {files([]byte("x"), key), nil, "are not a certificate and its private key"},
		"exchanged":         {files(key, certificate), nil, "are not a certificate and its private key"},
		"expired":           {files(expired, expiredKey), nil, "expired at 20"},
		"not valid yet":     {files(later, laterKey), nil, "is not valid before 20"},
		"encrypted":         {files(certificate, encryptedKey), nil, "is encrypted. Store it in the Secret without a password"},
		"encrypted, old":    {files(certificate, oldKey), nil, "is encrypted. Store it in the Secret without a password"},
		"a long chain":      {files(bytes.Repeat(certificate, 400), key), nil, "and clients accept at most 102400"},
		"too large":         {files(make([]byte, maxFile+1), key), nil, "is larger than 1 MiB"},
		"no client CA":      {files(certificate, key), func(o *Options) { o.ClientCAFile = o.CertFile + "x" }, "does not exist"},
		"client CA, no PEM": {files(certificate, key), func(o *Options) { o.ClientCAFile = "server_test.go" }, "contains no certificate of an authority"},
		"only a client CA":  {files(certificate, key), func(o *Options) { *o = Options{ClientCAFile: "x"} }, "Set both --tls-cert-file and --tls-key-file"},
		"names without CA":  {files(certificate, key), func(o *Options) { o.ClientSANs = []string{"a"} }, "needs --tls-client-ca-file"},
		"version":           {files(certificate, key), func(o *Options) { o.MinVersion = "1.1" }, "Set it to 1.2 or 1.3"},
		"name": {files(certificate, key), func(o *Options) { o.ClientCAFile, o.ClientSANs = "x", []string{"a@b"} },
			`The value "a@b" of --tls-client-san is not a DNS name, a URI or an IP address`},
	} {
		options := newVolume(t, test.files).options()
		if test.change != nil {
			test.change(&options)
		}
		if !options.Enabled() {
			t.Errorf("%s: not enabled", name)
		}
		if _, err := New(options, t.Logf); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if (&Options{MinVersion: "1.2"}).Enabled() {
		t.Error("TLS is enabled by its version alone")
	}
}

func TestVersions(t *testing.T) {
	a := newAuthority(t, "a")
	for _, test := range []struct {
		lowest string
		client uint16
		works  bool
	}{
		{"1.2", tls.VersionTLS11, false},
		{"1.2", tls.VersionTLS12, true},
		{"1.2", tls.VersionTLS13, true},
		{"1.3", tls.VersionTLS12, false},
		{"1.3", tls.VersionTLS13, true},
	} {
		options := newVolume(t, files(a.issue(t, in(time.Hour), nil))).options()
		options.MinVersion = test.lowest
		_, _, err := get(start(t, mustNew(t, options)), a, nil, func(c *tls.Config) {
			c.MinVersion, c.MaxVersion = min(test.client, tls.VersionTLS10), test.client
		})
		if (err == nil) != test.works {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func TestClientsNeedACertificateOfTheAuthority(t *testing.T) {
	a, b := newAuthority(t, "a"), newAuthority(t, "a")
	certificate, key := a.issue(t, in(time.Hour), nil)
	address := start(t, mustNew(t, newVolume(t, files(certificate, key, a)).mutual()))
	expired, expiredKey := a.issue(t, in(-time.Minute), nil)
	old, _ := tls.X509KeyPair(expired, expiredKey)
	server, serverKey := a.issue(t, in(time.Hour), func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
	wrongUse, _ := tls.X509KeyPair(server, serverKey)
	for name, test := range map[string]struct {
		client *tls.Certificate
		works  bool
	}{
		"none":                      {nil, false},
		"another authority":         {b.client(t, "client.team.svc"), false},
		"expired":                   {&old, false},
		"a server's certificate":    {&wrongUse, false},
		"of the authority":          {a.client(t, "client.team.svc"), true},
		"of the authority, unnamed": {a.client(t), true},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			body, _, err := get(address, a, test.client, func(c *tls.Config) { c.MaxVersion = version })
			if (err == nil) != test.works {
				t.Errorf("%s: %q %v", name, body, err)
			}
		}
	}
}

func TestNamesOfClients(t *testing.T) {
	a := newAuthority(t, "a")
	certificate, key := a.issue(t, in(time.Hour), nil)
	allowed := []string{"client.team.svc", "spiffe://cluster.local/ns/team/sa/client", "10.1.2.3", "fd00::1"}
	address := start(t, mustNew(t, newVolume(t, files(certificate, key, a)).mutual(allowed...)))
	for _, test := range []struct {
		names []string
		want  string // the name, or empty where the client is refused
	}{
		{[]string{"client.team.svc"}, "client.team.svc"},
		{[]string{"Client.Team.svc"}, "Client.Team.svc"},
		{[]string{"other", "client.team.svc"}, "other"},
		{[]string{"spiffe://cluster.local/ns/team/sa/client"}, "spiffe://cluster.local/ns/team/sa/client"},
		{[]string{"10.1.2.3"}, "10.1.2.3"},
		{[]string{"fd00::1"}, "fd00::1"},
		{nil, ""},
		{[]string{"client.other.svc"}, ""},
		{[]string{"*.team.svc"}, ""},
		{[]string{"client.team.svc.evil.example"}, ""},
		{[]string{"evil-client.team.svc"}, ""},
		{[]string{"spiffe://cluster.local/ns/team/sa/client/x"}, ""},
		{[]string{"spiffe://cluster.local/ns/team/sa/CLIENT"}, ""},
		{[]string{"spiffe://evil.example/ns/team/sa/client"}, ""},
		{[]string{"10.1.2.4"}, ""},
	} {
		body, _, err := get(address, a, a.client(t, test.names...), nil)
		if body != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q %v", test.names, body, err)
		}
	}
}

// A resumed session must not outlive the authority that verified its client.
func TestSessionsOfClientsAreNotResumed(t *testing.T) {
	a := newAuthority(t, "a")
	certificate, key := a.issue(t, in(time.Hour), nil)
	address := start(t, mustNew(t, newVolume(t, files(certificate, key, a)).mutual()))
	config := &tls.Config{RootCAs: a.pool(), ServerName: "127.0.0.1", Certificates: []tls.Certificate{*a.client(t, "a")}, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
	for range 2 {
		connection, err := tls.Dial("tcp", address, config)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		_, _ = io.ReadAll(connection)
		if connection.ConnectionState().DidResume {
			t.Error("the session was resumed")
		}
		_ = connection.Close()
	}
}

func TestErrorsOfConnectionsAreLoggedInPart(t *testing.T) {
	now, lines := time.Now(), []string{}
	log := &limitedLog{now: func() time.Time { return now }, log: func(format string, values ...any) {
		lines = append(lines, fmt.Sprintf(format, values...))
	}}
	for range 100 {
		_, _ = log.Write([]byte("http: TLS handshake error\x1b[2J\n"))
	}
	if len(lines) != linesLogged || lines[0] != `"http: TLS handshake error\x1b[2J"` {
		t.Errorf("%d lines: %s", len(lines), lines[0])
	}
	now = now.Add(logPeriod)
	_, _ = log.Write([]byte("again"))
	if len(lines) != linesLogged+2 || lines[linesLogged] != "80 more errors of connections were not logged" {
		t.Errorf("%q", lines[linesLogged:])
	}
}

func TestPlainRequestsHaveNoClientName(t *testing.T) {
	plain := httptest.NewRequest(http.MethodGet, "/", nil).TLS
	if name := ClientSAN(plain) + ClientDN(plain); name != "" {
		t.Error(name)
	}
}

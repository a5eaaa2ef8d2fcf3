// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

const (
	maxFile  = 1 << 20    // bytes of a file; a Secret has at most 1 MiB
	maxChain = 100 * 1024 // bytes of a chain; SSL_MAX_CERT_LIST_DEFAULT of OpenSSL, with which Python and Node.js verify it
)

// material is what the files contain.
type material struct {
	config  *tls.Config
	expires time.Time
	digest  [sha256.Size]byte // of all files
}

// load reads the files. Its errors are sentences without a final period, for the termination log.
func (s *Server) load() (*material, error) {
	certificates, err := readFile(s.options.CertFile, "TLS certificate")
	if err != nil {
		return nil, err
	}
	key, err := readFile(s.options.KeyFile, "private key of the TLS certificate")
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificates, key)
	if err != nil {
		if isEncrypted(key) {
			return nil, fmt.Errorf("The private key in %q is encrypted. Store it in the Secret without a password", s.options.KeyFile)
		}
		text := "The files %q and %q are not a certificate and its private key: %w"
		return nil, fmt.Errorf(text, s.options.CertFile, s.options.KeyFile, err)
	}
	if size := chainSize(pair.Certificate); size > maxChain {
		text := "The certificate chain in %q has %d bytes, and clients accept at most %d. Keep the certificate and its intermediates only"
		return nil, fmt.Errorf(text, s.options.CertFile, size, maxChain)
	}
	now := s.now()
	if now.After(pair.Leaf.NotAfter) {
		text := "The TLS certificate in %q expired at %s. Renew the Secret"
		return nil, fmt.Errorf(text, s.options.CertFile, pair.Leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	if now.Add(clockSkew).Before(pair.Leaf.NotBefore) {
		text := "The TLS certificate in %q is not valid before %s. Compare the clocks of the node and of the issuer"
		return nil, fmt.Errorf(text, s.options.CertFile, pair.Leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{pair},
		MinVersion:   s.minVersion,
		// The limits of the program count connections, and a connection of HTTP/2 has many requests.
		NextProtos: []string{"http/1.1"},
	}
	var authorities []byte
	if s.options.ClientCAFile != "" {
		if authorities, err = readFile(s.options.ClientCAFile, "bundle of client authorities"); err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("The file %q contains no certificate of an authority in PEM format", s.options.ClientCAFile)
		}
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, pool
		// A ticket would outlive the authorities that verified its client.
		config.SessionTicketsDisabled = true
		if len(s.names) > 0 {
			config.VerifyConnection = verifyClient(s.names)
		}
	}
	digest := sha256.Sum256(bytes.Join([][]byte{certificates, key, authorities}, []byte{0}))
	return &material{config, pair.Leaf.NotAfter, digest}, nil
}

// isEncrypted reports whether a private key needs a password, in PKCS #8 or in the format of OpenSSL.
func isEncrypted(key []byte) bool {
	for block, rest := pem.Decode(key); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
			return true
		}
	}
	return false
}

func chainSize(chain [][]byte) int {
	size := 0
	for _, certificate := range chain {
		size += len(certificate)
	}
	return size
}

// readFile reads a file of bounded size.
func readFile(path, kind string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("The %s %q does not exist. Check that the Secret has this key", kind, path)
	}
	if err != nil {
		return nil, fmt.Errorf("The %s cannot be read: %w", kind, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("The %s cannot be read: %w", kind, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("The %s %q is larger than 1 MiB", kind, path)
	}
	return data, nil
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto/x509"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestRootsOfThisImage runs in the environment of the next test: an image without authorities.
func TestRootsOfThisImage(t *testing.T) {
	for name, file := range map[string]string{"alone": "", "with authorities of the issuers": os.Getenv("BUNDLE")} {
		client, err := newClient(file)
		if err != nil {
			t.Fatal(err)
		}
		pool := client.Transport.(*http.Transport).TLSClientConfig.RootCAs
		if pool == nil {
			if pool, err = x509.SystemCertPool(); err != nil {
				t.Fatal(err)
			}
		}
		if pool.Equal(x509.NewCertPool()) {
			t.Errorf("%s: there are no roots", name)
		}
	}
}

func TestAnImageWithoutAuthoritiesHasRoots(t *testing.T) {
	command := exec.Command(os.Args[0], "-test.run=^TestRootsOfThisImage$")
	missing := filepath.Join(t.TempDir(), "missing")
	command.Env = append(os.Environ(), "SSL_CERT_FILE="+missing, "SSL_CERT_DIR="+missing)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
}

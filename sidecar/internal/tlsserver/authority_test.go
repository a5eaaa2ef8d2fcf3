// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// An authority issues certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	serial      int64
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	data, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, _ := x509.ParseCertificate(data)
	return &authority{certificate: certificate, key: key}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// issue returns a certificate for 127.0.0.1 and its key, valid until a time, after changes to it.
func (a *authority) issue(t *testing.T, until time.Time, change func(*x509.Certificate)) (certificate, private []byte) {
	t.Helper()
	a.serial++
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(a.serial + 1), Subject: pkix.Name{CommonName: "leaf"},
		NotBefore: time.Now().Add(-30 * time.Minute), NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	if change != nil {
		change(template)
	}
	data, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// client returns a client certificate with these names.
func (a *authority) client(t *testing.T, names ...string) *tls.Certificate {
	t.Helper()
	certificate, key := a.issue(t, time.Now().Add(time.Hour), func(c *x509.Certificate) {
		c.IPAddresses = nil
		for _, name := range names {
			if ip := net.ParseIP(name); ip != nil {
				c.IPAddresses = append(c.IPAddresses, ip)
			} else if u, _ := url.Parse(name); u.Scheme != "" {
				c.URIs = append(c.URIs, u)
			} else {
				c.DNSNames = append(c.DNSNames, name)
			}
		}
	})
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	return &pair
}

// A volume is a folder with the files of a Secret, as the kubelet mounts it.
type volume struct {
	folder   string
	versions int
}

func newVolume(t *testing.T, files map[string][]byte) *volume {
	v := &volume{folder: t.TempDir()}
	v.write(t, files)
	for name := range files {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(v.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

// write replaces all files at once through the link ..data.
func (v *volume) write(t *testing.T, files map[string][]byte) {
	t.Helper()
	v.versions++
	version := "..version" + strconv.Itoa(v.versions)
	if err := os.Mkdir(filepath.Join(v.folder, version), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(v.folder, version, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(v.folder, "..data")
	if err := os.Symlink(version, link+"_tmp"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link+"_tmp", link); err != nil {
		t.Fatal(err)
	}
}

func (v *volume) options() Options {
	return Options{CertFile: filepath.Join(v.folder, "tls.crt"), KeyFile: filepath.Join(v.folder, "tls.key")}
}

// mutual also requires client certificates.
func (v *volume) mutual(names ...string) Options {
	options := v.options()
	options.ClientCAFile, options.ClientSANs = filepath.Join(v.folder, "ca.crt"), names
	return options
}

func files(certificate, key []byte, client ...*authority) map[string][]byte {
	found := map[string][]byte{"tls.crt": certificate, "tls.key": key}
	for _, a := range client {
		found["ca.crt"] = append(found["ca.crt"], a.pem()...)
	}
	return found
}

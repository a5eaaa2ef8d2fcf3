// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestKeysThatTheIssuerRotates(t *testing.T) {
	b := newBench(t, Options{})
	old, next := b.signer, newSigner(t, "second")
	if status := b.status(old.sign(t, good(b.issuer.URL, nil), nil)); status != http.StatusOK {
		t.Fatal(status)
	}
	b.issuer.set(func() { b.issuer.keys = keySet(next) })
	b.advance(refreshFloor)
	if status := b.status(next.sign(t, good(b.issuer.URL, nil), nil)); status != http.StatusOK {
		t.Errorf("the new key: %d", status)
	}
	if status := b.status(old.sign(t, good(b.issuer.URL, nil), nil)); status != http.StatusUnauthorized {
		t.Errorf("the removed key: %d", status)
	}
	b.issuer.set(func() { b.issuer.keys = keySet() })
	b.issuers[b.issuer.URL].refresh(context.Background(), 0)
	if status := b.status(next.sign(t, good(b.issuer.URL, nil), nil)); status != http.StatusUnauthorized {
		t.Errorf("an issuer without keys: %d", status)
	}
}

func TestUnknownKeysDoNotFloodTheIssuer(t *testing.T) {
	b := newBench(t, Options{})
	for range 50 {
		b.status(newSigner(t, "unknown").sign(t, good(b.issuer.URL, nil), nil))
	}
	if fetches := b.issuer.fetches.Load(); fetches != 1 {
		t.Errorf("%d requests", fetches)
	}
}

func TestAnIssuerThatCannotBeReached(t *testing.T) {
	b := newBench(t, Options{})
	token := b.token(t, nil)
	b.issuer.set(func() { b.issuer.down = true })
	w, seen := b.request(nil, "Bearer "+token)
	if w.Code != http.StatusServiceUnavailable || seen != nil || w.Header().Get("Retry-After") == "" {
		t.Errorf("without keys: %d", w.Code)
	}
	b.issuer.set(func() { b.issuer.down = false })
	b.advance(refreshFloor)
	if status := b.status(token); status != http.StatusOK {
		t.Errorf("reached again: %d", status)
	}
	b.issuer.set(func() { b.issuer.down = true })
	b.advance(time.Hour)
	b.issuers[b.issuer.URL].refresh(context.Background(), 0)
	if status := b.status(token); status != http.StatusOK {
		t.Errorf("with keys of an hour ago: %d", status)
	}
	b.advance(staleAfter)
	if status := b.status(token); status != http.StatusServiceUnavailable {
		t.Errorf("with keys of yesterday: %d", status)
	}
	// A failure, the recovery and a failure again.
	if b.logged.Load() != 3 {
		t.Errorf("%d lines", b.logged.Load())
	}
}

func TestASlowIssuerHoldsUpNoClientThatLeaves(t *testing.T) {
	b := newBench(t, Options{})
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	b.issuer.set(func() { b.issuer.handler = func(http.ResponseWriter, *http.Request) { <-release } })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w, seen := b.request(func(r *http.Request) { *r = *r.WithContext(ctx) }, "Bearer "+b.token(t, nil))
	if w.Code != http.StatusServiceUnavailable || seen != nil {
		t.Error(w.Code)
	}
}

// Metadata and keys that must not be used.
func TestAnIssuerThatLies(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for name, lie := range map[string]func(b *bench){
		"the metadata of another issuer": func(b *bench) { b.issuer.metadata["issuer"] = "https://other.example" },
		"no jwks_uri":                    func(b *bench) { delete(b.issuer.metadata, "jwks_uri") },
		"keys in a file":                 func(b *bench) { b.issuer.metadata["jwks_uri"] = "file:///etc/passwd" },
		"keys over plain HTTP":           func(b *bench) { b.issuer.metadata["jwks_uri"] = "http://169.254.169.254/keys" },
		"a jwks_uri with a password":     func(b *bench) { b.issuer.metadata["jwks_uri"] = "https://a:b@127.0.0.1/" },
		"a jwks_uri of another type":     func(b *bench) { b.issuer.metadata["jwks_uri"] = 7 },
		"no set of keys":                 func(b *bench) { b.issuer.keys = []string{} },
		"a set without keys":             func(b *bench) { b.issuer.keys = map[string]any{} },
		"an endless document": func(b *bench) {
			b.issuer.keys = map[string]any{"keys": []any{}, "x": strings.Repeat("x", maxDocument)}
		},
		"a redirect": func(b *bench) {
			target := newFakeIssuer(t, false)
			target.metadata, target.keys = b.issuer.metadata, b.issuer.keys
			b.issuer.handler = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, target.URL+r.URL.Path, http.StatusFound)
			}
		},
		"a key for encryption": func(b *bench) {
			public := b.signer.public()
			public.Use = "enc"
			b.issuer.keys = map[string]any{"keys": []any{public}}
		},
		"a short key": func(b *bench) {
			b.issuer.keys = map[string]any{"keys": []any{jose.JSONWebKey{Key: small.Public(), KeyID: "first"}}}
		},
		"too many keys": func(b *bench) {
			public := newSigner(t, "x").public()
			keys := make([]any, maxKeys, maxKeys+1)
			for at := range keys {
				keys[at] = public
			}
			b.issuer.keys = map[string]any{"keys": append(keys, b.signer.public())}
		},
	} {
		b := newBench(t, Options{})
		lie(b)
		if status := b.status(b.token(t, nil)); status != http.StatusServiceUnavailable && status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// A secret key that is published is known to everybody.
func TestSecretKeysVerifyNothing(t *testing.T) {
	b := newBench(t, Options{})
	secret := jose.JSONWebKey{Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: "secret"}
	b.issuer.keys = map[string]any{"keys": []any{secret, b.signer.public()}}
	token := signWith(t, jose.SigningKey{Algorithm: jose.HS256, Key: secret}, good(b.issuer.URL, nil), nil)
	if status := b.status(token); status != http.StatusUnauthorized {
		t.Error(status)
	}
	if status := b.status(b.token(t, nil)); status != http.StatusOK {
		t.Errorf("the key beside it: %d", status)
	}
}

func TestUnknownKindsOfKeysAreSkipped(t *testing.T) {
	b := newBench(t, Options{})
	b.issuer.keys = map[string]any{"keys": []any{map[string]any{"kty": "AKP", "kid": "first"}, 7, b.signer.public()}}
	if status := b.status(b.token(t, nil)); status != http.StatusOK {
		t.Error(status)
	}
}

func TestKeysOnAnotherHostAndTheAuthoritiesOfIssuers(t *testing.T) {
	issuer, keys, s := newFakeIssuer(t, true), newFakeIssuer(t, true), newSigner(t, "first")
	keys.keys = keySet(s)
	issuer.metadata["jwks_uri"] = keys.URL + "/keys"
	folder := t.TempDir()
	bundle := filepath.Join(folder, "ca.crt")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: issuer.Certificate().Raw}
	if err := os.WriteFile(bundle, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]int{bundle: http.StatusOK, "": http.StatusServiceUnavailable} {
		a, err := New(Options{Issuers: []string{issuer.URL}, Resource: resource, CAFile: file}, t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		b := &bench{Authenticator: a, issuer: issuer, signer: s}
		if status := b.status(b.token(t, nil)); status != want {
			t.Errorf("%q: %d", file, status)
		}
	}
	// An issuer with https must not lead to keys that anybody on the network can change.
	plain := newFakeIssuer(t, false)
	plain.keys = keySet(s)
	issuer.metadata["jwks_uri"] = plain.URL + "/keys"
	a, _ := New(Options{Issuers: []string{issuer.URL}, Resource: resource, CAFile: bundle}, t.Logf)
	b := &bench{Authenticator: a, issuer: issuer, signer: s}
	if status := b.status(b.token(t, nil)); status != http.StatusServiceUnavailable || plain.fetches.Load() != 0 {
		t.Errorf("keys over plain HTTP: %d", status)
	}
	for _, file := range []string{filepath.Join(folder, "missing"), "keys_test.go"} {
		if _, err := New(Options{Issuers: []string{issuer.URL}, Resource: resource, CAFile: file}, t.Logf); err == nil {
			t.Errorf("%s was accepted", file)
		}
	}
}

func TestWhereMetadataIsFound(t *testing.T) {
	for _, path := range []string{
		"/tenant/.well-known/openid-configuration",
		"/.well-known/oauth-authorization-server/tenant",
		"/.well-known/openid-configuration/tenant",
	} {
		var server *httptest.Server
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != path {
				http.NotFound(w, r)
				return
			}
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": server.URL + "/tenant", "jwks_uri": server.URL + "/keys"})
		}))
		found, err := discover(context.Background(), server.Client(), server.URL+"/tenant")
		if err != nil || found != server.URL+"/keys" {
			t.Errorf("%s: %q %v", path, found, err)
		}
		server.Close()
	}
}

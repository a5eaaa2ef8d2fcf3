// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// BenchmarkRS256 measures what the verification of a token adds to each request, with the usual algorithm.
func BenchmarkRS256(b *testing.B) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "rsa"}
	issuer := newFakeIssuer(b, false)
	issuer.keys = map[string]any{"keys": []any{key.Public()}}
	a, err := New(Options{Issuers: []string{issuer.URL}, Resource: resource}, b.Logf)
	if err != nil {
		b.Fatal(err)
	}
	token := signWith(b, jose.SigningKey{Algorithm: jose.RS256, Key: key}, good(issuer.URL, nil), nil)
	handler := a.Authenticate(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

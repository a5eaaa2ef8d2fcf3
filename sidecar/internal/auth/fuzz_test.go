// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// FuzzAuthorization changes a header with a valid token: no other token is accepted.
func FuzzAuthorization(f *testing.F) {
	issuer := newFakeIssuer(f, false)
	signer := newSigner(f, "first")
	issuer.keys = keySet(signer)
	a, err := New(Options{Issuers: []string{issuer.URL}, Resource: resource}, func(string, ...any) {})
	if err != nil {
		f.Fatal(err)
	}
	key := jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: signer.private, KeyID: "first"}}
	token := signWith(f, key, good(issuer.URL, map[string]any{"exp": 1 << 40}), nil)
	other := signWith(f, key, good(issuer.URL, map[string]any{"aud": "https://other.example"}), nil)
	parts := strings.Split(token, ".")
	for _, seed := range []string{
		"Bearer " + token, "Bearer " + other, "bearer  " + token + " ", "Bearer " + parts[0] + "." + parts[1] + ".",
		"Bearer eyJhbGciOiJub25lIn0." + parts[1] + ".", "Basic YTpi", "Bearer", "", "Bearer ..", "Bearer {}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
		r.Header["Authorization"] = []string{header}
		w := httptest.NewRecorder()
		reached := false
		a.Authenticate(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).ServeHTTP(w, r)
		// The last character of a signature has bits without a meaning.
		if reached && !strings.Contains(header, token[:len(token)-1]) {
			t.Fatalf("%q was accepted", header)
		}
		if !reached && w.Code != http.StatusUnauthorized {
			t.Fatalf("%q: %d", header, w.Code)
		}
	})
}

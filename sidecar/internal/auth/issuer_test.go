// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const resource = "https://memory.team.svc/mcp"

// A fakeIssuer is an authorization server that does what a test wants.
type fakeIssuer struct {
	*httptest.Server
	fetches atomic.Int64 // of the keys

	mu       sync.Mutex
	metadata map[string]any
	keys     any
	down     bool
	handler  http.HandlerFunc // instead of everything else
}

func newFakeIssuer(t testing.TB, tls bool) *fakeIssuer {
	f := &fakeIssuer{}
	if tls {
		f.Server = httptest.NewTLSServer(f)
	} else {
		f.Server = httptest.NewServer(f)
	}
	t.Cleanup(f.Close)
	f.metadata = map[string]any{"issuer": f.URL, "jwks_uri": f.URL + "/keys"}
	return f
}

func (f *fakeIssuer) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	handler, down, metadata, keys := f.handler, f.down, f.metadata, f.keys
	f.mu.Unlock()
	switch {
	case down:
		w.WriteHeader(http.StatusBadGateway)
	case handler != nil:
		handler(w, r)
	case r.URL.Path == "/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(metadata)
	case r.URL.Path == "/keys":
		f.fetches.Add(1)
		_ = json.NewEncoder(w).Encode(keys)
	default:
		http.NotFound(w, r)
	}
}

// A signer has a key of an issuer.
type signer struct {
	id      string
	private crypto.Signer
}

func newSigner(t testing.TB, id string) *signer {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{id, private}
}

func (s *signer) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: s.private.Public(), KeyID: s.id, Use: "sig"}
}

func keySet(signers ...*signer) jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, s := range signers {
		set.Keys = append(set.Keys, s.public())
	}
	return set
}

// sign signs claims with headers beside alg and kid.
func (s *signer) sign(t *testing.T, claims map[string]any, headers map[string]any) string {
	t.Helper()
	return signWith(t, jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.private, KeyID: s.id}}, claims, headers)
}

func signWith(t testing.TB, key jose.SigningKey, claims map[string]any, headers map[string]any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for name, value := range headers {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	made, err := jose.NewSigner(key, options)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(made).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// good returns the claims of a token that is accepted, with changes; nil removes a claim.
func good(issuer string, changes map[string]any) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss": issuer, "sub": "alice", "aud": resource, "client_id": "app",
		"exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "scope": "mcp:read mcp:write",
	}
	for name, value := range changes {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	return claims
}

// A bench is an issuer, its key and an authenticator for it.
type bench struct {
	*Authenticator
	issuer *fakeIssuer
	signer *signer
	logged atomic.Int64
	clock  atomic.Int64 // added to the time
}

func newBench(t *testing.T, options Options) *bench {
	t.Helper()
	b := &bench{issuer: newFakeIssuer(t, false), signer: newSigner(t, "first")}
	b.issuer.keys = keySet(b.signer)
	options.Issuers = append(options.Issuers, b.issuer.URL)
	options.Resource = resource
	a, err := New(options, func(string, ...any) { b.logged.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	b.Authenticator = a
	for _, i := range a.issuers {
		i.now = func() time.Time { return time.Now().Add(time.Duration(b.clock.Load())) }
	}
	return b
}

func (b *bench) advance(by time.Duration) { b.clock.Add(int64(by)) }

func (b *bench) token(t *testing.T, changes map[string]any) string {
	t.Helper()
	return b.signer.sign(t, good(b.issuer.URL, changes), nil)
}

// request sends a request with these Authorization headers, and returns the response and the request that the server got.
func (b *bench) request(change func(*http.Request), authorization ...string) (*httptest.ResponseRecorder, *http.Request) {
	r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
	for _, value := range authorization {
		r.Header.Add("Authorization", value)
	}
	if change != nil {
		change(r)
	}
	var seen *http.Request
	w := httptest.NewRecorder()
	b.Authenticate(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r })).ServeHTTP(w, r)
	return w, seen
}

func (b *bench) status(token string) int {
	w, _ := b.request(nil, "Bearer "+token)
	return w.Code
}

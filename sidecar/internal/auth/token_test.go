// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestAValidTokenIsAcceptedAndNotPassedOn(t *testing.T) {
	b := newBench(t, Options{Scopes: []string{"mcp:read"}, SubjectHeader: "X-Subject"})
	w, seen := b.request(func(r *http.Request) {
		r.Header.Set("X-Subject", "admin")
		r.Header["X_Subject"] = []string{"admin"}
		r.Header["x-subject"] = []string{"admin"}
	}, "bearer "+b.token(t, map[string]any{"sub": "al\r\nice ü"}))
	if w.Code != http.StatusOK || seen == nil {
		t.Fatal(w.Code, w.Body)
	}
	if len(seen.Header.Values("Authorization")) != 0 {
		t.Error("the token is passed on")
	}
	if got := seen.Header.Get("X-Subject"); got != "al%0D%0Aice%20%C3%BC" {
		t.Errorf("subject %q", got)
	}
	if len(seen.Header["X_Subject"]) != 0 || len(seen.Header["x-subject"]) != 0 {
		t.Errorf("headers %v", seen.Header)
	}
	identity := IdentityOf(seen.Context())
	if identity == nil || identity.Issuer != b.issuer.URL || identity.ClientID != "app" || identity.Name() != "al\r\nice ü" {
		t.Errorf("identity %+v", identity)
	}
}

func TestTheSubjectIsPassedInNoHeaderOfHTTPOrMCP(t *testing.T) {
	for name, want := range map[string]bool{
		"X-Forwarded-User": true, "X-Subject": true, "Authorization": false, "X-Forwarded-For": false, "X-Forwarded-Host": false,
		"Mcp-Session-Id": false, "Access-Control-Request-Method": false, "X_User": false, "": false,
	} {
		if isHeaderName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestTokensThatMustBeRefused(t *testing.T) {
	b := newBench(t, Options{Issuers: []string{"https://127.0.0.1:1"}})
	now := time.Now()
	if b.status(b.token(t, nil)) != http.StatusOK {
		t.Fatal("a good token is refused")
	}
	for name, changes := range map[string]map[string]any{
		"another audience":             {"aud": "https://other.team.svc/mcp"},
		"audience of the same host":    {"aud": "https://memory.team.svc"},
		"no audience":                  {"aud": nil},
		"audience of another type":     {"aud": map[string]string{"a": resource}},
		"an unknown issuer":            {"iss": "https://evil.example"},
		"another accepted issuer":      {"iss": "https://127.0.0.1:1"},
		"the issuer with a slash":      {"iss": b.issuer.URL + "/"},
		"expired":                      {"exp": now.Add(-clockSkew - 5*time.Second).Unix()},
		"without an end":               {"exp": nil},
		"an end that is no number":     {"exp": "tomorrow"},
		"not valid yet":                {"nbf": now.Add(clockSkew + 5*time.Second).Unix()},
		"issued in the future":         {"iat": now.Add(clockSkew + 5*time.Second).Unix()},
		"nobody":                       {"sub": nil, "client_id": nil},
		"bound to a key by DPoP":       {"cnf": map[string]string{"jkt": "x"}},
		"bound to a certificate":       {"cnf": map[string]string{"x5t#S256": "x"}},
		"bound to something new":       {"cnf": map[string]string{}},
		"a claim of another type":      {"scope": 7},
		"a subject of another type":    {"sub": []string{"alice"}},
		"an audience with a null byte": {"aud": resource + "\x00"},
	} {
		if status := b.status(b.token(t, changes)); status != http.StatusUnauthorized && status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", name, status)
		}
	}
	for name, changes := range map[string]map[string]any{
		"several audiences":         {"aud": []string{"https://other.example", resource}},
		"a slash at the end":        {"aud": resource + "/"},
		"an end within the skew":    {"exp": now.Add(-clockSkew + 5*time.Second).Unix()},
		"a start within the skew":   {"nbf": now.Add(clockSkew - 5*time.Second).Unix()},
		"a client without a person": {"sub": nil},
		"scopes as an array":        {"scope": nil, "scp": []string{"a"}},
	} {
		if status := b.status(b.token(t, changes)); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}
}

func TestSignaturesThatMustBeRefused(t *testing.T) {
	b := newBench(t, Options{})
	evil := newSigner(t, "first")
	claims := good(b.issuer.URL, nil)
	encode := base64.RawURLEncoding.EncodeToString
	parts := strings.Split(b.token(t, nil), ".")
	public, err := x509.MarshalPKIXPublicKey(b.signer.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	hmac := jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: public, KeyID: "first"}}
	for name, token := range map[string]string{
		"another key with the same id":  evil.sign(t, claims, nil),
		"an unknown id":                 newSigner(t, "unknown").sign(t, claims, nil),
		"no id":                         newSigner(t, "").sign(t, claims, nil),
		"the key of the header":         evil.sign(t, claims, map[string]any{"jwk": evil.public()}),
		"a link of the header":          evil.sign(t, claims, map[string]any{"jku": "https://evil.example/keys"}),
		"HMAC with the public key":      signWith(t, hmac, claims, nil),
		"none":                          encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"None":                          encode([]byte(`{"alg":"None"}`)) + "." + parts[1] + ".",
		"none with a signature":         encode([]byte(`{"alg":"none","kid":"first"}`)) + "." + parts[1] + "." + parts[2],
		"no signature":                  parts[0] + "." + parts[1] + ".",
		"two parts":                     parts[0] + "." + parts[1],
		"five parts":                    strings.Join(append(parts, "a", "b"), "."),
		"other claims":                  parts[0] + "." + encode([]byte(`{"iss":"`+b.issuer.URL+`","sub":"admin"}`)) + "." + parts[2],
		"a critical header":             b.signer.sign(t, claims, map[string]any{"crit": []string{"exp"}, "exp": 1}),
		"a logout token":                b.signer.sign(t, claims, map[string]any{"typ": "logout+jwt"}),
		"a DPoP proof":                  b.signer.sign(t, claims, map[string]any{"typ": "dpop+jwt"}),
		"no token":                      "x",
		"a token that is too large":     strings.Repeat("a", maxToken+1),
		"the JSON serialization":        `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"claims of another token's key": parts[0] + "." + encode([]byte(`{}`)) + "." + parts[2],
	} {
		w, seen := b.request(nil, "Bearer "+token)
		if w.Code != http.StatusUnauthorized || seen != nil {
			t.Errorf("%s: %d", name, w.Code)
		}
		if header := w.Header().Get("WWW-Authenticate"); !strings.Contains(header, `error="invalid_token"`) {
			t.Errorf("%s: %s", name, header)
		}
		if len(token) > 40 && strings.Contains(w.Body.String()+w.Header().Get("WWW-Authenticate"), token[:40]) {
			t.Errorf("%s: the response has the token", name)
		}
	}
	for _, kind := range []string{"at+jwt", "application/at+jwt", "JWT"} {
		if status := b.status(b.signer.sign(t, claims, map[string]any{"typ": kind})); status != http.StatusOK {
			t.Errorf("type %s: %d", kind, status)
		}
	}
}

func TestATokenThatIsBoundToACertificate(t *testing.T) {
	b := newBench(t, Options{})
	own, other := []byte("certificate"), []byte("another one")
	digest := sha256.Sum256(own)
	token := b.token(t, map[string]any{"cnf": map[string]string{"x5t#S256": base64.RawURLEncoding.EncodeToString(digest[:])}})
	for name, test := range map[string]struct {
		state *tls.ConnectionState
		want  int
	}{
		"plain":       {nil, http.StatusUnauthorized},
		"none":        {&tls.ConnectionState{}, http.StatusUnauthorized},
		"another":     {&tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: other}}}, http.StatusUnauthorized},
		"its own one": {&tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: own}}}, http.StatusOK},
	} {
		w, _ := b.request(func(r *http.Request) { r.TLS = test.state }, "Bearer "+token)
		if w.Code != test.want {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestTokensElsewhereThanInOneHeader(t *testing.T) {
	b := newBench(t, Options{Scopes: []string{"mcp:read"}})
	token := b.token(t, nil)
	query := func(text string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = text } }
	const link = `resource_metadata="https://memory.team.svc/.well-known/oauth-protected-resource/mcp"`
	for name, test := range map[string]struct {
		change  func(*http.Request)
		headers []string
		status  int
		want    string
	}{
		"none":          {nil, nil, 401, `Bearer scope="mcp:read", ` + link},
		"query":         {query("access_token=" + token), nil, 400, `error="invalid_request"`},
		"escaped":       {query("access%5ftoken=" + token), nil, 400, `error="invalid_request"`},
		"both":          {query("a=b&access_token=x"), []string{"Bearer " + token}, 400, `error="invalid_request"`},
		"two headers":   {nil, []string{"Bearer " + token, "Bearer " + token}, 400, `error="invalid_request"`},
		"Basic":         {nil, []string{"Basic YTpi"}, 401, `Bearer scope="mcp:read", ` + link},
		"empty":         {nil, []string{"Bearer "}, 401, `Bearer scope="mcp:read", ` + link},
		"another query": {query("a=b"), []string{"Bearer " + token}, 200, ""},
	} {
		w, seen := b.request(test.change, test.headers...)
		if w.Code != test.status || (seen != nil) != (test.status == 200) {
			t.Errorf("%s: %d", name, w.Code)
		}
		if header := w.Header().Get("WWW-Authenticate"); !strings.Contains(header, test.want) || (test.want != "" && !strings.Contains(header, link)) {
			t.Errorf("%s: %s", name, header)
		}
	}
	if refusals := b.Refusals(); refusals["query"] != 3 || refusals["missing"] != 3 || refusals["malformed"] != 1 {
		t.Errorf("refusals %v", refusals)
	}
}

func TestASubjectIsNoClient(t *testing.T) {
	subject := &Identity{Issuer: "https://id.example", Subject: "client x"}
	client := &Identity{Issuer: "https://id.example", ClientID: "x"}
	if subject.Key() == client.Key() {
		t.Error(subject.Key())
	}
}

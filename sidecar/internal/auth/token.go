// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"
)

// algorithms are the accepted signatures: with public keys only. "none" and HS256 would let a client sign tokens.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// claims are the members of an access token that matter, by RFC 9068 and the issuers that differ from it.
type claims struct {
	jwt.Claims
	Scope        texts         `json:"scope"`
	Scp          texts         `json:"scp"` // Entra ID, Okta
	ClientID     string        `json:"client_id"`
	AuthorizedBy string        `json:"azp"` // Keycloak, OpenID Connect
	Confirmation *confirmation `json:"cnf"`
}

func (c *claims) client() string {
	if c.ClientID != "" {
		return c.ClientID
	}
	return c.AuthorizedBy
}

func (c *claims) scopes() []string { return append(append([]string{}, c.Scope...), c.Scp...) }

// confirmation is the key that the client has to prove, RFC 7800.
type confirmation struct {
	Certificate string                     `json:"x5t#S256"`
	Other       map[string]json.RawMessage `json:"-"`
}

func (c *confirmation) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &c.Other); err != nil {
		return err
	}
	if value, found := c.Other["x5t#S256"]; found {
		delete(c.Other, "x5t#S256")
		return json.Unmarshal(value, &c.Certificate)
	}
	return nil
}

// texts is a list of words: an array of strings, or one string with spaces.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var words []string
	if err := json.Unmarshal(data, &words); err == nil {
		*t = words
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*t = strings.Fields(text)
	return nil
}

// A token is a JWT whose signature is not verified yet.
type token struct {
	*jwt.JSONWebToken
	unverified jwt.Claims
}

// parse reads a token with one of the accepted algorithms. Keys and links in its header are ignored.
func parse(raw string) (*token, error) {
	parsed, err := jwt.ParseSigned(raw, algorithms)
	if err != nil {
		return nil, err
	}
	kind, _ := parsed.Headers[0].ExtraHeaders[jose.HeaderType].(string)
	switch strings.TrimPrefix(strings.ToLower(kind), "application/") {
	case "at+jwt", "jwt", "":
		// RFC 9068 requires at+jwt, which many issuers do not set.
	default:
		return nil, fmt.Errorf("a token of type %q", kind)
	}
	t := &token{JSONWebToken: parsed}
	return t, parsed.UnsafeClaimsWithoutVerification(&t.unverified)
}

// key returns the id of the key and the algorithm of the signature.
func (t *token) key() (id, algorithm string) { return t.Headers[0].KeyID, t.Headers[0].Algorithm }

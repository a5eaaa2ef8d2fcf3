// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	fetchTimeout = 10 * time.Second // for the metadata and the keys together
	maxDocument  = 512 << 10        // bytes of a document of the issuer
	maxKeys      = 64
	minRSABits   = 2048
	maxRSABits   = 8192 // larger ones cost the verifier a lot
)

type key = jose.JSONWebKey

var errUnknownKey = errors.New("the issuer has no such key")

// fetchKeys gets the public keys of an issuer: from the jwks_uri of its metadata. That may be on another host, which
// neither RFC 8414 nor OpenID Connect Discovery forbid and some issuers use; the metadata vouches for it.
func fetchKeys(ctx context.Context, client *http.Client, issuer string) ([]key, error) {
	address, err := discover(ctx, client, issuer)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := getJSON(ctx, client, address, &document); err != nil {
		return nil, err
	}
	if document.Keys == nil {
		return nil, fmt.Errorf("%s has no member keys", cut(address))
	}
	var keys []key
	for _, raw := range document.Keys {
		var k key
		// Keys of unknown types are for others.
		if k.UnmarshalJSON(raw) == nil && usable(&k) && len(keys) < maxKeys {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// usable reports whether a key may verify tokens. Secret keys in a public document are known to everybody.
func usable(k *key) bool {
	if !k.IsPublic() || !k.Valid() || (k.Use != "" && k.Use != "sig") {
		return false
	}
	if public, ok := k.Key.(*rsa.PublicKey); ok {
		return public.N.BitLen() >= minRSABits && public.N.BitLen() <= maxRSABits
	}
	return true
}

// verifyWith returns the claims of a token that one of the keys has signed.
func verifyWith(keys []key, t *token) (*claims, error) {
	id, algorithm := t.key()
	err := errUnknownKey
	for at := range keys {
		k := &keys[at]
		if (id != "" && k.KeyID != id) || (k.Algorithm != "" && k.Algorithm != algorithm) {
			continue
		}
		found := &claims{}
		if t.Claims(k.Key, found) == nil {
			return found, nil
		}
		if id != "" {
			err = errSignature
		}
	}
	return nil, err
}

// discover returns the jwks_uri of an issuer. RFC 8414, section 3.1, and OpenID Connect Discovery 1.0, section 4, place
// the metadata differently; MCP requires clients to try these.
func discover(ctx context.Context, client *http.Client, issuer string) (string, error) {
	parsed, err := url.Parse(issuer)
	if err != nil {
		return "", err
	}
	path := strings.TrimSuffix(parsed.EscapedPath(), "/")
	origin := parsed.Scheme + "://" + parsed.Host
	var problems []string
	for _, address := range []string{
		origin + path + "/.well-known/openid-configuration",
		origin + "/.well-known/oauth-authorization-server" + path,
		origin + "/.well-known/openid-configuration" + path,
	} {
		var document struct {
			Issuer string `json:"issuer"`
			Keys   string `json:"jwks_uri"`
		}
		if err := getJSON(ctx, client, address, &document); err != nil {
			problems = append(problems, err.Error())
			continue
		}
		if document.Issuer != issuer {
			// RFC 8414, section 3.3: such metadata must not be used.
			return "", fmt.Errorf("the metadata %s is of the issuer %s", cut(address), cut(document.Issuer))
		}
		keys, err := url.Parse(document.Keys)
		if err != nil || !isSecure(keys) || (keys.Scheme == "http" && parsed.Scheme == "https") {
			return "", fmt.Errorf("the jwks_uri %s is not an https URL", cut(document.Keys))
		}
		return document.Keys, nil
	}
	return "", errors.New(strings.Join(problems, "; "))
}

// getJSON gets a document of bounded size.
func getJSON(ctx context.Context, client *http.Client, address string, to any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("%s", cut(err.Error()))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s has status %d", cut(address), response.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	if err != nil {
		return fmt.Errorf("%s", cut(err.Error()))
	}
	if len(data) > maxDocument {
		return fmt.Errorf("%s is larger than %d bytes", cut(address), maxDocument)
	}
	if json.Unmarshal(data, to) != nil {
		return fmt.Errorf("%s is not the JSON document that is expected", cut(address))
	}
	return nil
}

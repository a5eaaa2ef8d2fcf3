// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	clockSkew = 30 * time.Second // between the issuer and this program
	maxToken  = 12 << 10         // bytes
)

// An Authenticator verifies the tokens of requests. A nil Authenticator permits everything.
type Authenticator struct {
	options   Options
	issuers   map[string]*issuer
	audiences jwt.Audience
	metadata  *metadata
	refusals  refusals
	cache     cache
	now       func() time.Time

	preflights chan struct{} // those that the server has
}

// New prepares the verification of tokens. The text of its error is a sentence without a final period for the
// termination log. Issuers that cannot be reached yet are no error.
func New(options Options, log func(format string, values ...any)) (*Authenticator, error) {
	resource, err := options.check()
	if err != nil {
		return nil, err
	}
	client, err := newClient(options.CAFile)
	if err != nil {
		return nil, err
	}
	a := &Authenticator{options: options, issuers: map[string]*issuer{}, metadata: newMetadata(options, resource), now: time.Now}
	a.preflights = make(chan struct{}, maxPreflights)
	a.audiences = options.Audiences
	if len(a.audiences) == 0 {
		// Clients and issuers differ in the slash at the end; see oauthex.MatchesResource of the official SDK.
		bare := strings.TrimSuffix(options.Resource, "/")
		a.audiences = jwt.Audience{bare, bare + "/"}
	}
	for _, url := range options.Issuers {
		a.issuers[url] = newIssuer(url, client, log)
	}
	return a, nil
}

// Run keeps the keys of the issuers up to date until the context is done.
func (a *Authenticator) Run(ctx context.Context) {
	for _, i := range a.issuers {
		go i.run(ctx)
	}
	<-ctx.Done()
}

// newClient returns a client for the documents of issuers. It follows no redirects: neither RFC 8414 nor OpenID Connect
// Discovery has any, and a redirect could lead to another party.
func newClient(caFile string) (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = 64 << 10
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		data, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("The bundle of authorities of the issuers cannot be read: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(data) {
			return nil, fmt.Errorf("The file %q contains no certificate of an authority in PEM format", caFile)
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// An Identity is what a verified token says about the client.
type Identity struct {
	Issuer   string
	Subject  string
	ClientID string
	Scopes   []string
}

// Key identifies the subject among those of all issuers.
func (i *Identity) Key() string {
	if i.Subject != "" {
		return i.Issuer + " subject " + i.Subject
	}
	return i.Issuer + " client " + i.ClientID
}

// Name returns the subject, or the client where the token has no subject.
func (i *Identity) Name() string {
	if i.Subject != "" {
		return i.Subject
	}
	return i.ClientID
}

type identityKey struct{}

// IdentityOf returns the identity of a request, or nil without a token.
func IdentityOf(ctx context.Context) *Identity {
	identity, _ := ctx.Value(identityKey{}).(*Identity)
	return identity
}

// Authenticate serves the metadata, and passes on requests with a valid token: without the token, which is for this
// server only, and with the identity in their context. Preflight requests of browsers need no token.
func (a *Authenticator) Authenticate(next http.Handler) http.Handler {
	if a == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.metadata.serves(r.URL.Path) {
			a.metadata.ServeHTTP(w, r)
			return
		}
		if isPreflight(r) {
			a.preflight(w, r, next)
			return
		}
		token, problem := bearerToken(r)
		var identity *Identity
		if problem == nil {
			identity, problem = a.verify(r, token)
		}
		if problem != nil {
			a.refuse(w, problem)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), identityKey{}, identity))
		r.Header = r.Header.Clone()
		r.Header.Del("Authorization")
		a.setSubject(r.Header, identity)
		next.ServeHTTP(w, r)
	})
}

// bearerToken returns the token of a request. RFC 6750, section 2: a request has one token. MCP: not in the query.
func bearerToken(r *http.Request) (string, *problem) {
	if strings.Contains(r.URL.RawQuery, "access_token") || strings.Contains(r.URL.RawQuery, "%") && r.URL.Query().Has("access_token") {
		return "", malformed("query", "An access token must not be in the query.")
	}
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", malformed("malformed", "Send one Authorization header.")
	}
	scheme, token, _ := strings.Cut(strings.Join(headers, ""), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		// Without a code: the request lacks authentication (section 3.1).
		return "", &problem{status: http.StatusUnauthorized, text: "An access token is required.", reason: "missing"}
	}
	if len(token) > maxToken {
		return "", invalid("too_large", "The access token is too large.")
	}
	return token, nil
}

// verify checks a token by RFC 9068, section 4, and the scopes for every request.
func (a *Authenticator) verify(r *http.Request, raw string) (*Identity, *problem) {
	claims, problem := a.signedClaims(r.Context(), raw)
	if problem == nil {
		problem = a.checkClaims(claims, r.TLS)
	}
	if problem != nil {
		return nil, problem
	}
	identity := &Identity{Issuer: claims.Issuer, Subject: claims.Subject, ClientID: claims.client(), Scopes: claims.scopes()}
	if lacks(identity.Scopes, a.options.Scopes) {
		return nil, a.insufficient(a.options.Scopes, "The access token lacks a scope.")
	}
	return identity, nil
}

// signedClaims returns the claims of a token that an accepted issuer has signed.
func (a *Authenticator) signedClaims(ctx context.Context, raw string) (*claims, *problem) {
	digest := sha256.Sum256([]byte(raw))
	if claims := a.cache.get(digest); claims != nil {
		return claims, nil
	}
	token, err := parse(raw)
	if err != nil {
		return nil, invalid("malformed", "The access token is not a signed JWT with an accepted algorithm.")
	}
	from := a.issuers[token.unverified.Issuer]
	if from == nil {
		return nil, invalid("issuer", "The access token is from an issuer that is not accepted.")
	}
	claims, fetched, err := from.verify(ctx, token)
	if errors.Is(err, errNoKeys) {
		text := "The keys of the issuer are not available."
		return nil, &problem{status: http.StatusServiceUnavailable, text: text, reason: "no_keys"}
	}
	if err != nil {
		return nil, invalid("signature", "The signature of the access token is not valid.")
	}
	a.cache.put(digest, verified{claims, from, fetched})
	return claims, nil
}

// checkClaims checks what the issuer has signed.
func (a *Authenticator) checkClaims(c *claims, connection *tls.ConnectionState) *problem {
	if c.Expiry == nil {
		return invalid("expired", "The access token does not expire.")
	}
	switch err := c.ValidateWithLeeway(jwt.Expected{AnyAudience: a.audiences, Time: a.now()}, clockSkew); {
	case errors.Is(err, jwt.ErrInvalidAudience):
		return invalid("audience", "The access token is for another audience.")
	case errors.Is(err, jwt.ErrExpired):
		return invalid("expired", "The access token has expired.")
	case err != nil:
		return invalid("not_yet_valid", "The access token is not valid yet.")
	}
	if c.Subject == "" && c.client() == "" {
		return invalid("subject", "The access token has no subject.")
	}
	if c.Confirmation == nil {
		return nil
	}
	// A token that is bound to a key is not for whoever holds it.
	bound := c.Confirmation.Certificate // RFC 8705, section 3
	if bound == "" || len(c.Confirmation.Other) > 0 || connection == nil || len(connection.PeerCertificates) == 0 {
		return invalid("bound", "The access token is bound to a key that the request does not prove.")
	}
	digest := sha256.Sum256(connection.PeerCertificates[0].Raw)
	if base64.RawURLEncoding.EncodeToString(digest[:]) != bound {
		return invalid("bound", "The access token is bound to another client certificate.")
	}
	return nil
}

// lacks reports whether one of the required scopes is missing.
func lacks(granted, required []string) bool {
	return slices.ContainsFunc(required, func(scope string) bool { return !slices.Contains(granted, scope) })
}

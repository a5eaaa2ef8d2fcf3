// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync"
)

// A problem is why a request is refused. Its text is for the client, and does not depend on the token.
type problem struct {
	status int
	code   string   // of RFC 6750, section 3.1; empty where the request has no token
	text   string   // a sentence
	scopes []string // that are needed
	reason string   // for the counter
}

func malformed(reason, text string) *problem {
	return &problem{status: http.StatusBadRequest, code: "invalid_request", text: text, reason: reason}
}

func invalid(reason, text string) *problem {
	return &problem{status: http.StatusUnauthorized, code: "invalid_token", text: text, reason: reason}
}

func (a *Authenticator) insufficient(scopes []string, text string) *problem {
	return &problem{status: http.StatusForbidden, code: "insufficient_scope", text: text, scopes: scopes, reason: "scope"}
}

// refuse answers with the challenge of RFC 6750 and RFC 9728, section 5.1.
func (a *Authenticator) refuse(w http.ResponseWriter, p *problem) {
	a.refusals.count(p.reason)
	header := w.Header()
	permitPages(header)
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	// The body is not read.
	header.Set("Connection", "close")
	code := p.code
	if p.status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "5")
		code = "temporarily_unavailable"
	} else {
		header.Set("WWW-Authenticate", a.challenge(p))
		if code == "" {
			code = "invalid_token"
		}
	}
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": p.text})
}

func (a *Authenticator) challenge(p *problem) string {
	var parts []string
	if p.code != "" {
		parts = append(parts, `error="`+p.code+`"`, `error_description="`+p.text+`"`)
	}
	scopes := p.scopes
	if len(scopes) == 0 {
		scopes = a.options.Scopes
	}
	if len(scopes) > 0 {
		parts = append(parts, `scope="`+strings.Join(scopes, " ")+`"`)
	}
	parts = append(parts, `resource_metadata="`+a.metadata.url+`"`)
	return "Bearer " + strings.Join(parts, ", ")
}

// refusals counts refused requests by reason.
type refusals struct {
	mu     sync.Mutex
	counts map[string]int64
}

func (r *refusals) count(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[string]int64{}
	}
	r.counts[reason]++
}

// Refusals returns the number of refused requests by reason, for metrics.
func (a *Authenticator) Refusals() map[string]int64 {
	a.refusals.mu.Lock()
	defer a.refusals.mu.Unlock()
	return maps.Clone(a.refusals.counts)
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/call"
)

// Authorize passes on requests whose token has the scopes of the tools that they call. It reads what they call from the
// body, as the server does. Use it inside of Authenticate and of call.Calls.Middleware.
func (a *Authenticator) Authorize(next http.Handler) http.Handler {
	if a == nil || len(a.options.ToolScopes) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) {
			next.ServeHTTP(w, r) // it has neither a token nor a message
			return
		}
		info := call.From(r.Context())
		if info == nil || (len(info.Messages) == 0 && r.ContentLength != 0) {
			call.Refuse(w, r, http.StatusBadRequest, jsonrpc.CodeInvalidRequest, "The body is not a JSON-RPC message, so its scopes are unknown.")
			return
		}
		var tools []string
		for _, m := range info.Messages {
			if m.IsToolCall() {
				tools = append(tools, m.Name)
			}
		}
		if needed := a.lacking(IdentityOf(r.Context()), tools); needed != nil {
			a.refuse(w, a.insufficient(needed, "The access token lacks a scope for the tool."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// lacking returns the scopes that a call of these tools needs, nil where the identity has them.
func (a *Authenticator) lacking(identity *Identity, tools []string) []string {
	needed := slices.Clone(a.options.Scopes)
	for _, tool := range tools {
		for _, scope := range a.options.ToolScopes[tool] {
			if !slices.Contains(needed, scope) {
				needed = append(needed, scope)
			}
		}
	}
	if identity != nil && !lacks(identity.Scopes, needed) {
		return nil
	}
	return needed
}

// setSubject replaces the header with the subject. Clients can neither set it, also in the spelling with underscores that
// some servers take for the same.
func (a *Authenticator) setSubject(header http.Header, identity *Identity) {
	name := a.options.SubjectHeader
	if name == "" {
		return
	}
	for other := range header {
		if strings.EqualFold(strings.ReplaceAll(other, "_", "-"), name) {
			delete(header, other)
		}
	}
	header.Set(name, escaped(identity.Name()))
}

// escaped returns a text as visible ASCII, other bytes and the percent sign as in a URL.
func escaped(text string) string {
	var result strings.Builder
	for _, char := range []byte(text) {
		if char > ' ' && char <= '~' && char != '%' {
			result.WriteByte(char)
			continue
		}
		const digits = "0123456789ABCDEF"
		result.Write([]byte{'%', digits[char>>4], digits[char&15]})
	}
	return result.String()
}

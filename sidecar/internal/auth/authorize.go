// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"slices"
	"strings"
)

// AuthorizeTools permits a request that calls these tools, one for each tools/call of its body. Otherwise it answers 403
// with the scopes that are needed, and returns false.
func (a *Authenticator) AuthorizeTools(w http.ResponseWriter, r *http.Request, tools []string) bool {
	if a == nil || len(a.options.ToolScopes) == 0 {
		return true
	}
	identity := IdentityOf(r.Context())
	needed := slices.Clone(a.options.Scopes)
	for _, tool := range tools {
		for _, scope := range a.options.ToolScopes[tool] {
			if !slices.Contains(needed, scope) {
				needed = append(needed, scope)
			}
		}
	}
	if identity != nil && !lacks(identity.Scopes, needed) {
		return true
	}
	a.refuse(w, a.insufficient(needed, "The access token lacks a scope for the tool."))
	return false
}

// NeedsTools reports whether AuthorizeTools depends on the body of a request.
func (a *Authenticator) NeedsTools() bool { return a != nil && len(a.options.ToolScopes) > 0 }

// setSubject replaces the header with the subject. Clients can neither set it, also in the spelling with underscores that
// some servers take for the same, nor have it removed as a header of the connection.
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
	var kept []string
	for _, value := range header.Values("Connection") {
		for option := range strings.SplitSeq(value, ",") {
			if option = strings.TrimSpace(option); !strings.EqualFold(option, name) {
				kept = append(kept, option)
			}
		}
	}
	header.Del("Connection")
	if len(kept) > 0 {
		header.Set("Connection", strings.Join(kept, ", "))
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

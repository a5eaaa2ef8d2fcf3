// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package auth protects an MCP server as an OAuth 2.1 resource server: it verifies the access tokens of clients, and
// serves the metadata of RFC 9728. See "Authorization" of the MCP specification.
package auth

import (
	"flag"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// Options are the options of the command line.
type Options struct {
	Issuers       []string
	Audiences     []string            // a token needs one of them; empty: the resource
	Resource      string              // the URL of the server that clients use
	Scopes        []string            // a token needs all of them
	ToolScopes    map[string][]string // and, to call a tool, all of these
	CAFile        string              // authorities of the issuers beside those of the system
	SubjectHeader string              // header that passes the subject to the server; empty: none
}

// Register adds the options to a command.
func (o *Options) Register(flags *flag.FlagSet) {
	list := func(to *[]string) func(string) error {
		return func(value string) error { *to = append(*to, value); return nil }
	}
	flags.Func("auth-issuer", "URL of an authorization server whose tokens are accepted (may be repeated); needs --auth-resource", list(&o.Issuers))
	flags.Func("auth-audience", "audience that a token must have (may be repeated: one of them); the resource by default", list(&o.Audiences))
	flags.StringVar(&o.Resource, "auth-resource", "", "URL of this server that clients use, as in RFC 8707")
	flags.Func("auth-scope", "scope that a token must have (may be repeated: all of them)", list(&o.Scopes))
	flags.Func("auth-tool-scope", "TOOL=SCOPE: scope that a token must have to call a tool (may be repeated)", o.addToolScope)
	flags.StringVar(&o.CAFile, "auth-ca-file", "", "PEM file with authorities of the issuers, beside those of the system")
}

// RegisterHeader adds the option of a command whose server reads headers.
func (o *Options) RegisterHeader(flags *flag.FlagSet) {
	flags.StringVar(&o.SubjectHeader, "auth-subject-header", "", "request header in which the server gets the subject of the token")
}

func (o *Options) addToolScope(value string) error {
	// Scopes may contain an equals sign, tools may not.
	tool, scope, _ := strings.Cut(value, "=")
	if tool == "" || !isScope(scope) {
		return fmt.Errorf("set it to TOOL=SCOPE")
	}
	if o.ToolScopes == nil {
		o.ToolScopes = map[string][]string{}
	}
	o.ToolScopes[tool] = append(o.ToolScopes[tool], scope)
	return nil
}

// Enabled reports whether clients need a token.
func (o *Options) Enabled() bool {
	return len(o.Issuers)+len(o.Audiences)+len(o.Scopes)+len(o.ToolScopes) > 0 || o.Resource != "" || o.SubjectHeader != ""
}

// check returns the resource, or which option to correct.
func (o *Options) check() (*url.URL, error) {
	if len(o.Issuers) == 0 || o.Resource == "" {
		return nil, fmt.Errorf("Set both --auth-issuer and --auth-resource")
	}
	for _, issuer := range o.Issuers {
		if parsed, err := url.Parse(issuer); err != nil || !isSecure(parsed) || parsed.RawQuery != "" || strings.Contains(issuer, "#") {
			// RFC 8414, section 2.
			return nil, fmt.Errorf("The issuer %q is not an https URL without query and fragment", issuer)
		}
	}
	resource, err := url.Parse(o.Resource)
	if err != nil || (resource.Scheme != "https" && resource.Scheme != "http") || resource.Host == "" || resource.User != nil || strings.ContainsAny(o.Resource, "# \"\\") {
		// RFC 8707, section 2. It is part of a quoted string in challenges.
		return nil, fmt.Errorf("The value %q of --auth-resource is not an absolute URL without fragment", o.Resource)
	}
	for _, scope := range o.Scopes {
		if !isScope(scope) {
			return nil, fmt.Errorf("The value %q of --auth-scope is not a scope", scope)
		}
	}
	if o.SubjectHeader != "" {
		if len(o.Issuers) > 1 {
			// A subject is unique for its issuer only.
			return nil, fmt.Errorf("The option --auth-subject-header needs a single --auth-issuer")
		}
		if !isHeaderName(o.SubjectHeader) {
			return nil, fmt.Errorf("The value %q of --auth-subject-header is not the name of a header that may be set", o.SubjectHeader)
		}
	}
	return resource, nil
}

// isSecure reports whether nobody on the network can change what a URL returns: it has https, or is on loopback.
func isSecure(u *url.URL) bool {
	if u.Host == "" || u.User != nil {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	address, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || (err == nil && address.IsLoopback()))
}

// isScope reports whether a text is a scope-token of RFC 6749, section 3.3.
func isScope(text string) bool {
	for _, char := range []byte(text) {
		if char <= ' ' || char > '~' || char == '"' || char == '\\' {
			return false
		}
	}
	return text != ""
}

// isHeaderName reports whether a header may carry the subject: letters, digits and hyphens, and none that HTTP or MCP use.
func isHeaderName(name string) bool {
	lower := strings.ToLower(name)
	if lower == "" || strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(lower, "mcp-") || strings.HasPrefix(lower, "access-control-") {
		return false
	}
	switch lower {
	case "host", "authorization", "cookie", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding",
		"te", "trailer", "upgrade", "accept", "origin", "expect", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded":
		return false
	}
	return true
}

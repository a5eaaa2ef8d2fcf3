// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

const wellKnown = "/.well-known/oauth-protected-resource"

// metadata is the document of RFC 9728 that leads clients to the issuers.
type metadata struct {
	http.Handler
	url  string // of the document
	path string // of the resource
}

func newMetadata(options Options, resource *url.URL) *metadata {
	scopes := slices.Clone(options.Scopes)
	for _, needed := range options.ToolScopes {
		scopes = append(scopes, needed...)
	}
	slices.Sort(scopes)
	document := &oauthex.ProtectedResourceMetadata{
		Resource:               options.Resource,
		AuthorizationServers:   options.Issuers,
		ScopesSupported:        slices.Compact(scopes),
		BearerMethodsSupported: []string{"header"},
	}
	// RFC 9728, section 3.1: the path of the resource follows, without a slash at the end.
	path := strings.TrimSuffix(resource.EscapedPath(), "/")
	address := resource.Scheme + "://" + resource.Host + wellKnown + path
	if resource.RawQuery != "" {
		address += "?" + resource.RawQuery
	}
	return &metadata{sdk.ProtectedResourceMetadataHandler(document), address, resource.Path}
}

// serves reports whether a path is that of the document: with the path of the resource, or without for older clients.
func (m *metadata) serves(path string) bool {
	rest, found := strings.CutPrefix(path, wellKnown)
	return found && (rest == "" || rest == "/" || strings.TrimSuffix(rest, "/") == strings.TrimSuffix(m.path, "/"))
}

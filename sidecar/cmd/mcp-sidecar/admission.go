// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/hosts"
)

const refusalsLogged = 5

// admission refuses requests that a web page makes through the browser that shows it: by DNS rebinding, which the Host
// header reveals, or across sites, which Origin and Sec-Fetch-Site reveal. MCP requires the check of Origin
// (basic/transports, Security Warning); browsers do not send it with every GET.
type admission struct {
	names   *hosts.Names
	refused atomic.Int64
}

func (a *admission) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, text := a.check(r)
		if status == http.StatusOK {
			next.ServeHTTP(w, r)
			return
		}
		if a.refused.Add(1) <= refusalsLogged {
			log("refused a request: %s", text)
		}
		refuse(w, status, nil, jsonrpc.CodeInvalidRequest, text)
	})
}

// check returns 200, or the status and the reason of a refusal.
func (a *admission) check(r *http.Request) (status int, text string) {
	if !a.names.Include(r.Host) {
		text := "The Host header %q is not a name of this server. If clients reach it by this name, for example through a gateway, " +
			"add it to the variable %s in spec.environment of the MCPServer."
		return http.StatusMisdirectedRequest, fmt.Sprintf(text, excerpt(r.Host), hosts.Variable)
	}
	origin := strings.Join(r.Header.Values("Origin"), ",")
	listed := false
	if origin != "" {
		name, port := splitOrigin(origin)
		listed = name != "" && a.names.Lists(name)
		if !listed && (name == "" || name != hosts.Hostname(r.Host) || !samePort(r.Host, port, origin)) {
			text := "The Origin %q is not that of this server. To allow requests of its web pages, add its host to the variable %s " +
				"in spec.environment of the MCPServer."
			return http.StatusForbidden, fmt.Sprintf(text, excerpt(origin), hosts.Variable)
		}
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "none", "same-origin":
	default:
		if !listed {
			text := "The request comes from a web page of another site (Sec-Fetch-Site: %s). To allow it, add the host of its Origin " +
				"to the variable %s in spec.environment of the MCPServer."
			return http.StatusForbidden, fmt.Sprintf(text, excerpt(site), hosts.Variable)
		}
	}
	return http.StatusOK, ""
}

// splitOrigin returns the host in lower case and the port of an Origin, "" for one without a host, such as "null".
func splitOrigin(origin string) (name, port string) {
	parsed, err := url.Parse(origin)
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" || parsed.User != nil {
		return "", ""
	}
	return hosts.Hostname(parsed.Host), parsed.Port()
}

// samePort compares the ports of a Host header and of an Origin, neither of which needs one that is the scheme's.
func samePort(host, port, origin string) bool {
	usual := "80"
	if strings.HasPrefix(origin, "https:") {
		usual = "443"
	}
	own := usual
	if _, after, found := hosts.CutLast(host, ":"); found && hosts.IsPort(":"+after) {
		own = after
	}
	if port == "" {
		port = usual
	}
	return own == port
}

func excerpt(text string) string {
	if len(text) > 100 {
		return strings.ToValidUTF8(text[:100], "") + "..."
	}
	return text
}

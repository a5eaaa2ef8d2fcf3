// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"mcp.kubernetes/test-servers/internal/clock"
)

// An answer is one way to answer every request.
type answer struct {
	summary string
	handler func() http.Handler
}

var answers = map[string]answer{
	"good":       {"a correct server", good},
	"html":       {"200 and a web page on every path", html},
	"json":       {"200 and JSON that is no JSON-RPC on every path", plainJSON},
	"tools-fail": {"a correct handshake, and then tools/list fails with -32603", toolsFail},
	"silent":     {"takes every request and never answers", silent},
	"auth":       {"401 with a Bearer challenge that names the resource metadata", auth},
	"auth-bare":  {"401 without WWW-Authenticate", authBare},
}

func describeAnswers() string {
	var text strings.Builder
	for _, mode := range slices.Sorted(maps.Keys(answers)) {
		fmt.Fprintf(&text, "  %-13s %s\n", mode, answers[mode].summary)
	}
	return text.String()
}

func good() http.Handler { return served(clock.NewServer()) }

func served(server *mcp.Server) http.Handler {
	handler, err := clock.NewHandler(server, clock.StreamableHTTP, false)
	if err != nil {
		panic(err) // the transport is a constant of the same package
	}
	return handler
}

func html() http.Handler {
	return constant(http.StatusOK, "text/html; charset=utf-8",
		"<!doctype html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n")
}

func plainJSON() http.Handler { return constant(http.StatusOK, "application/json", `{"status":"ok"}`) }

func toolsFail() http.Handler {
	server := clock.NewServer()
	server.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			if method == "tools/list" {
				return nil, &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: "the tool registry is not available"}
			}
			return next(ctx, method, request)
		}
	})
	return served(server)
}

func silent() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) { <-request.Context().Done() })
}

func auth() http.Handler {
	const metadata = "/.well-known/oauth-protected-resource"
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		origin := "http://" + request.Host
		if request.URL.Path == metadata {
			response.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(response, `{"resource":%q,"authorization_servers":["https://auth.example.com"]}`, origin)
			return
		}
		challenge := fmt.Sprintf("Bearer realm=\"mcp\", resource_metadata=%q", origin+metadata)
		response.Header().Set("WWW-Authenticate", challenge)
		http.Error(response, "unauthorized", http.StatusUnauthorized)
	})
}

func authBare() http.Handler {
	return constant(http.StatusUnauthorized, "application/json", `{"error":"unauthorized"}`)
}

func constant(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("Content-Type", contentType)
		response.WriteHeader(status)
		fmt.Fprint(response, body)
	})
}

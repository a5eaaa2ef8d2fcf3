// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A server on the official Go SDK: server streamable-http|stateless|json|sse. PORT says where it listens.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type numbers struct {
	A float64 `json:"a"`
	B float64 `json:"b"`
}

type sum struct {
	Sum float64 `json:"sum"`
}

func add(_ context.Context, _ *mcp.CallToolRequest, in numbers) (*mcp.CallToolResult, sum, error) {
	return nil, sum{in.A + in.B}, nil
}

func main() {
	server := mcp.NewServer(&mcp.Implementation{Name: "judged", Version: "1.0.0"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "add", Description: "Add two numbers."}, add)
	get := func(*http.Request) *mcp.Server { return server }
	options := &mcp.StreamableHTTPOptions{Stateless: os.Args[1] == "stateless", JSONResponse: os.Args[1] == "json"}
	var handler http.Handler = mcp.NewStreamableHTTPHandler(get, options)
	if os.Args[1] == "sse" {
		handler = mcp.NewSSEHandler(get, nil)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}

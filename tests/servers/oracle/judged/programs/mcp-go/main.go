// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// A server on mark3labs/mcp-go: server streamable-http|stateless|sse. PORT says where it listens.
package main

import (
	"context"
	"log"
	"os"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

func hello(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return mcp.NewToolResultText("Hello!"), nil
}

func main() {
	judged := server.NewMCPServer("judged", "1.0.0", server.WithToolCapabilities(true))
	judged.AddTool(mcp.NewTool("hello", mcp.WithDescription("Greet."), mcp.WithString("name", mcp.Required())), hello)
	address := "127.0.0.1:" + os.Getenv("PORT")
	if os.Args[1] == "sse" {
		log.Fatal(server.NewSSEServer(judged).Start(address))
	}
	stateless := server.WithStateLess(os.Args[1] == "stateless")
	log.Fatal(server.NewStreamableHTTPServer(judged, stateless).Start(address))
}

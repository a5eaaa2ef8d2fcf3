// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command clock-server is a light, real MCP server: it starts in milliseconds and serves thousands of sessions.
package main

import (
	"cmp"
	"context"
	"flag"
	"log"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"mcp.kubernetes/test-servers/internal/clock"
	"mcp.kubernetes/test-servers/internal/serve"
)

func main() {
	transport := flag.String("transport", cmp.Or(os.Getenv("SERVER_TRANSPORT"), clock.Both),
		"both, streamable-http (on /mcp), sse (on /sse) or stdio; SERVER_TRANSPORT gives the default")
	stateless := flag.Bool("stateless", false, "no sessions on /mcp, and revision 2026-07-28 too")
	flag.Parse()
	if *transport == "stdio" {
		if err := clock.NewServer().Run(context.Background(), &mcp.StdioTransport{}); err != nil {
			log.Fatal(err)
		}
		return
	}
	handler, err := clock.NewHandler(clock.NewServer(), *transport, *stateless)
	if err != nil {
		log.Fatal(err)
	}
	if err := serve.UntilSignal(":"+serve.Port(), handler); err != nil {
		log.Fatal(err)
	}
}

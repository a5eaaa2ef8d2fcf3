// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command mcp-sidecar runs in the Pod of an MCP server: it serves one that uses the stdio transport over HTTP, or forwards
// requests to one that uses HTTP.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

const usage = `usage: mcp-sidecar copy DESTINATION              copy this program into a folder, for another container
       mcp-sidecar run [OPTIONS] -- COMMAND...    run the command and serve it on /mcp and /sse
       mcp-sidecar proxy [OPTIONS] --target URL   forward requests to the server at this address`

// version is set at build time.
var version = "dev"

func log(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "mcp-sidecar: "+format+"\n", values...)
}

type names []string

func (n *names) String() string         { return strings.Join(*n, ",") }
func (n *names) Set(value string) error { *n = append(*n, value); return nil }

func newFlags(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ExitOnError)
	flags.Usage = func() {
		fmt.Fprintf(os.Stderr, "%s\n\noptions of %s:\n", usage, command)
		flags.PrintDefaults()
	}
	return flags
}

func main() {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch {
	case command == "copy" && len(os.Args) == 3:
		if err := copySelf(os.Args[2]); err != nil {
			log("%v", err)
			os.Exit(exitFailed)
		}
	case command == "run":
		runBridge(os.Args[2:])
	case command == "proxy":
		runProxy(os.Args[2:])
	default:
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
}

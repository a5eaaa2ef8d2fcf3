// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command broken-server fails in one chosen way, for tests of what a deployment makes of it.
package main

import (
	"fmt"
	"log"
	"os"

	"mcp.kubernetes/test-servers/internal/serve"
)

const usage = `usage: broken-server MODE
       broken-server switch MODE     tell a switchable one in the same Pod how to answer from now on

Modes of the process:
  crash         exits 1 at once
  wrong-port    a correct server on port 9999 whatever PORT says
  loopback      a correct server on 127.0.0.1 only
  switchable    a correct server until "switch" or PUT /mode on port 8081 names a mode of answering

Modes of answering:
`

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "switch" {
		return requestSwitch(args[1])
	}
	if len(args) != 1 {
		return fmt.Errorf("one mode is needed\n%s%s", usage, describeAnswers())
	}
	switch mode := args[0]; mode {
	case "crash":
		return fmt.Errorf("cannot read the configuration: no such file")
	case "wrong-port":
		return serve.UntilSignal(":9999", answers["good"].handler())
	case "loopback":
		return serve.UntilSignal("127.0.0.1:"+serve.Port(), answers["good"].handler())
	case "switchable":
		return serveSwitchable(":" + serve.Port())
	default:
		chosen, known := answers[mode]
		if !known {
			return fmt.Errorf("unknown mode %q\n%s%s", mode, usage, describeAnswers())
		}
		return serve.UntilSignal(":"+serve.Port(), chosen.handler())
	}
}

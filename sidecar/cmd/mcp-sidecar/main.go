// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command mcp-sidecar runs an MCP server that uses the stdio transport, and serves it over HTTP.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	usage = `usage: mcp-sidecar copy DESTINATION            copy this program into a folder, for another container
       mcp-sidecar run [OPTIONS] -- COMMAND...  run the command and serve it on /mcp and /sse

options of run:`
)

// version is set at build time.
var version = "dev"

func log(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "mcp-sidecar: "+format+"\n", values...)
}

type names []string

func (n *names) String() string         { return strings.Join(*n, ",") }
func (n *names) Set(value string) error { *n = append(*n, value); return nil }

func main() {
	if len(os.Args) == 3 && os.Args[1] == "copy" {
		if err := copySelf(os.Args[2]); err != nil {
			log("%v", err)
			os.Exit(exitFailed)
		}
		return
	}
	var s settings
	flags := flag.NewFlagSet("run", flag.ExitOnError)
	flags.Usage = func() { fmt.Fprintln(os.Stderr, usage); flags.PrintDefaults() }
	listen := flags.String("listen", ":8080", "address")
	flags.StringVar(&s.mode, "mode", "session", "session: each client has a process of the server for itself; shared: all have one")
	flags.IntVar(&s.maxSessions, "max-sessions", 8, "clients at a time")
	flags.BoolVar(&s.keepSpare, "spare", false, "keep one process started for the next client, where each has its own")
	flags.DurationVar(&s.idle, "idle", 10*time.Minute, "end a session that has been idle for so long")
	flags.DurationVar(&s.startWithin, "start", time.Minute, "how long the server may take to answer initialize")
	flags.DurationVar(&s.request, "request", 5*time.Minute, "how long a call may take")
	maxMessage := flags.Int("max-message", 16<<20, "bytes of one message")
	termination := flags.String("termination-log", "/dev/termination-log", "where to say why the server could not run")
	var secrets names
	var hosts names
	flags.Var(&hosts, "allowed-host", "another name of this server in Host and Origin headers (may be repeated)")
	flags.Var(&secrets, "secret-env", "name of an environment variable whose value is never shown (may be repeated)")
	if len(os.Args) < 2 || os.Args[1] != "run" {
		flags.Usage()
		os.Exit(2)
	}
	_ = flags.Parse(os.Args[2:])
	command := flags.Args()
	if len(command) == 0 || (s.mode != "session" && s.mode != "shared") {
		flags.Usage()
		os.Exit(2)
	}
	masker := newMasker(secrets)
	var once sync.Once
	fatal := func(why *cause) {
		once.Do(func() {
			log("%s", why.text)
			// The kubelet copies it into the Pod's status.
			_ = os.WriteFile(*termination, []byte(why.text), 0o600)
			// Let responses that report the exit reach their clients.
			time.Sleep(200 * time.Millisecond)
			os.Exit(why.code)
		})
	}
	launcher := &launcher{newReaper(), command, *maxMessage, masker}
	manager := newSessionManager(s, launcher, fatal)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		fatal(&cause{fmt.Sprintf("The sidecar cannot listen: %v.", err), exitFailed})
	}
	limitMemory(s.maxSessions)
	listener = limitConnections(listener, baseConnections+sessionConnections*s.maxSessions)
	server := newServer(&handler{manager, newServerNames(hosts), newBodies(*maxMessage), *maxMessage})
	go shutDownOnSignal(server, manager)
	go func() {
		if why := manager.begin(); why != nil {
			fatal(why)
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		fatal(&cause{fmt.Sprintf("The sidecar cannot serve: %v.", err), exitFailed})
	}
	select {} // shutDownOnSignal exits the program
}

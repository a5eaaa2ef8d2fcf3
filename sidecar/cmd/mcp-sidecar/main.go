// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command mcp-sidecar runs an MCP server that uses the stdio transport, and serves it over HTTP.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	usage = `usage: mcp-sidecar copy DESTINATION            copy this program into a folder, for another container
       mcp-sidecar run [OPTIONS] -- COMMAND...  run the command and serve it on /mcp and /sse

options of run:`
	drain = 10 * time.Second // for calls in flight when the Pod terminates
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
	flags.DurationVar(&s.start, "start", time.Minute, "how long the server may take to answer initialize")
	flags.DurationVar(&s.request, "request", 5*time.Minute, "how long a call may take")
	maxMessage := flags.Int("max-message", 16<<20, "bytes of one message")
	termination := flags.String("termination-log", "/dev/termination-log", "where to say why the server could not run")
	var secrets names
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
	server := &http.Server{
		Handler:           (&handler{manager, int64(*maxMessage)}).handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
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

// shutDownOnSignal waits for calls in flight, stops the servers and exits.
func shutDownOnSignal(server *http.Server, manager *sessionManager) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
	go func() {
		deadline := time.Now().Add(drain)
		for time.Now().Before(deadline) && busy(manager) {
			time.Sleep(50 * time.Millisecond)
		}
		manager.stop()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		os.Exit(0)
	}()
	// A second signal exits at once.
	<-signals
	os.Exit(exitFailed)
}

func busy(manager *sessionManager) bool {
	for _, s := range manager.all() {
		s.mu.Lock()
		calls := len(s.calls)
		s.mu.Unlock()
		if calls > 0 {
			return true
		}
	}
	return false
}

// The name under which the program was installed before; Pod templates that run still use it.
const formerName = "mcp-stdio-bridge"

// copySelf copies this program into a folder, from which another container executes it by either name.
func copySelf(destination string) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	path := filepath.Join(destination, "mcp-sidecar")
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	err = os.Symlink("mcp-sidecar", filepath.Join(destination, formerName))
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}

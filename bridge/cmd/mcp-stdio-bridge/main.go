// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command mcp-stdio-bridge runs an MCP server that speaks over stdin and stdout, and offers it over HTTP.
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
	usage = `usage: mcp-stdio-bridge copy DESTINATION            put this program into a folder, for another container
       mcp-stdio-bridge run [OPTIONS] -- COMMAND...  run the command and offer it on /mcp and /sse

options of run:`
	drain = 10 * time.Second // for calls that are under way when the Pod is told to stop
)

// version is set when the program is built.
var version = "dev"

func log(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "mcp-stdio-bridge: "+format+"\n", values...)
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
	flags.BoolVar(&s.wantsSpare, "spare", false, "keep one process started for the next client, where each has its own")
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
			// The kubelet puts it into the Pod's status.
			_ = os.WriteFile(*termination, []byte(why.text), 0o600)
			// Those who were told that the server is gone still have to hear it.
			time.Sleep(200 * time.Millisecond)
			os.Exit(why.code)
		})
	}
	launcher := &launcher{newReaper(), command, *maxMessage, masker}
	h := newHub(s, launcher, fatal)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		fatal(&cause{fmt.Sprintf("The bridge cannot listen: %v.", err), exitFailed})
	}
	server := &http.Server{
		Handler:           (&door{h, int64(*maxMessage)}).handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	go stopWhenTold(server, h)
	go func() {
		if why := h.begin(); why != nil {
			fatal(why)
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		fatal(&cause{fmt.Sprintf("The bridge cannot serve: %v.", err), exitFailed})
	}
	select {} // stopWhenTold ends the program
}

// stopWhenTold lets calls finish, then ends the servers, then this program.
func stopWhenTold(server *http.Server, h *hub) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	<-told
	go func() {
		deadline := time.Now().Add(drain)
		for time.Now().Before(deadline) && busy(h) {
			time.Sleep(50 * time.Millisecond)
		}
		h.stop()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		os.Exit(0)
	}()
	// A second one is obeyed at once.
	<-told
	os.Exit(exitFailed)
}

func busy(h *hub) bool {
	for _, s := range h.all() {
		s.mu.Lock()
		calls := len(s.calls)
		s.mu.Unlock()
		if calls > 0 {
			return true
		}
	}
	return false
}

// copySelf puts this program where a container without it can execute it.
func copySelf(destination string) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(destination, "mcp-stdio-bridge"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return to.Close()
}

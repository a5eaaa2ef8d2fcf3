// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/hosts"
)

// runBridge serves a stdio server over HTTP until it exits.
func runBridge(arguments []string) {
	var s settings
	var o options
	flags := newFlags("run")
	o.register(flags)
	listen := flags.String("listen", ":8080", "address")
	flags.StringVar(&s.mode, "mode", "session", "session: each client has a process of the server for itself; shared: all have one")
	flags.IntVar(&s.maxSessions, "max-sessions", 8, "clients at a time")
	flags.BoolVar(&s.keepSpare, "spare", false, "keep one process started for the next client, where each has its own")
	flags.DurationVar(&s.idle, "idle", 10*time.Minute, "end a session that has been idle for so long")
	flags.DurationVar(&s.startWithin, "start", time.Minute, "how long the server may take to answer initialize")
	flags.DurationVar(&s.request, "request", 5*time.Minute, "how long a call may take")
	var secrets names
	flags.Var(&secrets, "secret-env", "name of an environment variable whose value is never shown (may be repeated)")
	_ = flags.Parse(arguments)
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
			o.terminate(why.text)
			// Let responses that report the exit reach their clients.
			time.Sleep(200 * time.Millisecond)
			os.Exit(why.code)
		})
	}
	launcher := &launcher{newReaper(), command, o.maxMessage, masker}
	manager := newSessionManager(s, launcher, fatal)
	if err := o.security.load(); err != nil {
		fatal(&cause{err.Error(), exitFailed})
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		fatal(&cause{fmt.Sprintf("The sidecar cannot listen: %v.", err), exitFailed})
	}
	limitMemory(s.maxSessions)
	listener = o.listener(bounds.LimitConnections(listener, baseConnections+sessionConnections*s.maxSessions))
	h := &handler{manager, hosts.New(o.allowedHosts), bounds.NewBodies(o.maxMessage), o.maxMessage, nil}
	if o.areSet() {
		calls := call.New(h.bodies, o.maxMessage)
		calls.Limit = h.limit
		if h.wrap, err = o.wrap(calls, "stdio", h.probe); err != nil {
			fatal(&cause{err.Error(), exitFailed})
		}
	}
	server := newServer(h)
	go shutDownOnSignal(server, manager, o.flush)
	go func() {
		if why := manager.begin(); why != nil {
			fatal(why)
		}
	}()
	if err := serve(server, listener); err != nil {
		fatal(&cause{err.Error(), exitFailed})
	}
	select {} // shutDownOnSignal exits the program
}

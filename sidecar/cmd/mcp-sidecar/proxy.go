// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
	"mcp.kubernetes/sidecar/internal/hosts"
	"mcp.kubernetes/sidecar/internal/proxy"
)

const drainStep = 50 * time.Millisecond

// runProxy forwards requests until a signal.
func runProxy(arguments []string) {
	var o options
	flags := newFlags("proxy")
	o.register(flags)
	o.security.auth.RegisterHeader(flags)
	listen := flags.String("listen", ":8080", "address")
	target := flags.String("target", "", "URL of the server, such as http://127.0.0.1:3001")
	hostHeader := flags.String("host-header", "auto", "Host header for the server: auto, its own address for names that cannot be rebound; preserve, what the client sent")
	connections := flags.Int("max-connections", 1024, "connections of clients at a time")
	wait := flags.Duration("drain", drain, "how long calls in flight may take when the Pod terminates")
	_ = flags.Parse(arguments)
	address, err := url.Parse(*target)
	if err == nil && (address.Scheme != "http" || address.Port() == "" || address.Path+address.RawQuery != "" || address.User != nil) {
		err = errors.New("--target must be http://HOST:PORT")
	}
	if err == nil && (flags.NArg() > 0 || (*hostHeader != "auto" && *hostHeader != "preserve")) {
		err = errors.New("--host-header must be auto or preserve, and no other arguments are taken")
	}
	if err != nil {
		log("%v", err)
		flags.Usage()
		os.Exit(2)
	}
	settings := proxy.Settings{Target: address, Names: hosts.New(o.allowedHosts), PreserveHost: *hostHeader == "preserve"}
	if err := o.proxy(settings, *listen, *connections, *wait); err != nil {
		log("%v", err)
		o.terminate(err.Error())
		os.Exit(exitFailed)
	}
}

func (o *options) proxy(settings proxy.Settings, listen string, connections int, wait time.Duration) error {
	if err := o.security.load(); err != nil {
		return err
	}
	limitMemory(0)
	calls := call.New(bounds.NewBodies(o.maxMessage), o.maxMessage)
	probe := func() error {
		c, err := net.DialTimeout("tcp", settings.Target.Host, 5*time.Second)
		if err == nil {
			_ = c.Close()
		}
		return err
	}
	wrap, err := o.wrap(calls, settings.Target.Host, probe)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("the sidecar cannot listen: %w", err)
	}
	listener = o.listener(bounds.LimitConnections(listener, connections))
	server := httpServer(bounds.WithDeadlines(proxy.WithoutConnectionHeaders(wrap(proxy.New(settings)))))
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	done := make(chan struct{})
	go func() {
		defer close(done)
		drainOnSignal(server, calls, wait, signals)
	}()
	if err := serve(server, listener); err != nil {
		return err
	}
	<-done
	o.flush()
	return nil
}

// drainOnSignal waits for calls in flight, then closes all connections.
func drainOnSignal(server *http.Server, calls *call.Calls, wait time.Duration, signals <-chan os.Signal) {
	<-signals
	endCalls(server, calls, wait, signals)
	// The last calls are recorded when their handlers return.
	for deadline := time.Now().Add(time.Second); calls.Open() > 0 && time.Now().Before(deadline); {
		time.Sleep(drainStep)
	}
}

func endCalls(server *http.Server, calls *call.Calls, wait time.Duration, signals <-chan os.Signal) {
	server.SetKeepAlivesEnabled(false)
	ends := time.After(wait)
	for calls.InFlight() > 0 {
		select {
		case <-signals:
			os.Exit(exitFailed)
		case <-ends:
			_ = server.Close()
			return
		case <-time.After(drainStep):
		}
	}
	// Streams without a call do not end by themselves.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}

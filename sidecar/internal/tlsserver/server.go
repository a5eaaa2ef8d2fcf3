// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"context"
	"crypto/tls"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	clockSkew   = 5 * time.Minute
	settleAfter = 100 * time.Millisecond // after the last change of a file
	checkEvery  = time.Minute            // also without a notice: inotify has limits, and does not see all file systems
)

// A Server has the current certificate and authorities.
type Server struct {
	options    Options
	minVersion uint16
	names      []san
	log        func(format string, values ...any)
	now        func() time.Time
	changed    func() // for tests: after each check of the files

	current        atomic.Pointer[material]
	loaded, failed atomic.Int64
	problem        string // of the last check, to log it once
}

// New loads the files. The text of its error is a sentence without a final period for the termination log.
func New(options Options, log func(format string, values ...any)) (*Server, error) {
	return newServer(options, log, time.Now)
}

func newServer(options Options, log func(string, ...any), now func() time.Time) (*Server, error) {
	version, names, err := options.check()
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, minVersion: version, names: names, log: log, now: now, changed: func() {}}
	found, err := s.load()
	if err != nil {
		return nil, err
	}
	s.current.Store(found)
	return s, nil
}

// Config returns the configuration of a listener. Each handshake uses the current certificate and authorities.
func (s *Server) Config() *tls.Config {
	return &tls.Config{
		MinVersion:         s.minVersion,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return s.current.Load().config, nil },
	}
}

// Expiry returns when the certificate that is served expires.
func (s *Server) Expiry() time.Time { return s.current.Load().expires }

// Reloads returns how often changed files were loaded, and how often they could not be.
func (s *Server) Reloads() (loaded, failed int64) { return s.loaded.Load(), s.failed.Load() }

// Run loads the files again when they change, until the context is done. It watches their folders, since the kubelet
// replaces all files of a volume at once through the link ..data.
func (s *Server) Run(ctx context.Context) {
	var events <-chan fsnotify.Event
	var errors <-chan error
	if watcher, err := fsnotify.NewWatcher(); err != nil {
		s.log("cannot watch the TLS files, they are read once a minute: %v", err)
	} else {
		defer watcher.Close()
		for _, path := range []string{s.options.CertFile, s.options.KeyFile, s.options.ClientCAFile} {
			if path == "" {
				continue
			}
			if err := watcher.Add(filepath.Dir(path)); err != nil {
				s.log("cannot watch %q, it is read once a minute: %v", filepath.Dir(path), err)
			}
		}
		events, errors = watcher.Events, watcher.Errors
	}
	check := time.NewTicker(checkEvery)
	defer check.Stop()
	// What changed between the first load and the start of the watch.
	settled := time.NewTimer(0)
	defer settled.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-events:
			settled.Reset(settleAfter)
		case <-errors:
			settled.Reset(settleAfter)
		case <-settled.C:
			s.reload()
		case <-check.C:
			s.reload()
		}
	}
}

// reload replaces what is served, unless the files are invalid: the old certificate is better than none.
func (s *Server) reload() {
	defer s.changed()
	found, err := s.load()
	if err != nil {
		if text := err.Error(); text != s.problem {
			s.problem = text
			s.failed.Add(1)
			s.log("keeping the TLS certificate that expires at %s: %s.", s.Expiry().UTC().Format(time.RFC3339), text)
		}
		return
	}
	s.problem = ""
	if found.digest == s.current.Load().digest {
		return
	}
	s.current.Store(found)
	s.loaded.Add(1)
	s.log("loaded a new TLS certificate or client authorities; the certificate expires at %s", found.expires.UTC().Format(time.RFC3339))
}

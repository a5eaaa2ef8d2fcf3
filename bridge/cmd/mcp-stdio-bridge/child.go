// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const (
	writeTimeout = 20 * time.Second // a server that reads nothing for so long reads nothing
	closeGrace   = 2 * time.Second  // after its input was closed
	termGrace    = 3 * time.Second  // after SIGTERM
	rubbishShown = 5                // lines on stdout that are not MCP and that the log shows
)

// A launcher starts the server, again and again.
type launcher struct {
	reaper     *reaper
	command    []string
	maxMessage int
	masker     *masker
}

// A child is one process of the server.
type child struct {
	launcher *launcher
	pid      int
	stdin    *os.File
	writing  sync.Mutex
	tail     tail
	rubbish  atomic.Int64
	strange  atomic.Pointer[string] // the first line on stdout that was not MCP
	closing  atomic.Bool
	ended    atomic.Bool
	status   syscall.WaitStatus
	broken   atomic.Pointer[string] // why it was killed
	gone     chan struct{}          // closed when it has ended and all that it said was read
}

// start runs the server's command; each message that it sends goes to receive, in order.
func (l *launcher) start(receive func(jsonrpc.Message)) (*child, error) {
	path, err := find(l.command[0])
	if err != nil {
		return nil, err
	}
	inRead, inWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	pid, ended, err := l.reaper.start(path, l.command, []*os.File{inRead, outWrite, errWrite})
	for _, theirs := range []*os.File{inRead, outWrite, errWrite} {
		theirs.Close()
	}
	if err != nil {
		for _, ours := range []*os.File{inWrite, outRead, errRead} {
			ours.Close()
		}
		return nil, startFailure(path, err)
	}
	c := &child{launcher: l, pid: pid, stdin: inWrite, gone: make(chan struct{})}
	var readers sync.WaitGroup
	readers.Add(2)
	go func() { defer readers.Done(); c.readMessages(outRead, receive) }()
	go func() { defer readers.Done(); c.readErrors(errRead) }()
	go func() {
		c.status = <-ended
		c.ended.Store(true)
		// What it left running would hold the pipes open, and nobody would ever end it.
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		deadline := time.Now().Add(time.Second)
		_ = outRead.SetReadDeadline(deadline)
		_ = errRead.SetReadDeadline(deadline)
		readers.Wait()
		for _, ours := range []*os.File{inWrite, outRead, errRead} {
			ours.Close()
		}
		close(c.gone)
	}()
	return c, nil
}

// send writes one message to the server.
func (c *child) send(message jsonrpc.Message) error {
	data, err := jsonrpc.EncodeMessage(message)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.stdin.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := c.stdin.Write(append(data, '\n')); err != nil {
		if os.IsTimeout(err) {
			// Half a message may be written: there is no way on.
			c.kill(fmt.Sprintf("read nothing from its stdin for %s", seconds(writeTimeout)))
		}
		return fmt.Errorf("the server does not take the message: %w", err)
	}
	return nil
}

func (c *child) readMessages(from *os.File, receive func(jsonrpc.Message)) {
	reader := bufio.NewReaderSize(from, 64*1024)
	for {
		line, err := readLine(reader, c.launcher.maxMessage)
		if line = bytes.TrimSpace(line); len(line) > 0 {
			c.take(line, receive)
		}
		if err == errTooLong {
			c.kill(fmt.Sprintf("sent a message of more than %d bytes", c.launcher.maxMessage))
		}
		if err != nil {
			return
		}
	}
}

func (c *child) take(line []byte, receive func(jsonrpc.Message)) {
	parts := []json.RawMessage{line}
	if line[0] == '[' && json.Unmarshal(line, &parts) != nil {
		parts = []json.RawMessage{line}
	}
	for _, part := range parts {
		message, err := jsonrpc.DecodeMessage(part)
		if err != nil {
			c.noteRubbish(string(part))
			continue
		}
		receive(message)
	}
}

// noteRubbish keeps what is no message out of the stream and shows some of it in the log.
func (c *child) noteRubbish(text string) {
	if text = c.launcher.masker.masked(text); len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "")
	}
	if c.rubbish.Add(1) <= rubbishShown {
		log("not MCP on the server's stdout: %q", text)
	}
	c.strange.CompareAndSwap(nil, &text)
}

func (c *child) readErrors(from *os.File) {
	reader := bufio.NewReaderSize(from, 16*1024)
	begun := false
	for {
		// A very long line comes in pieces, of which the first one says enough.
		line, err := reader.ReadSlice('\n')
		if len(line) > 0 {
			_, _ = os.Stderr.Write(line)
			if !begun {
				c.tail.add(c.launcher.masker.masked(strings.TrimRight(string(line), "\r\n")))
			}
		}
		begun = err == bufio.ErrBufferFull
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

// kill ends a server that has gone wrong, at once.
func (c *child) kill(why string) {
	c.broken.CompareAndSwap(nil, &why)
	_ = syscall.Kill(-c.pid, syscall.SIGKILL)
}

// stop ends the server as the protocol says: close its input, then SIGTERM, then SIGKILL.
func (c *child) stop() {
	c.closing.Store(true)
	_ = c.stdin.Close()
	for _, step := range []struct {
		wait   time.Duration
		signal syscall.Signal
	}{{closeGrace, syscall.SIGTERM}, {termGrace, syscall.SIGKILL}} {
		select {
		case <-c.gone:
			return
		case <-time.After(step.wait):
			_ = syscall.Kill(-c.pid, step.signal)
		}
	}
	<-c.gone
}

// why says how the server ended and what it said last; only after gone.
func (c *child) why(when string) *cause {
	var text strings.Builder
	if reason := c.broken.Load(); reason != nil {
		fmt.Fprintf(&text, "The server %s%s and was killed.", *reason, when)
	} else {
		fmt.Fprintf(&text, "The server %s%s.", ending(c.status), when)
	}
	if strange := c.strange.Load(); strange != nil {
		fmt.Fprintf(&text, " Its stdout had %d lines that are not MCP, the first: %q.", c.rubbish.Load(), *strange)
	}
	if last := c.tail.String(); last != "" {
		fmt.Fprintf(&text, " Its stderr ended with: %s", last)
	}
	return &cause{c.launcher.masker.masked(text.String()), exitFailed}
}

var errTooLong = fmt.Errorf("message too long")

// readLine returns a line without an end, at most so long.
func readLine(reader *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := reader.ReadSlice('\n')
		if len(line)+len(part) > limit {
			return nil, errTooLong
		}
		if err == nil && line == nil {
			return bytes.Clone(part), nil
		}
		line = append(line, part...)
		if err == nil || err != bufio.ErrBufferFull {
			if err == io.EOF && len(line) > 0 {
				return line, io.EOF
			}
			return line, err
		}
	}
}

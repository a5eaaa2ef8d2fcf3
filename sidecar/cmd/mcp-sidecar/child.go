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

	"mcp.kubernetes/sidecar/internal/jsontext"
)

const (
	writeTimeout      = 20 * time.Second // a server that reads nothing for this long is stuck
	closeGrace        = 2 * time.Second  // after its input was closed
	termGrace         = 3 * time.Second  // after SIGTERM
	nonProtocolLogged = 5                // lines on stdout that are not MCP and that are logged
)

// A launcher starts processes of the server.
type launcher struct {
	reaper     *reaper
	command    []string
	maxMessage int
	masker     *masker
}

// A child is one process of the server.
type child struct {
	launcher         *launcher
	pid              int
	stdin            *os.File
	writing          sync.Mutex
	stderrTail       stderrTail
	nonProtocolLines atomic.Int64
	firstNonProtocol atomic.Pointer[string] // the first line on stdout that was not MCP
	closing          atomic.Bool
	ended            atomic.Bool
	status           syscall.WaitStatus
	killReason       atomic.Pointer[string] // why it was killed
	exited           chan struct{}          // closed when the process has ended and its output was read
}

// start runs the server's command. receive gets each message from its stdout, in order.
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
	c := &child{launcher: l, pid: pid, stdin: inWrite, exited: make(chan struct{})}
	var readers sync.WaitGroup
	readers.Add(2)
	go func() { defer readers.Done(); c.readMessages(outRead, receive) }()
	go func() { defer readers.Done(); c.readErrors(errRead) }()
	go func() {
		c.status = <-ended
		c.ended.Store(true)
		// Descendants would hold the pipes open, and nothing else would end them.
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		deadline := time.Now().Add(time.Second)
		_ = outRead.SetReadDeadline(deadline)
		_ = errRead.SetReadDeadline(deadline)
		readers.Wait()
		for _, ours := range []*os.File{inWrite, outRead, errRead} {
			ours.Close()
		}
		close(c.exited)
	}()
	return c, nil
}

// send writes one message to the server.
func (c *child) send(message jsonrpc.Message) error {
	parts, err := encode(message)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.stdin.SetWriteDeadline(time.Now().Add(writeTimeout))
	last := len(parts) - 1
	parts[last] = append(parts[last], '\n')
	for _, part := range parts {
		if _, err := c.stdin.Write(part); err != nil {
			if os.IsTimeout(err) {
				// The write may have stopped in the middle of a message: the stream is lost.
				c.kill(fmt.Sprintf("read nothing from its stdin for %s", seconds(writeTimeout)))
			}
			return fmt.Errorf("the server does not take the message: %w", err)
		}
	}
	return nil
}

func (c *child) readMessages(from *os.File, receive func(jsonrpc.Message)) {
	reader := bufio.NewReaderSize(from, 64*1024)
	for {
		line, err := readLine(reader, c.launcher.maxMessage)
		if line = bytes.TrimSpace(line); len(line) > 0 {
			c.parseLine(line, receive)
		}
		if err == errTooLong {
			c.kill(fmt.Sprintf("sent a message of more than %d bytes", c.launcher.maxMessage))
		}
		if err != nil {
			return
		}
	}
}

func (c *child) parseLine(line []byte, receive func(jsonrpc.Message)) {
	if line[0] != '[' || !json.Valid(line) {
		c.parseMessage(line, receive)
		return
	}
	for part := range jsontext.Elements(line) {
		c.parseMessage(part, receive)
	}
}

func (c *child) parseMessage(text []byte, receive func(jsonrpc.Message)) {
	message, err := decode(text)
	if err != nil {
		c.recordNonProtocol(text)
		return
	}
	receive(message)
}

// recordNonProtocol drops output that is not MCP, and logs the first lines of it.
func (c *child) recordNonProtocol(line []byte) {
	// Masked before it is cut, so that no part of a secret is left; only the first lines are kept.
	text := ""
	if c.nonProtocolLines.Load() < nonProtocolLogged {
		if text = c.launcher.masker.masked(string(line)); len(text) > 200 {
			text = strings.ToValidUTF8(text[:200], "")
		}
	}
	if c.nonProtocolLines.Add(1) <= nonProtocolLogged {
		log("not MCP on the server's stdout: %q", text)
	}
	c.firstNonProtocol.CompareAndSwap(nil, &text)
}

func (c *child) readErrors(from *os.File) {
	reader := bufio.NewReaderSize(from, 16*1024)
	begun := false
	for {
		// A very long line arrives in pieces; the first one is enough.
		line, err := reader.ReadSlice('\n')
		if len(line) > 0 {
			_, _ = os.Stderr.Write(line)
			if !begun {
				c.stderrTail.add(c.launcher.masker.masked(strings.TrimRight(string(line), "\r\n")))
			}
		}
		begun = err == bufio.ErrBufferFull
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

// kill ends a faulty server at once.
func (c *child) kill(why string) {
	c.killReason.CompareAndSwap(nil, &why)
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
		case <-c.exited:
			return
		case <-time.After(step.wait):
			_ = syscall.Kill(-c.pid, step.signal)
		}
	}
	<-c.exited
}

// exitCause explains how the server ended and quotes the end of its stderr. Call it after exited is closed.
func (c *child) exitCause(when string) *cause {
	var text strings.Builder
	if reason := c.killReason.Load(); reason != nil {
		fmt.Fprintf(&text, "The server %s%s and was killed.", *reason, when)
	} else {
		fmt.Fprintf(&text, "The server %s%s.", exitDescription(c.status), when)
	}
	if firstNonProtocol := c.firstNonProtocol.Load(); firstNonProtocol != nil {
		fmt.Fprintf(&text, " Its stdout had %d lines that are not MCP, the first: %q.", c.nonProtocolLines.Load(), *firstNonProtocol)
	}
	if last := c.stderrTail.String(); last != "" {
		fmt.Fprintf(&text, " Its stderr ended with: %s", last)
	}
	return &cause{c.launcher.masker.masked(text.String()), exitFailed}
}

var errTooLong = fmt.Errorf("message too long")

// readLine returns one line, or errTooLong where it exceeds the limit in bytes.
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

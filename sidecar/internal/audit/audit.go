// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package audit writes one line of JSON for each call: which client called what, and how it ended. It never writes
// arguments, results or tokens.
package audit

import (
	"io"
	"strconv"
	"sync"
	"time"
	"unicode/utf16"
)

const maxText = 256 // characters of a field that a client chooses

// A Record describes a call.
type Record struct {
	Time      time.Time // when the call arrived
	Issuer    string    // of the token, empty without one
	Subject   string    // of the token, empty without one
	ClientID  string    // of the token, empty without one
	ClientSAN string    // of the client certificate, empty without one
	ClientDN  string    // of a client certificate without a SAN
	Method    string    // of JSON-RPC
	Tool      string    // of tools/call
	Outcome   string
	Duration  time.Duration
}

// A Log writes records. A nil Log writes nothing.
type Log struct {
	mu sync.Mutex
	to io.Writer
}

// New returns a log that writes to standard output or to another writer.
func New(to io.Writer) *Log { return &Log{to: to} }

// Write writes a record with a single call of the writer, and waits for it: a call that is not recorded would look like
// none.
func (l *Log) Write(r Record) {
	if l == nil {
		return
	}
	line := make([]byte, 0, 512)
	line = append(line, `{"time":"`...)
	line = r.Time.UTC().AppendFormat(line, time.RFC3339Nano)
	line = append(line, '"')
	for _, member := range []struct{ name, value string }{
		{"issuer", r.Issuer},
		{"subject", r.Subject},
		{"client_id", r.ClientID},
		{"client_san", r.ClientSAN},
		{"client_dn", r.ClientDN},
		{"method", r.Method},
		{"tool", r.Tool},
		{"outcome", r.Outcome},
	} {
		if member.value != "" {
			line = append(line, `,"`+member.name+`":`...)
			line = appendText(line, member.value)
		}
	}
	line = append(line, `,"duration_seconds":`...)
	line = strconv.AppendFloat(line, r.Duration.Seconds(), 'f', 6, 64)
	line = append(line, '}', '\n')
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.to.Write(line)
}

// appendText appends a JSON string of visible ASCII: control characters and those that change the direction of a text
// must not reach a terminal. The text is cut to maxText characters.
func appendText(line []byte, text string) []byte {
	line = append(line, '"')
	count := 0
	for _, char := range text {
		if count++; count > maxText {
			line = append(line, "..."...)
			break
		}
		switch {
		case char == '"' || char == '\\':
			line = append(line, '\\', byte(char))
		case char >= ' ' && char <= '~':
			line = append(line, byte(char))
		default:
			for _, unit := range utf16.Encode([]rune{char}) {
				line = append(line, '\\', 'u')
				line = append(line, strconv.FormatUint(0x10000|uint64(unit), 16)[1:]...)
			}
		}
	}
	return append(line, '"')
}

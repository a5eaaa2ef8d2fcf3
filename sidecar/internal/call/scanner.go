// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bytes"
	"strconv"
)

// A scanned response is what a JSON text that passes says about a call.
type scanned struct {
	id         string // normalized
	isResponse bool
	isRequest  bool // of the server
	code       int64
	toolError  bool
	protocol   string // of the result of initialize
	tools      []string
}

// A scanner finds the responses in JSON texts that pass in pieces. It keeps no more than one short token. What is not JSON
// yields nothing, or something wrong, but no error: the text passes in any case.
type scanner struct {
	found func(scanned)

	depth, base int                // open arrays and objects; those around a message: 1 in a batch
	isObject    [maxLevel + 1]bool // by level: 1 is a message, 2 its result or error, 3 the tools, 4 a tool
	keys        [maxLevel + 1]string
	isKeyNext   bool
	isString    bool
	isEscaped   bool
	isKey       bool
	isKept      bool // the token
	isScalar    bool
	token       []byte
	message     scanned
}

const (
	maxLevel = 4
	maxToken = 1 << 10
	maxTools = 128
)

// reset prepares the scanner for another text.
func (s *scanner) reset() {
	*s = scanner{found: s.found, token: s.token[:0]}
}

func (s *scanner) write(p []byte) {
	for at := 0; at < len(p); {
		if s.isString {
			at = s.writeString(p, at)
			continue
		}
		char := p[at]
		at++
		switch char {
		case ' ', '\t', '\n', '\r':
			s.endScalar()
		case '"':
			s.endScalar()
			level := s.level()
			s.isString = true
			s.isKey = s.isKeyNext && level > 0 && s.isObject[level]
			s.isKept = s.isKey || s.isWanted(level)
			s.token = s.token[:0]
		case '{', '[':
			s.open(char == '{')
		case '}', ']':
			s.endScalar()
			s.close()
		case ',':
			s.endScalar()
			level := s.level()
			s.isKeyNext = level > 0 && s.isObject[level]
		case ':':
			s.isKeyNext = false
		default:
			if !s.isScalar {
				s.isScalar, s.isKept = true, s.isWanted(s.level())
				s.token = s.token[:0]
			}
			s.keep(p[at-1 : at])
		}
	}
}

// writeString takes the bytes of a string up to its end, and returns where it stopped.
func (s *scanner) writeString(p []byte, at int) int {
	start := at
	for ; at < len(p); at++ {
		switch {
		case s.isEscaped:
			s.isEscaped = false
		case p[at] == '\\':
			s.isEscaped = true
		case p[at] == '"':
			s.keep(p[start:at])
			s.isString = false
			s.endString()
			return at + 1
		}
	}
	s.keep(p[start:at])
	return at
}

func (s *scanner) keep(p []byte) {
	if !s.isKept {
		return
	}
	if len(s.token)+len(p) > maxToken {
		s.isKept = false
		return
	}
	s.token = append(s.token, p...)
}

// level returns 1 in a message, 2 in its result or error, and 0 where nothing is of interest.
func (s *scanner) level() int {
	if level := s.depth - s.base; level <= maxLevel {
		return max(level, 0)
	}
	return 0
}

// isWanted reports whether a value at this place is one of those that are kept.
func (s *scanner) isWanted(level int) bool {
	switch {
	case level == 1 && s.isObject[1]:
		return s.keys[1] == "id"
	case level == 2 && s.isObject[2] && s.keys[1] == "result":
		return s.keys[2] == "isError" || s.keys[2] == "protocolVersion"
	case level == 2 && s.isObject[2] && s.keys[1] == "error":
		return s.keys[2] == "code"
	case level == 4 && s.isObject[4] && !s.isObject[3] && s.keys[1] == "result" && s.keys[2] == "tools":
		return s.keys[4] == "name" && len(s.message.tools) < maxTools
	}
	return false
}

func (s *scanner) open(isObject bool) {
	s.endScalar()
	if s.depth == 0 {
		s.base = 0
		if !isObject {
			s.base = 1
		}
	}
	s.depth++
	level := s.level()
	if level > 0 {
		s.isObject[level], s.keys[level] = isObject, ""
	}
	if level == 1 {
		s.message = scanned{}
	}
	s.isKeyNext = level > 0 && isObject
}

func (s *scanner) close() {
	if s.depth == 0 {
		return
	}
	if s.level() == 1 && s.isObject[1] && s.message.isResponse && !s.message.isRequest {
		s.found(s.message)
	}
	s.depth--
	s.isKeyNext = false
}

func (s *scanner) endString() {
	level := s.level()
	if !s.isKey {
		if s.isKept {
			s.value(level, true)
		}
		return
	}
	s.isKeyNext = false
	s.keys[level] = ""
	if !s.isKept {
		return
	}
	switch key := string(s.token); key {
	case "id", "result", "error", "code", "isError", "protocolVersion", "tools", "name":
		s.keys[level] = key
		if level == 1 && (key == "result" || key == "error") {
			s.message.isResponse = true
		}
	case "method":
		if level == 1 {
			s.message.isRequest = true
		}
	}
}

func (s *scanner) endScalar() {
	if !s.isScalar {
		return
	}
	s.isScalar = false
	if s.isKept {
		s.value(s.level(), false)
	}
}

// value takes a value that is wanted.
func (s *scanner) value(level int, isString bool) {
	switch key := s.keys[level]; {
	case level == 1 && isString:
		s.message.id = normalID([]byte(`"` + string(s.token) + `"`))
	case level == 1:
		s.message.id = normalID(s.token)
	case key == "isError":
		s.message.toolError = !isString && bytes.Equal(s.token, []byte("true"))
	case key == "code" && !isString:
		if code, err := strconv.ParseFloat(string(s.token), 64); err == nil {
			s.message.code = int64(code)
		}
	case key == "protocolVersion" && isString:
		s.message.protocol, _ = decodeString([]byte(`"` + string(s.token) + `"`))
	case key == "name" && isString:
		if name, err := decodeString([]byte(`"` + string(s.token) + `"`)); err == nil {
			s.message.tools = append(s.message.tools, name)
		}
	}
}

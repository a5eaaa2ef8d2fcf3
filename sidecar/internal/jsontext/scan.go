// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package jsontext finds and replaces parts of JSON text without decoding it.
package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
)

// These functions find parts of JSON text without decoding it: maps and slices of hostile messages take many times their
// size. They do not validate what they skip; texts that are not JSON yield an error or some part of them.

// ErrNotJSON is returned for a text that is not JSON.
var ErrNotJSON = errors.New("not JSON")

// Elements yields the elements of an array, or an error as the last one.
func Elements(array []byte) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		at := skipSpace(array, skipSpace(array, 0)+1)
		if at < len(array) && array[at] == ']' {
			return
		}
		for at < len(array) {
			end := skipValue(array, at)
			if end == at {
				break
			}
			if !yield(array[at:end], nil) {
				return
			}
			at = skipSpace(array, end)
			switch {
			case at < len(array) && array[at] == ',':
				at = skipSpace(array, at+1)
			case at < len(array) && array[at] == ']' && skipSpace(array, at+1) == len(array):
				return
			default:
				yield(nil, ErrNotJSON)
				return
			}
		}
		yield(nil, ErrNotJSON)
	}
}

// A Member is one member of an object: where its value starts and ends.
type Member struct {
	Name       string
	Start, End int
}

// Members yields the members of an object until its end, or until something is not JSON.
func Members(object []byte) iter.Seq[Member] {
	return func(yield func(Member) bool) {
		at := skipSpace(object, 0)
		if at == len(object) || object[at] != '{' {
			return
		}
		for {
			start := skipSpace(object, at+1)
			end := skipValue(object, start)
			colon := skipSpace(object, end)
			if end == start || object[start] != '"' || colon == len(object) || object[colon] != ':' {
				return
			}
			m := Member{Name: unquoted(object[start:end]), Start: skipSpace(object, colon+1)}
			if m.End = skipValue(object, m.Start); m.End == m.Start || !yield(m) {
				return
			}
			if at = skipSpace(object, m.End); at == len(object) || object[at] != ',' {
				return
			}
		}
	}
}

// Field returns the JSON of one field of an object, or "".
func Field(object json.RawMessage, name string) string { return string(RawField(object, name)) }

// RawField returns the JSON of one field of an object without a copy, or nil.
func RawField(object json.RawMessage, name string) json.RawMessage {
	var found json.RawMessage
	for m := range Members(object) {
		if m.Name == name {
			found = object[m.Start:m.End]
		}
	}
	return found
}

// WithField returns a JSON object with one field replaced or added.
func WithField(object json.RawMessage, name string, value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		return object
	}
	return WithRawField(object, name, data)
}

// WithRawField returns a JSON object with the JSON of one field replaced or added.
func WithRawField(object json.RawMessage, name string, data []byte) json.RawMessage {
	var changed bytes.Buffer
	changed.Grow(len(object) + len(data) + len(name) + len(`{,"":}`))
	copied, found, end := 0, false, 0
	for m := range Members(object) {
		if end = m.End; m.Name == name {
			changed.Write(object[copied:m.Start])
			changed.Write(data)
			copied, found = m.End, true
		}
	}
	if found {
		changed.Write(object[copied:])
		return changed.Bytes()
	}
	separator := ","
	if end == 0 {
		// An empty object, or none at all.
		object, end, separator = []byte("{}"), 1, ""
	}
	quoted, _ := json.Marshal(name)
	changed.Write(object[:end])
	changed.WriteString(separator)
	changed.Write(quoted)
	changed.WriteByte(':')
	changed.Write(data)
	changed.Write(object[end:])
	return changed.Bytes()
}

func skipSpace(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
		at++
	}
	return min(at, len(text))
}

// skipValue returns the end of the value that starts here, or the position itself where none does.
func skipValue(text []byte, at int) int {
	start, depth := at, 0
	for at < len(text) {
		switch text[at] {
		case '"':
			end := SkipString(text, at)
			if end == at {
				return start
			}
			at = end
		case '{', '[':
			depth++
			at++
			continue
		case '}', ']':
			if depth == 0 {
				return start
			}
			depth--
			at++
		case ',', ':', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return start
			}
			at++
			continue
		default:
			for at < len(text) && !bytes.ContainsRune([]byte("\"{}[],: \t\n\r"), rune(text[at])) {
				at++
			}
		}
		if depth == 0 {
			return at
		}
	}
	return start
}

// SkipString returns the end of the string that starts here, or the position itself where it does not end.
func SkipString(text []byte, at int) int {
	for end := at + 1; end < len(text); end++ {
		switch text[end] {
		case '\\':
			end++
		case '"':
			return end + 1
		}
	}
	return at
}

func unquoted(text []byte) string {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text[1 : len(text)-1])
	}
	var name string
	_ = json.Unmarshal(text, &name)
	return name
}

// Depth returns how deep the arrays and objects of a JSON text are nested.
func Depth(text []byte) int {
	deepest, current := 0, 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			at = SkipString(text, at) - 1
		case '{', '[':
			current++
			deepest = max(deepest, current)
		case '}', ']':
			current--
		}
	}
	return deepest
}

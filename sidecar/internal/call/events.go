// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import "bytes"

const (
	maxField = 64      // bytes of the name of a field, and of the type of an event
	maxData  = 2 << 10 // bytes of data that is not JSON, of which the address of HTTP+SSE is the only known one
)

// events finds the server-sent events in a stream that passes in pieces, as the HTML standard defines them.
type events struct {
	ended   func(kind, data string) // data is "" for JSON
	hasID   bool                    // of an event so far, from which a client may ask for the rest of the stream
	scanner *scanner

	field   []byte // its name, until the colon
	isValue bool
	isFirst bool // the first byte of a value, which may be a space
	afterCR bool
	kind    []byte
	data    []byte
	isJSON  bool
	hasData bool
}

func (e *events) write(p []byte) {
	for len(p) > 0 {
		if e.afterCR {
			e.afterCR = false
			if p[0] == '\n' {
				p = p[1:]
				continue
			}
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			end = len(p)
		}
		if at := bytes.IndexByte(p[:end], '\r'); at >= 0 {
			end = at
		}
		e.line(p[:end])
		if end == len(p) {
			return
		}
		e.afterCR = p[end] == '\r'
		e.endLine()
		p = p[end+1:]
	}
}

// line takes a part of a line.
func (e *events) line(p []byte) {
	if !e.isValue {
		colon := bytes.IndexByte(p, ':')
		name := p
		if colon >= 0 {
			name = p[:colon]
		}
		e.field = append(e.field, name[:min(len(name), max(0, maxField-len(e.field)))]...)
		if colon < 0 {
			return
		}
		e.isValue, e.isFirst = true, true
		p = p[colon+1:]
	}
	if e.isFirst && len(p) > 0 {
		e.isFirst = false
		if p[0] == ' ' {
			p = p[1:]
		}
	}
	if len(p) == 0 {
		return
	}
	switch string(e.field) {
	case "id":
		e.hasID = true
	case "event":
		e.kind = append(e.kind, p[:min(len(p), max(0, maxField-len(e.kind)))]...)
	case "data":
		if !e.hasData {
			e.hasData, e.isJSON = true, p[0] == '{' || p[0] == '['
		}
		if e.isJSON {
			e.scanner.write(p)
		} else {
			e.data = append(e.data, p[:min(len(p), max(0, maxData-len(e.data)))]...)
		}
	}
}

func (e *events) endLine() {
	field, isEmpty := string(e.field), len(e.field) == 0 && !e.isValue
	e.field, e.isValue = e.field[:0], false
	switch {
	case field == "data" && e.isJSON:
		e.scanner.write([]byte("\n"))
	case isEmpty && e.hasData:
		e.endEvent()
	case isEmpty:
		e.kind = e.kind[:0] // an event without data is none
	}
}

func (e *events) endEvent() {
	kind := string(e.kind)
	if kind == "" {
		kind = "message"
	}
	e.scanner.reset()
	e.ended(kind, string(e.data))
	e.kind, e.data, e.hasData, e.isJSON = e.kind[:0], e.data[:0], false, false
}

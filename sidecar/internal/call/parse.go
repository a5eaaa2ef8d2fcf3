// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/jsontext"
)

const (
	maxBatch   = 100  // messages
	maxDepth   = 1000 // of nested arrays and objects
	maxID      = 1 << 10
	maxName    = bounds.MaxHeader // bytes of a method or a name: no header has a longer one
	metaPrefix = "io.modelcontextprotocol/"
)

// A problem is why a body is refused.
type problem struct {
	code int64
	text string
	id   json.RawMessage // of the message that is refused, nil where it is unknown
}

func (p *problem) Error() string { return p.text }

// The member of params that names what a method acts on.
var named = map[string]string{
	"tools/call": "name", "prompts/get": "name",
	"resources/read": "uri", "resources/subscribe": "uri", "resources/unsubscribe": "uri",
}

// parse returns the JSON-RPC messages of a body, none for JSON of another kind.
//
// It refuses texts that parsers read differently: what is authorized must be what the server sees. Parsers differ in
// duplicate members, in the case of names (encoding/json of Go), in texts that are not UTF-8, and in NaN.
func parse(text []byte) ([]*Message, error) {
	if !utf8.Valid(text) || !json.Valid(text) {
		return nil, &problem{code: jsonrpc.CodeParseError, text: "The body is not JSON in UTF-8."}
	}
	if jsontext.Depth(text) > maxDepth {
		return nil, &problem{code: jsonrpc.CodeParseError, text: fmt.Sprintf("The body has more than %d levels.", maxDepth)}
	}
	text = bytes.TrimSpace(text)
	if text[0] != '[' {
		message, err := parseMessage(text)
		if message == nil || err != nil {
			return nil, err
		}
		return []*Message{message}, nil
	}
	var messages []*Message
	isNested := false
	for part := range jsontext.Elements(text) {
		message, err := parseMessage(part)
		if err != nil {
			return nil, err
		}
		if message == nil {
			isNested = isNested || part[0] == '['
			continue
		}
		if len(messages) == maxBatch {
			return nil, &problem{code: jsonrpc.CodeInvalidRequest, text: fmt.Sprintf("The batch has more than %d messages.", maxBatch)}
		}
		messages = append(messages, message)
	}
	if isNested && len(messages) > 0 {
		return nil, &problem{code: jsonrpc.CodeInvalidRequest, text: "A batch must not contain a batch."}
	}
	return messages, nil
}

// parseMessage returns nil for JSON that is no message.
func parseMessage(text []byte) (*Message, error) {
	parts, err := pick(text, "method", "id", "params", "result", "error")
	if err != nil {
		return nil, err
	}
	m := &Message{}
	id := parts["id"]
	invalid := func(what string) error { return &problem{jsonrpc.CodeInvalidRequest, what, id} }
	if len(id) > maxID || (id != nil && !isScalar(id)) {
		id = nil
		return nil, invalid("The id must be a string or a number.")
	}
	// A copy: the body does not stay in memory as long as the message.
	m.ID, m.rawID = normalID(id), bytes.Clone(id)
	method := parts["method"]
	if method == nil {
		if parts["result"] == nil && parts["error"] == nil {
			return nil, nil
		}
		return m, nil
	}
	if m.Method, err = decodeString(method); err != nil {
		return nil, invalid("The method must be a string.")
	}
	m.Method = cut(m.Method, maxName)
	params := parts["params"]
	member := named[m.Method]
	if member != "" && len(params) > 0 && params[0] == '[' {
		// JSON-RPC permits parameters by position, which some libraries assign to names.
		return nil, &problem{jsonrpc.CodeInvalidParams, "params must be an object.", id}
	}
	canceled := ""
	if m.Method == "notifications/cancelled" {
		canceled = "requestId"
	}
	fields, err := pick(params, "_meta", member, "protocolVersion", canceled)
	if err != nil {
		return nil, err
	}
	if name := fields[member]; member != "" && name != nil {
		if m.Name, err = decodeString(name); err != nil {
			return nil, &problem{jsonrpc.CodeInvalidParams, fmt.Sprintf("params.%s must be a string.", member), id}
		}
		m.Name = cut(m.Name, maxName)
	}
	if len(fields[canceled]) <= maxID {
		m.cancels = normalID(fields[canceled])
	}
	if m.Method == "initialize" {
		m.Protocol = decodeShort(fields["protocolVersion"])
	}
	if meta := fields["_meta"]; meta != nil {
		m.readMeta(meta)
	}
	return m, nil
}

func (m *Message) readMeta(meta json.RawMessage) {
	for part := range jsontext.Members(meta) {
		value := meta[part.Start:part.End]
		switch part.Name {
		case "traceparent":
			m.TraceParent = decodeShort(value)
		case "tracestate":
			m.TraceState = decodeShort(value)
		case metaPrefix + "protocolVersion":
			m.Protocol = decodeShort(value)
		}
	}
}

// keepShort bounds what stays in memory as long as the call, which may be much longer than its body does. Use it when the
// names have been compared with the headers.
func (m *Message) keepShort() { m.Method, m.Name = cut(m.Method, maxID), cut(m.Name, maxID) }

// cut bounds a text of the client. What is cut equals no name.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}

// decodeShort decodes a JSON string, and returns "" for other values and for long ones.
func decodeShort(value json.RawMessage) string {
	if len(value) > maxID {
		return ""
	}
	text, _ := decodeString(value)
	return text
}

// pick returns members of an object. It refuses an object in which one of them is there twice, or in another case.
func pick(object json.RawMessage, names ...string) (map[string]json.RawMessage, error) {
	found := make(map[string]json.RawMessage, len(names))
	for part := range jsontext.Members(object) {
		for _, name := range names {
			if name == "" || !strings.EqualFold(part.Name, name) {
				continue
			}
			if _, twice := found[name]; twice || part.Name != name {
				text := fmt.Sprintf("The member %q occurs twice or in another case, which servers read differently.", name)
				return nil, &problem{code: jsonrpc.CodeInvalidRequest, text: text}
			}
			found[name] = object[part.Start:part.End]
		}
	}
	return found, nil
}

// decodeString decodes a JSON string.
func decodeString(value json.RawMessage) (string, error) {
	if isPlain(value) {
		return string(value[1 : len(value)-1]), nil
	}
	var text *string
	if err := json.Unmarshal(value, &text); err != nil || text == nil {
		return "", jsontext.ErrNotJSON
	}
	return *text, nil
}

// isPlain reports whether a JSON string is ASCII without escapes, as nearly all names and methods are: it need not be decoded.
func isPlain(value json.RawMessage) bool {
	last := len(value) - 1
	if last < 1 || value[0] != '"' || value[last] != '"' {
		return false
	}
	for _, char := range value[1:last] {
		if char < ' ' || char > '~' || char == '"' || char == '\\' {
			return false
		}
	}
	return true
}

func isScalar(value json.RawMessage) bool {
	return value[0] != '{' && value[0] != '[' && value[0] != 't' && value[0] != 'f'
}

// normalID returns an id so that equal ids have equal texts, however they are written; "" for null.
func normalID(raw []byte) string {
	if len(raw) == 0 || raw[0] == 'n' {
		return ""
	}
	if raw[0] == '"' {
		if text, err := decodeString(raw); err == nil {
			return strconv.Quote(text)
		}
		return string(raw)
	}
	if bytes.ContainsAny(raw, ".eE") {
		if number, err := strconv.ParseFloat(string(raw), 64); err == nil {
			return strconv.FormatFloat(number, 'f', -1, 64)
		}
	}
	return string(raw)
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// FuzzParse compares what is read of a body with what a parser of the standard library finds.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{"traceparent":"x"}}}`,
		`[{"method":"ping","id":"a"},{"id":1,"result":{}}]`, `{"Method":"x"}`, `{"method":"a","\u006dethod":"b"}`, `[`, `{"id":1e2,"method":"\ud800"}`,
		`{"method":"resources/read","params":{"uri":"a","URI":"b"}}`, " [ ] ", "{\"method\":\"a\"}\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		messages, err := parse(bytes.Clone(text))
		if err != nil {
			return
		}
		if !json.Valid(text) {
			t.Fatalf("%q was taken for JSON", text)
		}
		var parts []json.RawMessage
		if json.Unmarshal(text, &parts) != nil {
			parts = []json.RawMessage{text}
		}
		var want []string
		for _, part := range parts {
			// It ignores the case of names, as servers may, and takes the last of two members.
			var m struct {
				Method        string
				Params        json.RawMessage
				Result, Error json.RawMessage
			}
			if json.Unmarshal(part, &m) != nil || (m.Method == "" && m.Result == nil && m.Error == nil) {
				continue
			}
			var params struct{ Name, URI any }
			_ = json.Unmarshal(m.Params, &params)
			name := ""
			switch named[m.Method] {
			case "name":
				name, _ = params.Name.(string)
			case "uri":
				name, _ = params.URI.(string)
			}
			want = append(want, fmt.Sprintf("%q %q", m.Method, name))
		}
		var got []string
		for _, m := range messages {
			if m.Method != "" || len(messages) == len(want) {
				got = append(got, fmt.Sprintf("%q %q", m.Method, m.Name))
			}
		}
		if len(messages) == len(want) && strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("%q: %s instead of %s", text, got, want)
		}
		for _, entry := range want {
			if !strings.HasPrefix(entry, `"" `) && !strings.Contains(strings.Join(got, " "), entry) {
				t.Fatalf("%q: %s is missing in %s", text, entry, got)
			}
		}
	})
}

// FuzzScanner passes responses in pieces, which must make no difference.
func FuzzScanner(f *testing.F) {
	for text := range responses {
		f.Add(text, 3)
	}
	f.Add("event: x\r\ndata: {\"id\":1,\"result\":{}}\r\n\r\n", 5)
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size < 1 {
			return
		}
		whole, pieces := fmt.Sprint(scan(text, max(1, len(text)))), fmt.Sprint(scan(text, size))
		if whole != pieces {
			t.Fatalf("%q in pieces of %d: %s instead of %s", text, size, pieces, whole)
		}
		read := func(size int) string {
			var got []string
			s := &scanner{found: func(r scanned) { got = append(got, fmt.Sprint(r)) }}
			e := &events{scanner: s, ended: func(kind, data string) { got = append(got, kind, data) }}
			for start := 0; start < len(text); start += size {
				e.write([]byte(text[start:min(start+size, len(text))]))
			}
			return fmt.Sprintf("%q", got)
		}
		if whole, pieces := read(max(1, len(text))), read(size); whole != pieces {
			t.Fatalf("events of %q in pieces of %d: %s instead of %s", text, size, pieces, whole)
		}
		var m struct {
			ID     json.RawMessage
			Method *string
			Result struct{ IsError bool }
			Error  *struct{ Code int64 }
		}
		exact := `{"jsonrpc":"2.0","id":4,"result":{"isError":true},"x":` + text + `}`
		if json.Valid([]byte(exact)) && json.Unmarshal([]byte(exact), &m) == nil && string(m.ID) == "4" && m.Method == nil && m.Error == nil && m.Result.IsError {
			if found := scan(exact, size); len(found) != 1 || !found[0].toolError {
				t.Fatalf("%s: %v", exact, found)
			}
		}
	})
}

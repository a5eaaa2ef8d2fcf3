// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"name":"b"}}}`: "tools/call a 1",
		` [{"method":"ping","id":"x"},{"method":"notifications/initialized"},{"id":7,"result":{}}] `:    `ping  "x"; notifications/initialized  ;   7`,
		`{"method":"resources/read","id":1.0,"params":{"uri":"file:///\u0061"}}`:                        "resources/read file:///a 1",
		`{"method":"initialize","id":null,"params":{"protocolVersion":"2025-11-25"}}`:                   "initialize  ",
		`{"method":"custom","id":1,"params":{"name":["x"],"Name":1}}`:                                   "custom  1",
		`{"client_name":"registration of OAuth"}`:                                                       "",
		`7`: "", `[]`: "", `null`: "",
	} {
		messages, err := parse([]byte(text))
		var got []string
		for _, m := range messages {
			got = append(got, fmt.Sprintf("%s %s %s", m.Method, m.Name, m.ID))
		}
		if err != nil || strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

func TestTextsThatServersReadDifferentlyAreRefused(t *testing.T) {
	for _, text := range []string{
		`{"method":"tools/list","method":"tools/call","id":1}`,
		`{"method":"tools/list","Method":"tools/call","id":1}`,
		`{"method":"tools/list","\u004dETHOD":"tools/call","id":1}`,
		`{"method":"tools/call","id":1,"params":{"name":"a","name":"b"}}`,
		`{"method":"tools/call","id":1,"params":{"name":"a","NAME":"b"}}`,
		`{"method":"tools/call","id":1,"params":{"name":["a"]}}`, `{"method":"tools/call","id":1,"params":["a",{}]}`,
		`{"method":"tools/call","id":1,"params":{"name":"a"},"paramſ":{"name":"b"}}`,
		`{"method":["tools/call"],"id":1}`, `{"method":null,"id":1}`, `{"method":"a","id":{}}`, `{"method":"a","id":true}`,
		`{"method":"a","id":NaN}`, "\xef\xbb\xbf{}", "{\"method\":\"a\xff\"}", "{\x00}", `{"method":"a"`, ``, ` `,
		`[{"method":"ping","id":1},[{"method":"tools/call","id":2,"params":{"name":"a"}}]]`,
		strings.Repeat("[", 1001) + strings.Repeat("]", 1001),
		"[" + strings.Repeat(`{"method":"a"},`, maxBatch) + `{"method":"a"}]`,
	} {
		if messages, err := parse([]byte(text)); err == nil {
			t.Errorf("%.100q: %v", text, messages)
		}
	}
}

func TestTextsOfAMessageThatStaysInMemoryAreShort(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	for _, text := range []string{
		`{"method":"LONG","id":1}`, `{"method":"resources/read","id":1,"params":{"uri":"LONG"}}`,
		`{"method":"tools/call","id":1,"params":{"name":"a","_meta":{"traceparent":"LONG","tracestate":"LONG"}}}`,
		`{"method":"tools/call","id":1,"params":{"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":"LONG"}}}`,
		`{"method":"initialize","id":1,"params":{"protocolVersion":"LONG"}}`,
		`{"method":"notifications/cancelled","params":{"requestId":"LONG"}}`,
	} {
		messages, err := parse([]byte(strings.ReplaceAll(text, "LONG", long)))
		if err != nil {
			t.Fatal(err)
		}
		m := messages[0]
		m.keepShort()
		if kept := len(m.Method + m.Name + m.Protocol + m.TraceParent + m.TraceState + m.cancels); kept > 2*maxID {
			t.Errorf("%s: %d bytes are kept", text, kept)
		}
	}
}

// scan passes a text in pieces of one size.
func scan(text string, size int) (found []scanned) {
	s := &scanner{found: func(r scanned) { found = append(found, r) }}
	for start := 0; start < len(text); start += size {
		s.write([]byte(text[start:min(start+size, len(text))]))
	}
	return found
}

var responses = map[string]string{
	`{"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[{"isError":false,"id":3}]}}`:                    `[{1 true false 0 true  []}]`,
	`{"id" : "a\"b" , "error" : { "code" : -32601 , "message":"\\\"}" } }`:                                       `[{"a\"b" true false -32601 false  []}]`,
	`{"result":{"content":[{"result":{"isError":true}}],"x":{"isError":true}},"id":2}`:                           `[{2 true false 0 false  []}]`,
	`[{"id":1,"result":{}},{"id":2,"error":{"code":1}},{"method":"x","id":3}]`:                                   `[{1 true false 0 false  []} {2 true false 1 false  []}]`,
	`{"id":1,"result":{"protocolVersion":"2025-11-25"}}`:                                                         `[{1 true false 0 false 2025-11-25 []}]`,
	`{"id":1,"result":{"tools":[{"name":"a","inputSchema":{"name":"no"}},{"x":1,"name":"\u0062"}],"name":"no"}}`: `[{1 true false 0 false  [a b]}]`,
	`{"id":null,"error":{"code":-32700,"data":{"code":5}}}`:                                                      `[{ true false -32700 false  []}]`,
	`{"method":"sampling/createMessage","id":1,"params":{"result":{}}}`:                                          `[]`,
	`{"id":1,"result":"x"}`:  `[{1 true false 0 false  []}]`,
	`}}}]{"id":1,"result":1`: `[]`,
}

func TestScanner(t *testing.T) {
	for text, want := range responses {
		for _, size := range []int{1, 2, 3, 7, len(text)} {
			if got := fmt.Sprint(scan(text, size)); got != want {
				t.Errorf("%s in pieces of %d: %s", text, size, got)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	stream := "event: endpoint\r\ndata: /messages?session_id=1\r\n\r\n: comment\n\n" +
		"data:{\"id\":1,\ndata: \"result\":{}}\nid: 5\n\nevent: message\rdata: {\"id\":2,\"error\":{\"code\":3}}\r\r" +
		"event: empty\n\nretry: 5\ndata\n\ndata: {\"id\":3,\"result\":{}}"
	for _, size := range []int{1, 2, 3, 7, len(stream)} {
		var got []string
		s := &scanner{found: func(r scanned) { got = append(got, r.id) }}
		e := &events{scanner: s, ended: func(kind, data string) { got = append(got, kind+" "+data) }}
		for start := 0; start < len(stream); start += size {
			e.write([]byte(stream[start:min(start+size, len(stream))]))
		}
		if want := "[endpoint /messages?session_id=1 1 message  2 message  3]"; fmt.Sprint(got) != want {
			t.Errorf("pieces of %d: %q", size, got)
		}
	}
}

func TestStringsAreDecodedAsJSON(t *testing.T) {
	for _, text := range []string{
		`"tools/call"`, `""`, `" "`, `"a\"b"`, `"\u0061"`, `"ü"`, "\"a\x7fb\"", "\"\x00\"", `"`, `"a"b"`, `"a\"`, "a", "null", "\"\xff\"", "",
	} {
		var want *string
		err := json.Unmarshal([]byte(text), &want)
		got, failed := decodeString(json.RawMessage(text))
		if isBad := err != nil || want == nil; (failed != nil) != isBad || (!isBad && got != *want) {
			t.Errorf("%q: %q %v", text, got, failed)
		}
	}
}

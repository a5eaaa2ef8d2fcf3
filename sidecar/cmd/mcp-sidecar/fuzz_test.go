// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/hosts"
)

// reference decodes a batch as decodeBatch does, without bounds on the memory.
func reference(text []byte) ([]jsonrpc.Message, bool) {
	parts := []json.RawMessage{text}
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '[' {
		if parts = nil; json.Unmarshal(text, &parts) != nil {
			return nil, false
		}
	}
	var messages []jsonrpc.Message
	for _, part := range parts {
		message, err := jsonrpc.DecodeMessage(part)
		if err != nil || !json.Valid(part) {
			return nil, false
		}
		messages = append(messages, message)
	}
	return messages, len(messages) > 0 && len(messages) <= maxBatch
}

func FuzzDecodeBatch(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}`,
		`{"jsonrpc":"2.0","id":"a","result":{}}`, `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}`,
		`[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}]`, ` [ ] `, `[1,1,1]`, `[`, `[{}`, `{"a":1}{`, `[{}]]`,
		`[` + strings.Repeat(`{"jsonrpc":"2.0","method":"a"},`, 16) + `{"jsonrpc":"2.0","method":"a"}]`,
		strings.Repeat("[", 2000), `{"jsonrpc":"2.0","method":"a","\u0070arams":{"b":"\\\""}}`, "\"\\",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want, ok := reference(text)
		got, err := decodeBatch(bytes.Clone(text))
		if ok != (err == nil) {
			t.Fatalf("decoded %v, error %v", want, err)
		}
		if ok && !reflect.DeepEqual(got, want) {
			t.Fatalf("%v instead of %v", got, want)
		}
	})
}

// FuzzLargeMessage compares messages whose parts are not copied with those that the SDK decodes and encodes.
func FuzzLargeMessage(f *testing.F) {
	f.Add("1", "tools/call", `{"name":"echo"}`, false)
	f.Add(`"a"`, "x", "{\n\"a\" : [ 1, \"\\n\" ]\r\n}", false)
	f.Add("2", "", `{"content":[]}`, true)
	f.Add("null", "notifications/x", `null`, false)
	f.Fuzz(func(t *testing.T, id, method, value string, isResult bool) {
		name, _ := json.Marshal(method)
		text := `{"jsonrpc":"2.0","id":` + id + `,"method":` + string(name) + `,"params":` + value
		if isResult {
			text = `{"jsonrpc":"2.0","id":` + id + `,"result":` + value
		}
		text += `,"padding":"` + strings.Repeat("x", smallMessage) + `"}`
		want, wrong := jsonrpc.DecodeMessage([]byte(text))
		got, err := decode([]byte(text))
		if !json.Valid([]byte(text)) || wrong != nil {
			if err == nil && wrong == nil {
				t.Fatal("decoded what is not JSON")
			}
			return
		}
		if err != nil {
			if len(id) <= maxID && len(name) <= maxID {
				t.Fatal(err)
			}
			return
		}
		whole, _ := jsonrpc.EncodeMessage(want)
		parts, err := encode(got)
		joined := bytes.Join(parts, nil)
		if err != nil || bytes.ContainsAny(joined, "\n\r") || !sameJSON(joined, whole) {
			t.Fatalf("%v: %.200s instead of %.200s", err, joined, whole)
		}
	})
}

func sameJSON(a, b []byte) bool {
	var first, second bytes.Buffer
	return json.Compact(&first, a) == nil && json.Compact(&second, b) == nil && bytes.Equal(first.Bytes(), second.Bytes())
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"localhost:80", "evil.example", "[::1]:80", "a.b.svc", "memory.team", "1.2.3.4.", "a.svc.evil.example", "xn--a.b", "[::%0]"} {
		f.Add(seed, "http://"+seed)
	}
	names := hosts.Of("memory-1-2", "team", "example.org")
	f.Fuzz(func(t *testing.T, host, origin string) {
		status, _ := (&admission{names: names}).check(&http.Request{Host: host, Header: http.Header{"Origin": {origin}}})
		if status != http.StatusOK {
			return
		}
		name := strings.TrimSuffix(strings.ToLower(hosts.Hostname(host)), ".")
		_, err := netip.ParseAddr(name)
		safe := err == nil || !strings.Contains(name, ".") || name == "memory.team"
		for _, end := range []string{".team.svc", ".team.svc.example.org", ".team.svc.cluster.local", ".team.svc.clusterset.local"} {
			safe = safe || strings.HasSuffix(name, end)
		}
		if !safe || strings.ContainsAny(name, "/@?#% \t\r\n") {
			t.Fatalf("%q was served", host)
		}
		if origin != "" && !strings.Contains(strings.ToLower(origin), name) {
			t.Fatalf("%q was served for the Origin %q", host, origin)
		}
	})
}

func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nMcp-Session-Id: s\r\nContent-Length: 37\r\n\r\n" +
			`{"jsonrpc":"2.0","id":1,"method":"x"}`,
		"POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
		"POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\nContent-Length: 2\r\n\r\n{}",
		"POST /sse/messages?session=s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"DELETE /mcp HTTP/1.1\r\nHost: localhost\r\nMcp-Session-Id: s\r\nOrigin: null\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil || request.Method == http.MethodGet || request.Method == http.MethodHead {
			return // streams do not end by themselves
		}
		h := newTestHandler(echo{})
		h.sessionManager.unavailable = "no server in this test"
		response := respond(h, request)
		if request.Host != "" && !h.names.Include(request.Host) && response.Code != http.StatusMisdirectedRequest {
			t.Fatalf("%q: %d", request.Host, response.Code)
		}
		if h.bodies.Small.Free() != bounds.SmallBudget || h.bodies.Large.Free() != bounds.LargeBudget {
			t.Fatal("the room of a body was not given back")
		}
	})
}

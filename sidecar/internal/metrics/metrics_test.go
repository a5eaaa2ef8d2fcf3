// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

// serve returns metrics after a server answered requests.
func serve(t *testing.T, s Settings, answer http.HandlerFunc, requests ...string) *Metrics {
	t.Helper()
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	m, err := New(s, calls)
	if err != nil {
		t.Fatal(err)
	}
	handler := calls.Middleware(answer)
	for _, body := range requests {
		r := httptest.NewRequest("POST", "/mcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	return m
}

func toolCall(name string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%q}}`, name)
}

func answerWith(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text)
	}
}

const names = "mcp_server_operation_duration_seconds"

func TestSeriesAreBounded(t *testing.T) {
	var requests []string
	for number := range 500 {
		text := fmt.Sprint(number)
		requests = append(requests, toolCall(text), `{"jsonrpc":"2.0","id":1,"method":"`+text+`"}`,
			`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"`+text+`"}}}`,
			`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"`+text+`"}}`)
	}
	number := 0
	m := serve(t, Settings{Names: "otel,compatible"}, func(w http.ResponseWriter, r *http.Request) {
		number++
		answerWith(fmt.Sprintf(`{"id":1,"error":{"code":%d}}`, number))(w, r)
	}, requests...)
	families, err := m.Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if len(family.GetMetric()) > len(errorTypes) {
			t.Errorf("%s has %d series", family.GetName(), len(family.GetMetric()))
		}
	}
}

func TestToolsAreThoseOfTheOptionsOrOfTheServer(t *testing.T) {
	list := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	answer := answerWith(`{"id":1,"result":{"tools":[{"name":"a"},{"name":"b"}]}}`)
	for _, test := range []struct {
		tools []string
		want  string
	}{{nil, "a other"}, {[]string{"c"}, "c other"}} {
		m := serve(t, Settings{Names: "otel", Tools: test.tools}, answer, list, toolCall("a"), toolCall("c"))
		var got []string
		families, _ := m.Registry.Gather()
		for _, family := range families {
			if family.GetName() != names {
				continue
			}
			for _, metric := range family.GetMetric() {
				for _, label := range metric.GetLabel() {
					if label.GetName() == "gen_ai_tool_name" && label.GetValue() != "" {
						got = append(got, label.GetValue())
					}
				}
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%v: %v", test.tools, got)
		}
	}
}

func TestNamesOfBothConventions(t *testing.T) {
	m := serve(t, Settings{Names: "otel,compatible", Tools: []string{"echo"}, Version: "1", Target: "127.0.0.1:3001"},
		answerWith(`{"id":1,"error":{"code":-32602}}`), toolCall("echo"))
	want := `# HELP mcp_proxy_info The version and the target of the sidecar.
# TYPE mcp_proxy_info gauge
mcp_proxy_info{target="127.0.0.1:3001",version="1"} 1
# HELP mcp_request_errors_total JSON-RPC errors by method and code.
# TYPE mcp_request_errors_total counter
mcp_request_errors_total{error_code="-32602",method="tools/call"} 1
# HELP mcp_requests_total HTTP requests by status and method.
# TYPE mcp_requests_total counter
mcp_requests_total{method="tools/call",status="200"} 1
# HELP mcp_tool_calls_total Calls of tools.
# TYPE mcp_tool_calls_total counter
mcp_tool_calls_total{tool_name="echo"} 1
`
	if err := testutil.GatherAndCompare(m.Registry, strings.NewReader(want),
		"mcp_proxy_info", "mcp_request_errors_total", "mcp_requests_total", "mcp_tool_calls_total"); err != nil {
		t.Error(err)
	}
	families, _ := m.Registry.Gather()
	found := map[string]bool{}
	for _, family := range families {
		found[family.GetName()] = true
	}
	for _, name := range []string{names, "mcp_request_duration_seconds", "mcp_request_size_bytes", "mcp_response_size_bytes", "mcp_active_connections",
		"mcp_sse_connections_total", "mcp_sse_connections_active", "mcp_sse_connection_duration_seconds", "mcp_sidecar_sessions", "target_info"} {
		if !found[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestEndpoints(t *testing.T) {
	m := serve(t, Settings{Names: "otel"}, answerWith("{}"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() { _ = m.Serve(listener, func() error { return io.ErrUnexpectedEOF }) }()
	for path, want := range map[string]int{"/metrics": 200, "/healthz": 200, "/readyz": 503, "/other": 404} {
		response, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != want || (path == "/readyz" && !strings.Contains(string(body), `"status":"down"`)) {
			t.Errorf("%s: %s %s", path, response.Status, body)
		}
	}
}

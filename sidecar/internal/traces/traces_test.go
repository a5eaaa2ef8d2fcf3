// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package traces

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

const (
	ofMeta   = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ofHeader = "00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01"
)

func TestSpansContinueTheTraceOfTheClient(t *testing.T) {
	call1 := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"secret":"s3cret"}%s}}`
	for _, test := range []struct{ meta, header, want string }{
		{`,"_meta":{"traceparent":"` + ofMeta + `"}`, ofHeader, "0af7651916cd43dd8448eb211c80319c"},
		{"", ofHeader, "1af7651916cd43dd8448eb211c80319c"},
		{`,"_meta":{"traceparent":"nonsense"}`, "", ""},
	} {
		recorder := tracetest.NewSpanRecorder()
		made := newTraces(sdk.WithSpanProcessor(recorder), "team/memory", "1")
		calls := call.New(bounds.NewBodies(1<<20), 1<<20)
		var forwarded string
		handler := calls.Middleware(made.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			forwarded = r.Header.Get("Traceparent")
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"id":1,"result":{"isError":true}}`))
		})))
		r := httptest.NewRequest("POST", "/mcp", strings.NewReader(fmt.Sprintf(call1, test.meta)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Traceparent", test.header)
		handler.ServeHTTP(httptest.NewRecorder(), r)
		spans := recorder.Ended()
		if len(spans) != 1 || spans[0].Name() != "tools/call echo" {
			t.Fatal(spans)
		}
		trace, span := spans[0].SpanContext().TraceID().String(), spans[0].SpanContext().SpanID().String()
		if (test.want != "" && trace != test.want) || forwarded != "00-"+trace+"-"+span+"-01" {
			t.Errorf("trace %s, the server got %s", trace, forwarded)
		}
		text := fmt.Sprint(spans[0].Attributes())
		if !strings.Contains(text, "tool_error") || strings.Contains(text, "s3cret") {
			t.Error(text)
		}
	}
}

func TestTheCodeOfAnErrorAndTheIDAreAttributes(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	made := newTraces(sdk.WithSpanProcessor(recorder), "team/memory", "1")
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	handler := calls.Middleware(made.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":"a-1","error":{"code":-32602,"message":"s3cret"}}`))
	})))
	body := `{"jsonrpc":"2.0","id":"a-1","method":"resources/read","params":{"uri":"file:///s3cret"}}`
	r := httptest.NewRequest("POST", "/mcp", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Mcp-Session-Id", "s3cret")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	attributes := map[string]string{}
	for _, one := range recorder.Ended()[0].Attributes() {
		attributes[string(one.Key)] = one.Value.Emit()
	}
	if attributes["jsonrpc.request.id"] != "a-1" || attributes["rpc.response.status_code"] != "-32602" {
		t.Error(attributes)
	}
	if text := fmt.Sprint(attributes); strings.Contains(text, "s3cret") {
		t.Error(text)
	}
}

func TestEndpoints(t *testing.T) {
	for endpoint, ok := range map[string]bool{"http://collector:4318": true, "https://c/custom": true, "collector:4317": false, "grpc://c": false, "": false} {
		if _, err := New(endpoint, "", ""); (err == nil) != ok {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}

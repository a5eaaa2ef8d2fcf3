// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package traces sends a span for each call over OTLP.
package traces

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"mcp.kubernetes/sidecar/internal/call"
)

const (
	maxName     = 200 // bytes of a name that a client sends
	errorsEvery = 10 * time.Minute
)

// Traces makes spans by OpenTelemetry's semantic conventions for MCP.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New takes the URL of a collector; /v1/traces is its path where it has none. The variables OTEL_* of the SDK set the sampler
// and headers for the collector.
func New(endpoint, serverName, version string) (*Traces, error) {
	address, err := url.Parse(endpoint)
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") || address.Host == "" {
		return nil, fmt.Errorf("--otlp-endpoint: %q is not a URL such as http://collector:4318", endpoint)
	}
	if strings.Trim(address.Path, "/") == "" {
		address.Path = "/v1/traces"
	}
	exporter, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpointURL(address.String()))
	if err != nil {
		return nil, fmt.Errorf("--otlp-endpoint: %w", err)
	}
	return newTraces(sdk.WithBatcher(exporter), serverName, version), nil
}

func newTraces(processor sdk.TracerProviderOption, serverName, version string) *Traces {
	namespace, name, _ := strings.Cut(serverName, "/")
	described := resource.NewSchemaless(
		attribute.String("service.namespace", namespace), attribute.String("service.name", name),
		attribute.String("k8s.namespace.name", namespace), attribute.String("service.version", version),
	)
	provider := sdk.NewTracerProvider(processor, sdk.WithResource(described))
	return &Traces{provider, provider.Tracer("mcp-sidecar", trace.WithInstrumentationVersion(version))}
}

// ReportErrors passes errors of the exporter to a function, at most one in a while.
func ReportErrors(report func(error)) {
	var mu sync.Mutex
	var last time.Time
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) > errorsEvery {
			last = time.Now()
			report(err)
		}
	}))
}

// Shutdown sends what is left.
func (t *Traces) Shutdown(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Middleware makes a span for each message. The server gets the context of the first one in the header traceparent.
func (t *Traces) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := call.From(r.Context())
		spans := map[*call.Message]trace.Span{}
		for _, m := range info.Messages {
			if m.Method == "" {
				continue
			}
			ctx, span := t.start(parent(r, m), info, m)
			if len(spans) == 0 {
				propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(r.Header))
			}
			spans[m] = span
		}
		if len(spans) > 0 {
			info.OnEnded(func(m *call.Message) {
				if span, known := spans[m]; known {
					end(span, m)
				}
			})
		}
		next.ServeHTTP(w, r)
	})
}

// parent returns the context of the client: from params._meta (SEP-414), or from the header traceparent.
func parent(r *http.Request, m *call.Message) context.Context {
	var carrier propagation.TextMapCarrier = propagation.HeaderCarrier(r.Header)
	if m.TraceParent != "" {
		carrier = propagation.MapCarrier{"traceparent": m.TraceParent, "tracestate": m.TraceState}
	}
	return propagation.TraceContext{}.Extract(r.Context(), carrier)
}

func (t *Traces) start(ctx context.Context, info *call.Info, m *call.Message) (context.Context, trace.Span) {
	name, method := bounded(m.Method), m.Method
	attributes := []attribute.KeyValue{
		attribute.String("mcp.method.name", bounded(method)),
		attribute.String("network.transport", "tcp"), attribute.String("network.protocol.name", "http"),
	}
	if m.ID != "" {
		attributes = append(attributes, attribute.String("jsonrpc.request.id", bounded(strings.Trim(m.ID, `"`))))
	}
	// Neither mcp.session.id, by which others could use the session, nor mcp.resource.uri, which may have arguments.
	switch method {
	case "tools/call":
		name += " " + bounded(m.Name)
		attributes = append(attributes, attribute.String("gen_ai.tool.name", bounded(m.Name)), attribute.String("gen_ai.operation.name", "execute_tool"))
	case "prompts/get":
		name += " " + bounded(m.Name)
		attributes = append(attributes, attribute.String("gen_ai.prompt.name", bounded(m.Name)))
	}
	return t.tracer.Start(
		ctx, name, trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(info.Started), trace.WithAttributes(attributes...))
}

func end(span trace.Span, m *call.Message) {
	if m.Protocol != "" {
		span.SetAttributes(attribute.String("mcp.protocol.version", bounded(m.Protocol)))
	}
	if m.Outcome.Status != 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", m.Outcome.Status))
	}
	if m.Outcome.Code != 0 {
		span.SetAttributes(attribute.String("rpc.response.status_code", strconv.FormatInt(m.Outcome.Code, 10)))
	}
	if kind := m.Outcome.ErrorType(); kind != "" {
		span.SetAttributes(attribute.String("error.type", kind))
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

func bounded(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxName)], "")
}

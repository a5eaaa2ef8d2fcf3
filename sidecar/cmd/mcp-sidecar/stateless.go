// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/jsontext"
)

// The stateless revision. Servers that do not support it are called in an older revision, and their responses are
// completed with the fields that the stateless revision requires.
const (
	statelessRevision = "2026-07-28"
	metaPrefix        = "io.modelcontextprotocol/"
	codeHeader        = -32020
	codeUnsupported   = -32022
	codeNoResource    = -32002 // not in the stateless revision
)

var (
	// Requests that the stateless revision has removed.
	removed = []string{"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"}
	// Requests that need a server of the stateless revision: others never answer them.
	notOffered = []string{"subscriptions/listen"}
	// Requests whose results carry cache hints.
	cacheable = []string{"tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read"}
	// The parameter that the Mcp-Name header repeats.
	named = map[string]string{"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
)

// isStateless reports whether a message uses the stateless revision.
func isStateless(r *http.Request, message jsonrpc.Message) bool {
	request, ok := message.(*jsonrpc.Request)
	return ok && (r.Header.Get(versionHeader) == statelessRevision || metaField(request, "protocolVersion") != "")
}

// handleStateless answers a request without a session. It calls release when the server has the request.
func (h *handler) handleStateless(w http.ResponseWriter, r *http.Request, request *jsonrpc.Request, release func()) {
	if !request.IsCall() {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if status, problem := checkStateless(r, request); problem != nil {
		answer(w, status, request, problem)
		return
	}
	if slices.Contains(removed, request.Method) {
		text := request.Method + " is not in revision " + statelessRevision + "."
		refuse(w, http.StatusNotFound, request, jsonrpc.CodeMethodNotFound, text)
		return
	}
	if slices.Contains(notOffered, request.Method) {
		text := request.Method + " is not offered: the server supports only older revisions."
		refuse(w, http.StatusNotFound, request, jsonrpc.CodeMethodNotFound, text)
		return
	}
	m, done, err := h.sessionManager.acquireStateless()
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, request, codeEnded, sentence(err))
		return
	}
	defer done()
	if request.Method == "server/discover" {
		reply(w, http.StatusOK, map[string]any{"jsonrpc": "2.0", "id": request.ID.Raw(), "result": discovery(m.initializeResult)})
		return
	}
	h.exchange(w, r, m, request, release)
}

// exchange sends one request to the server, in a session that ends with it.
func (h *handler) exchange(w http.ResponseWriter, r *http.Request, m *mux, request *jsonrpc.Request, release func()) {
	s := newSession("", h.sessionManager.request)
	s.up = m
	defer func() {
		s.end("The client disconnected.")
		m.close(s)
	}()
	to := newStream()
	method := request.Method
	s.fromClient([]jsonrpc.Message{&jsonrpc.Request{ID: request.ID, Method: method, Params: withoutMeta(request.Params)}}, to)
	release()
	h.answer(w, r, to, 1, func(response *jsonrpc.Response) (*jsonrpc.Response, int) {
		return toStatelessResponse(method, response)
	})
}

// checkStateless validates the headers and the _meta fields of a request.
func checkStateless(r *http.Request, request *jsonrpc.Request) (int, *jsonrpc.Error) {
	wrong := func(code int64, text string) (int, *jsonrpc.Error) {
		return http.StatusBadRequest, &jsonrpc.Error{Code: code, Message: text}
	}
	var inBody string
	if json.Unmarshal([]byte(metaField(request, "protocolVersion")), &inBody) != nil {
		return wrong(jsonrpc.CodeInvalidParams, "_meta lacks "+metaPrefix+"protocolVersion.")
	}
	if r.Header.Get(versionHeader) != inBody {
		return wrong(codeHeader, "The MCP-Protocol-Version header differs from _meta.")
	}
	if inBody != statelessRevision {
		data, _ := json.Marshal(map[string]any{"supported": supported(), "requested": inBody})
		return http.StatusBadRequest, &jsonrpc.Error{Code: codeUnsupported, Message: "The protocol version is not supported.", Data: data}
	}
	if metaField(request, "clientCapabilities") == "" {
		return wrong(jsonrpc.CodeInvalidParams, "_meta lacks "+metaPrefix+"clientCapabilities.")
	}
	if r.Header.Get("Mcp-Method") != request.Method {
		return wrong(codeHeader, "The Mcp-Method header differs from the request's method.")
	}
	if parameter, hasName := named[request.Method]; hasName {
		var wanted string
		_ = json.Unmarshal(jsontext.RawField(request.Params, parameter), &wanted)
		if decoded(r.Header.Get("Mcp-Name")) != wanted {
			return wrong(codeHeader, "The Mcp-Name header differs from the request's "+parameter+".")
		}
	}
	return 0, nil
}

func supported() []string { return append(slices.Clone(revisions), statelessRevision) }

// discovery converts an initialize result into a server/discover result.
func discovery(initializeResult json.RawMessage) map[string]any {
	var known struct {
		Capabilities map[string]map[string]any
		ServerInfo   json.RawMessage
		Instructions string
	}
	_ = json.Unmarshal(initializeResult, &known)
	// Capabilities that need a stream of their own are not offered.
	delete(known.Capabilities, "logging")
	for _, capability := range known.Capabilities {
		delete(capability, "listChanged")
		delete(capability, "subscribe")
	}
	found := map[string]any{
		"supportedVersions": supported(), "capabilities": known.Capabilities,
		"resultType": "complete", "ttlMs": 0, "cacheScope": "private",
		"_meta": map[string]any{metaPrefix + "serverInfo": known.ServerInfo},
	}
	if known.Instructions != "" {
		found["instructions"] = known.Instructions
	}
	return found
}

// toStatelessResponse completes a response for the stateless revision, and returns its HTTP status.
func toStatelessResponse(method string, response *jsonrpc.Response) (*jsonrpc.Response, int) {
	if problem := asError(response); problem != nil {
		if problem.Code == codeNoResource {
			problem = &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: problem.Message, Data: problem.Data}
		}
		status := http.StatusOK
		switch problem.Code {
		case jsonrpc.CodeMethodNotFound:
			status = http.StatusNotFound
		case jsonrpc.CodeInvalidParams:
			status = http.StatusBadRequest
		}
		return &jsonrpc.Response{ID: response.ID, Error: problem}, status
	}
	result := response.Result
	if jsontext.Field(result, "resultType") == "" {
		result = jsontext.WithField(result, "resultType", "complete")
	}
	if slices.Contains(cacheable, method) && jsontext.Field(result, "ttlMs") == "" {
		result = jsontext.WithField(jsontext.WithField(result, "ttlMs", 0), "cacheScope", "private")
	}
	return &jsonrpc.Response{ID: response.ID, Result: result}, http.StatusOK
}

// metaField returns the JSON of one of the protocol's _meta fields, or "".
func metaField(request *jsonrpc.Request, name string) string {
	return jsontext.Field(jsontext.RawField(request.Params, "_meta"), metaPrefix+name)
}

// withoutMeta removes the _meta fields of the stateless revision.
func withoutMeta(params json.RawMessage) json.RawMessage {
	meta := jsontext.RawField(params, "_meta")
	kept := append(make([]byte, 0, len(meta)+2), '{')
	for m := range jsontext.Members(meta) {
		if strings.HasPrefix(m.Name, metaPrefix) {
			continue
		}
		if len(kept) > 1 {
			kept = append(kept, ',')
		}
		name, _ := json.Marshal(m.Name)
		kept = append(append(append(kept, name...), ':'), meta[m.Start:m.End]...)
	}
	return jsontext.WithRawField(params, "_meta", append(kept, '}'))
}

// decoded returns a header's value, which may be Base64-encoded.
func decoded(value string) string {
	if encoded, ok := strings.CutPrefix(value, "=?base64?"); ok {
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(encoded, "?=")); err == nil {
			return string(raw)
		}
	}
	return value
}

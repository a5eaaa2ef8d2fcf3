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
)

// The revision without sessions. Servers that do not know it are spoken with in the older way, and their answers get
// what the newer one asks for.
const (
	modernRevision  = "2026-07-28"
	metaPrefix      = "io.modelcontextprotocol/"
	codeHeader      = -32020
	codeUnsupported = -32022
	codeNoResource  = -32002 // which the newer revision does not know
)

var (
	// Requests that the newer revision does not have any more.
	removed = []string{"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"}
	// Requests that it has, and that would need a server that knows it: others keep them without ever answering.
	notOffered = []string{"subscriptions/listen"}
	// Requests whose answers say how long they hold.
	cacheable = []string{"tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read"}
	// The parameter that the header Mcp-Name repeats.
	named = map[string]string{"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
)

// isModern tells whether a message is of the revision without sessions.
func isModern(r *http.Request, message jsonrpc.Message) bool {
	request, ok := message.(*jsonrpc.Request)
	return ok && (r.Header.Get(versionHeader) == modernRevision || metaField(request, "protocolVersion") != "")
}

func (d *door) modern(w http.ResponseWriter, r *http.Request, request *jsonrpc.Request) {
	if !request.IsCall() {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if status, problem := checkModern(r, request); problem != nil {
		answer(w, status, request, problem)
		return
	}
	if slices.Contains(removed, request.Method) {
		text := request.Method + " is not in revision " + modernRevision + "."
		refuse(w, http.StatusNotFound, request, jsonrpc.CodeMethodNotFound, text)
		return
	}
	if slices.Contains(notOffered, request.Method) {
		text := request.Method + " is not offered: a bridge stands before a server of an older revision."
		refuse(w, http.StatusNotFound, request, jsonrpc.CodeMethodNotFound, text)
		return
	}
	m, done, err := d.hub.sharedMux()
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, request, codeEnded, sentence(err))
		return
	}
	defer done()
	if request.Method == "server/discover" {
		reply(w, http.StatusOK, map[string]any{"jsonrpc": "2.0", "id": request.ID.Raw(), "result": discovery(m.greeting)})
		return
	}
	d.exchange(w, r, m, request)
}

// exchange takes one request to the server, as a session that ends with it.
func (d *door) exchange(w http.ResponseWriter, r *http.Request, m *mux, request *jsonrpc.Request) {
	s := newSession("", d.hub.request)
	s.up = m
	defer func() {
		s.end("The client has left.")
		m.close(s)
	}()
	to := newStream()
	method := request.Method
	s.fromClient([]jsonrpc.Message{&jsonrpc.Request{ID: request.ID, Method: method, Params: withoutMeta(request.Params)}}, to)
	d.answer(w, r, to, 1, func(response *jsonrpc.Response) (*jsonrpc.Response, int) { return modernize(method, response) })
}

// checkModern refuses what the headers or the parameters lack.
func checkModern(r *http.Request, request *jsonrpc.Request) (int, *jsonrpc.Error) {
	wrong := func(code int64, text string) (int, *jsonrpc.Error) {
		return http.StatusBadRequest, &jsonrpc.Error{Code: code, Message: text}
	}
	var inBody string
	if json.Unmarshal([]byte(metaField(request, "protocolVersion")), &inBody) != nil {
		return wrong(jsonrpc.CodeInvalidParams, "_meta lacks "+metaPrefix+"protocolVersion.")
	}
	if r.Header.Get(versionHeader) != inBody {
		return wrong(codeHeader, "The header MCP-Protocol-Version is not what _meta says.")
	}
	if inBody != modernRevision {
		data, _ := json.Marshal(map[string]any{"supported": supported(), "requested": inBody})
		return http.StatusBadRequest, &jsonrpc.Error{Code: codeUnsupported, Message: "The protocol version is not supported.", Data: data}
	}
	if metaField(request, "clientCapabilities") == "" {
		return wrong(jsonrpc.CodeInvalidParams, "_meta lacks "+metaPrefix+"clientCapabilities.")
	}
	if r.Header.Get("Mcp-Method") != request.Method {
		return wrong(codeHeader, "The header Mcp-Method is not the request's method.")
	}
	if parameter, hasName := named[request.Method]; hasName {
		var wanted string
		_ = json.Unmarshal([]byte(field(request.Params, parameter)), &wanted)
		if decoded(r.Header.Get("Mcp-Name")) != wanted {
			return wrong(codeHeader, "The header Mcp-Name is not the request's "+parameter+".")
		}
	}
	return 0, nil
}

func supported() []string { return append(slices.Clone(revisions), modernRevision) }

// discovery turns what the server said to initialize into an answer to server/discover.
func discovery(greeting json.RawMessage) map[string]any {
	var known struct {
		Capabilities map[string]map[string]any
		ServerInfo   json.RawMessage
		Instructions string
	}
	_ = json.Unmarshal(greeting, &known)
	// What would need a stream of its own is not offered.
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

// modernize gives an answer what the newer revision asks for, and returns the HTTP status that goes with it.
func modernize(method string, response *jsonrpc.Response) (*jsonrpc.Response, int) {
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
	if field(result, "resultType") == "" {
		result = withField(result, "resultType", "complete")
	}
	if slices.Contains(cacheable, method) && field(result, "ttlMs") == "" {
		result = withField(withField(result, "ttlMs", 0), "cacheScope", "private")
	}
	return &jsonrpc.Response{ID: response.ID, Result: result}, http.StatusOK
}

// metaField returns the JSON of one of the protocol's own fields of _meta, "" where it is not there.
func metaField(request *jsonrpc.Request, name string) string {
	return field(json.RawMessage(field(request.Params, "_meta")), metaPrefix+name)
}

// withoutMeta takes out what only the newer revision knows.
func withoutMeta(params json.RawMessage) json.RawMessage {
	meta := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(field(params, "_meta")), &meta)
	for name := range meta {
		if strings.HasPrefix(name, metaPrefix) {
			delete(meta, name)
		}
	}
	return withField(params, "_meta", meta)
}

// decoded returns a header's value, which may be in Base64.
func decoded(value string) string {
	if encoded, ok := strings.CutPrefix(value, "=?base64?"); ok {
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(encoded, "?=")); err == nil {
			return string(raw)
		}
	}
	return value
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mcp.kubernetes/sidecar/internal/bounds"
	"mcp.kubernetes/sidecar/internal/call"
)

func TestScopesOfTheServerAndOfTools(t *testing.T) {
	b := newBench(t, Options{Scopes: []string{"mcp"}, ToolScopes: map[string][]string{"delete": {"admin"}, "write": {"mcp:write"}}})
	for name, test := range map[string]struct {
		scope string
		tools []string
		want  int
		need  string
	}{
		"no scope":                 {"other", nil, 403, "mcp"},
		"a scope that starts so":   {"mcp:all", nil, 403, "mcp"},
		"any tool":                 {"mcp", []string{"read"}, 200, ""},
		"no tool":                  {"mcp", nil, 200, ""},
		"a tool without its scope": {"mcp", []string{"delete"}, 403, "mcp admin"},
		"the second of a batch":    {"mcp mcp:write", []string{"write", "read", "delete"}, 403, "mcp mcp:write admin"},
		"a whole batch":            {"mcp mcp:write admin", []string{"write", "delete"}, 200, ""},
	} {
		var messages []string
		for number, tool := range test.tools {
			messages = append(messages, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q}}`, number, tool))
		}
		w := b.post("["+strings.Join(messages, ",")+"]", b.token(t, map[string]any{"scope": test.scope}))
		if len(messages) == 0 {
			w = b.post("", b.token(t, map[string]any{"scope": test.scope}))
		}
		if w.Code != test.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if header := w.Header().Get("WWW-Authenticate"); test.need != "" &&
			(!strings.Contains(header, `error="insufficient_scope"`) || !strings.Contains(header, `scope="`+test.need+`"`)) {
			t.Errorf("%s: %s", name, header)
		}
	}
	for name, body := range map[string]string{
		"a form":                 "method=tools/call&name=delete",
		"a method twice":         `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"delete"}}`,
		"a name twice":           `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","name":"read"}}`,
		"an escaped name":        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"n\u0061me":"d\u0065lete"}}`,
		"a name in another case": `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","Name":"read"}}`,
		"an escaped method":      `{"jsonrpc":"2.0","id":1,"m\u0065thod":"tools\/call","params":{"name":"delete"}}`,
		"a notification":         `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete"}}`,
		"nested":                 `[[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}]]`,
		"no JSON":                `{"method":"tools/call"`,
		"UTF-16":                 "\xff\xfe{\x00}\x00",
	} {
		if w := b.post(body, b.token(t, map[string]any{"scope": "mcp"})); w.Code < 400 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	var none *Authenticator
	if none.Authenticate(nil) != nil || none.Authorize(nil) != nil {
		t.Error("without options, requests are checked")
	}
}

// post sends a body through all checks.
func (b *bench) post(body, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	calls := call.New(bounds.NewBodies(1<<20), 1<<20)
	b.Authenticate(calls.Middleware(b.Authorize(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	})))).ServeHTTP(w, r)
	return w
}

func TestTheMetadataOfTheResource(t *testing.T) {
	b := newBench(t, Options{Scopes: []string{"mcp"}, ToolScopes: map[string][]string{"a": {"x", "mcp"}, "b": {"x"}}})
	for path, served := range map[string]bool{
		wellKnown: true, wellKnown + "/": true, wellKnown + "/mcp": true, wellKnown + "/mcp/": true,
		wellKnown + "/other": false, wellKnown + "mcp": false, "/x" + wellKnown: false, wellKnown + "/mcp/..": false,
	} {
		w, seen := b.request(func(r *http.Request) { r.URL.Path, r.Method = path, http.MethodGet })
		if (w.Code == http.StatusOK) != served || seen != nil {
			t.Errorf("%s: %d", path, w.Code)
		}
		if !served {
			continue
		}
		var document map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &document); err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(document)
		want := `{"authorization_servers":["` + b.issuer.URL + `"],"bearer_methods_supported":["header"],"resource":"` + resource + `","scopes_supported":["mcp","x"]}`
		if string(got) != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestOptions(t *testing.T) {
	parse := func(words ...string) (*Options, error) {
		options := &Options{}
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		options.Register(flags)
		options.RegisterHeader(flags)
		if err := flags.Parse(words); err != nil {
			return nil, err
		}
		_, err := options.check()
		return options, err
	}
	issuer, target := "--auth-issuer=https://a.example", "--auth-resource="+resource
	options, err := parse(issuer, target, "--auth-tool-scope=a=b=c", "--auth-scope=d", "--auth-audience=e", "--auth-subject-header=X-User")
	if err != nil || options.ToolScopes["a"][0] != "b=c" || !options.Enabled() {
		t.Errorf("%+v %v", options, err)
	}
	for _, words := range [][]string{
		{},
		{issuer},
		{target},
		{target, "--auth-issuer=http://a.example"},
		{target, "--auth-issuer=https://a.example?x"},
		{target, "--auth-issuer=https://a.example#x"},
		{target, "--auth-issuer=https://u:p@a.example"},
		{target, "--auth-issuer=a.example"},
		{issuer, "--auth-resource=memory"},
		{issuer, "--auth-resource=https://a.example/#x"},
		{issuer, `--auth-resource=https://a.example/?x=", error="`},
		{issuer, target, "--auth-scope=a b"},
		{issuer, target, "--auth-scope=a\"b"},
		{issuer, target, "--auth-tool-scope=a"},
		{issuer, target, "--auth-tool-scope==a"},
		{issuer, target, "--auth-tool-scope=a="},
		{issuer, target, "--auth-subject-header=Authorization"},
		{issuer, target, "--auth-subject-header=Mcp-Session-Id"},
		{issuer, target, "--auth-subject-header=a_b"},
		{issuer, target, "--auth-issuer=https://b.example", "--auth-subject-header=X-User"},
	} {
		if options, err := parse(words...); err == nil {
			t.Errorf("%q: %+v", words, options)
		}
	}
	if (&Options{}).Enabled() {
		t.Error("no option enables tokens")
	}
}

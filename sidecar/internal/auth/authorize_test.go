// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestScopesOfTheServerAndOfTools(t *testing.T) {
	b := newBench(t, Options{Scopes: []string{"mcp"}, ToolScopes: map[string][]string{"delete": {"admin"}, "write": {"mcp:write"}, "a=b": {"x"}}})
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
		"an equals sign":           {"mcp", []string{"a=b"}, 403, "mcp x"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/mcp", nil)
		r.Header.Set("Authorization", "Bearer "+b.token(t, map[string]any{"scope": test.scope}))
		w := httptest.NewRecorder()
		b.Authenticate(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if b.AuthorizeTools(w, r, test.tools) {
				w.WriteHeader(http.StatusOK)
			}
		})).ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: %d", name, w.Code)
		}
		if header := w.Header().Get("WWW-Authenticate"); test.need != "" &&
			(!strings.Contains(header, `error="insufficient_scope"`) || !strings.Contains(header, `scope="`+test.need+`"`)) {
			t.Errorf("%s: %s", name, header)
		}
	}
	if w := httptest.NewRecorder(); b.AuthorizeTools(w, httptest.NewRequest(http.MethodPost, "/", nil), nil) {
		t.Error("a request without a token calls tools")
	}
	var none *Authenticator
	if !none.AuthorizeTools(nil, nil, []string{"delete"}) || none.NeedsTools() || none.Authenticate(nil) != nil {
		t.Error("without options, a request is refused")
	}
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
	if err != nil || options.ToolScopes["a=b"][0] != "c" || !options.Enabled() {
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

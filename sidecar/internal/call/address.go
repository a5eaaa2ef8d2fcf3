// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package call

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// An address is where the messages of one HTTP+SSE stream are sent. Most have a session in their query, and gateways may change
// their path. Servers ignore further parameters and read each parameter in all its encodings, so a client could give the same
// session another text.
type address struct {
	key        string
	marker     string   // the longest parameter, or the key where there are none
	parameters []string // sorted
}

func newAddress(endpoint *url.URL) *address {
	a := &address{key: pathKey(endpoint), parameters: parametersOf(endpoint)}
	a.marker = a.key
	if len(a.parameters) > 0 {
		a.key = "query " + endpoint.Query().Encode()
		a.marker = slices.MaxFunc(a.parameters, func(one, other string) int { return len(one) - len(other) })
	}
	return a
}

// isIn reports whether all parameters are among sorted ones.
func (a *address) isIn(parameters []string) bool {
	for _, parameter := range a.parameters {
		if _, found := slices.BinarySearch(parameters, parameter); !found {
			return false
		}
	}
	return true
}

// names returns the names of the parameters, with an & between them.
func (a *address) names() string {
	var names []string
	for _, parameter := range a.parameters {
		name, _, _ := strings.Cut(parameter, "=")
		names = append(names, foldedName(name))
	}
	return strings.Join(names, "&")
}

// foldedName returns the name of a parameter so that names which some server takes for the same are equal: some ignore case,
// or replace dots.
func foldedName(name string) string {
	return strings.ToLower(strings.NewReplacer(".", "_", " ", "_", "&", "_").Replace(name))
}

func pathKey(address *url.URL) string { return "path " + path.Clean("/"+address.Path) }

// parametersOf returns the decoded parameters of a query, sorted and each once.
func parametersOf(address *url.URL) (parameters []string) {
	if address.RawQuery == "" {
		return nil
	}
	for name, values := range address.Query() {
		for _, value := range values {
			parameters = append(parameters, name+"="+value)
		}
	}
	slices.Sort(parameters)
	return slices.Compact(parameters)
}

// endpointOf returns the address that an event of a stream contains, nil for none.
func endpointOf(stream *url.URL, data string) *url.URL {
	endpoint, err := url.Parse(strings.TrimSpace(data))
	if err != nil {
		return nil
	}
	return stream.ResolveReference(endpoint)
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"encoding/json"
	"testing"
)

func FuzzFields(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` { "a" : 1 , "b":{"a":2}, "a":3 } `, `{"\u0061":"}"}`, `null`, `[1]`, `{"a"`, `{"a":`, `{"a":1,}`, `"`, `{"a":"\"}","b":[[{}]]}`,
	} {
		f.Add([]byte(seed), "a")
	}
	f.Fuzz(func(t *testing.T, object []byte, name string) {
		found, changed := Field(object, name), WithField(object, name, 7)
		for range Elements(object) {
		}
		fields := map[string]json.RawMessage{}
		if json.Unmarshal(object, &fields) != nil {
			return // what is not an object must not panic
		}
		if _, there := fields[name]; json.Valid([]byte(name)) && there && found != string(fields[name]) {
			t.Fatalf("%q: %q instead of %q", name, found, fields[name])
		}
		after := map[string]json.RawMessage{}
		if err := json.Unmarshal(changed, &after); err != nil {
			t.Fatalf("%s: %v", changed, err)
		}
		quoted, _ := json.Marshal(name)
		var known string
		_ = json.Unmarshal(quoted, &known)
		if string(after[known]) != "7" {
			t.Fatalf("%s: %s", known, changed)
		}
		if fields[known] == nil && len(after) != len(fields)+1 {
			t.Fatalf("%s lost fields of %s", changed, object)
		}
	})
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"reflect"
	"strings"
)

// field is a field of a Pod template: the names that lead to it, "[]" for the items of a list, and its type in JSON.
type field struct {
	Path []string `json:"path"`
	Type string   `json:"type"`
}

var decodesItself = reflect.TypeFor[json.Unmarshaler]()

// fields returns all fields below a type, those of nested types included.
func fields(of reflect.Type, path []string) []field {
	here := func(kind string) []field { return []field{{append([]string{}, path...), kind}} }
	switch {
	case of.Kind() == reflect.Pointer:
		return fields(of.Elem(), path)
	case reflect.PointerTo(of).Implements(decodesItself):
		return here("string")
	}
	switch of.Kind() {
	case reflect.Bool:
		return here("boolean")
	case reflect.String:
		return here("string")
	case reflect.Map:
		return here("map")
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Uint8 {
			return here("string")
		}
		return append(here("list"), fields(of.Elem(), append(path, "[]"))...)
	case reflect.Struct:
		found := here("object")
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			inner := path
			if name != "" {
				inner = append(path, name)
			}
			found = append(found, fields(of.Field(i).Type, inner)...)
		}
		return found
	default:
		return here("integer")
	}
}

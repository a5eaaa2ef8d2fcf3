// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"time"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

// Argo CD ends a script after a second.
const deadline = time.Second

// Run runs a script with the object as "obj" and returns its result, with the libraries that Argo CD opens by default
// (util/lua/lua.go): those of the base, of tables and of strings. Its os library has only time and date. Parameters of an
// action are "actionParams", which does not exist without any.
func run(script string, object []byte, parameters map[string]string) (any, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable, lua.StringLibName: lua.OpenString, "os": openOS,
	} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			return nil, err
		}
	}
	limit, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	state.SetContext(limit)
	value, err := luajson.Decode(state, object)
	if err != nil {
		return nil, err
	}
	state.SetGlobal("obj", value)
	if len(parameters) > 0 {
		table := state.NewTable()
		for name, parameter := range parameters {
			table.RawSetString(name, lua.LString(parameter))
		}
		state.SetGlobal("actionParams", table)
	}
	if err := state.DoString(script); err != nil {
		return nil, err
	}
	encoded, err := luajson.Encode(state.Get(-1))
	if err != nil {
		return nil, err
	}
	var found any
	return found, json.Unmarshal(encoded, &found)
}

func openOS(state *lua.LState) int {
	state.Push(state.RegisterModule("os", map[string]lua.LGFunction{
		"time": func(inner *lua.LState) int { inner.Push(lua.LNumber(time.Now().Unix())); return 1 },
		"date": func(inner *lua.LState) int {
			inner.Push(lua.LString(time.Now().UTC().Format("2006-01-02T15:04:05Z")))
			return 1
		},
	}))
	return 1
}

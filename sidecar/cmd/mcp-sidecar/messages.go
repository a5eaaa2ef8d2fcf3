// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"mcp.kubernetes/sidecar/internal/jsontext"
)

const (
	smallMessage = 64 << 10 // bytes up to which the SDK decodes and encodes a message whole
	maxDepth     = 1000     // of nested arrays and objects, as in the SDK
	maxID        = 1 << 10  // bytes of an id or a method in a large message
)

var errBatch = errors.New("too many messages")

// decodeBatch decodes a message or a batch of at most maxBatch messages, at least one.
func decodeBatch(text []byte) ([]jsonrpc.Message, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] != '[' {
		message, err := decode(text)
		return []jsonrpc.Message{message}, err
	}
	var messages []jsonrpc.Message
	for part, err := range jsontext.Elements(text) {
		if err != nil {
			return nil, err
		}
		if len(messages) == maxBatch {
			return nil, errBatch
		}
		message, err := decode(part)
		if err != nil {
			return nil, err
		}
		messages = append(messages, message)
	}
	if len(messages) == 0 {
		return nil, jsontext.ErrNotJSON
	}
	return messages, nil
}

// decode decodes one message. The parameters or the result of a large one refer to the text instead of copies of it.
func decode(text []byte) (jsonrpc.Message, error) {
	if !json.Valid(text) || jsontext.Depth(text) > maxDepth {
		return nil, jsontext.ErrNotJSON
	}
	if len(text) <= smallMessage {
		return jsonrpc.DecodeMessage(text)
	}
	var rest bytes.Buffer
	var params, result json.RawMessage
	copied := 0
	for m := range jsontext.Members(text) {
		value := text[m.Start:m.End]
		switch {
		case m.Name == "params":
			params = value
		case m.Name == "result":
			result = value
		case m.Name == "error" || len(value) <= maxID:
			continue
		case m.Name == "id" || m.Name == "method":
			return nil, jsontext.ErrNotJSON
		}
		rest.Write(text[copied:m.Start])
		rest.WriteString("null")
		copied = m.End
	}
	rest.Write(text[copied:])
	removeLineBreaks(params)
	removeLineBreaks(result)
	message, err := jsonrpc.DecodeMessage(rest.Bytes())
	switch message := message.(type) {
	case *jsonrpc.Request:
		message.Params = params
	case *jsonrpc.Response:
		message.Result = result
	}
	return message, err
}

// removeLineBreaks puts a JSON text on one line, as messages to the server must be. Strings in JSON have no line breaks.
func removeLineBreaks(text []byte) {
	for at, char := range text {
		if char == '\n' || char == '\r' {
			text[at] = ' '
		}
	}
}

// encode returns a message as JSON on one line, in parts: a large one is not copied.
func encode(message jsonrpc.Message) ([][]byte, error) {
	name, large := "params", json.RawMessage(nil)
	switch original := message.(type) {
	case *jsonrpc.Request:
		if len(original.Params) > smallMessage {
			large = original.Params
			message = &jsonrpc.Request{ID: original.ID, Method: original.Method}
		}
	case *jsonrpc.Response:
		if len(original.Result) > smallMessage && original.Error == nil {
			name, large = "result", original.Result
			message = &jsonrpc.Response{ID: original.ID}
		}
	}
	data, err := jsonrpc.EncodeMessage(message)
	if err != nil || large == nil {
		return [][]byte{data}, err
	}
	start := append(data[:len(data)-1], `,"`+name+`":`...)
	return [][]byte{start, large, []byte("}")}, nil
}

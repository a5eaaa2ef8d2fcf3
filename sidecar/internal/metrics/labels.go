// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package metrics counts calls for Prometheus. The number of its series is bounded, whatever clients send.
package metrics

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"mcp.kubernetes/sidecar/internal/call"
)

const (
	other      = "other" // the value of labels for what is not known
	maxLearned = 100     // tools
)

// The methods of all revisions.
var methods = []string{
	"completion/complete", "initialize", "logging/setLevel", "notifications/cancelled", "notifications/elicitation/complete",
	"notifications/initialized", "notifications/progress", "notifications/roots/list_changed", "notifications/tasks/status", "ping",
	"prompts/get", "prompts/list", "resources/list", "resources/read", "resources/subscribe", "resources/templates/list",
	"resources/unsubscribe", "server/discover", "subscriptions/listen", "tasks/cancel", "tasks/get", "tasks/list", "tasks/result",
	"tasks/update", "tools/call", "tools/list",
}

// The codes of JSON-RPC and MCP, and the statuses of HTTP that servers of MCP use.
var errorTypes = []string{
	"", "tool_error", "canceled", "no_response",
	"-32700", "-32600", "-32601", "-32602", "-32603", "-32000", "-32001", "-32002", "-32020", "-32021", "-32022", "-32042",
	"400", "401", "403", "404", "405", "406", "408", "409", "413", "415", "421", "429", "431", "500", "501", "502", "503", "504",
}

func known(values []string, value string) string {
	if slices.Contains(values, value) {
		return value
	}
	return other
}

// protocolOf returns the label of a revision, "" where it is unknown.
func protocolOf(m *call.Message) string {
	if m.Protocol == "" {
		return ""
	}
	return known(call.Protocols, m.Protocol)
}

// statusOf returns the label of an HTTP status.
func statusOf(status int) string {
	if status < 100 || status > 599 {
		return "0"
	}
	return strconv.Itoa(status)
}

// A set has the values of a label: given ones, or a bounded number that is learned.
type set struct {
	mu      sync.RWMutex
	values  map[string]struct{}
	isGiven bool
}

func newSet(values []string) *set {
	s := &set{values: map[string]struct{}{}, isGiven: len(values) > 0}
	for _, value := range values {
		s.values[value] = struct{}{}
	}
	return s
}

// learn adds values that are texts of the server.
func (s *set) learn(values ...string) {
	if s.isGiven || len(values) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, value := range values {
		if len(s.values) < maxLearned && len(value) <= 256 {
			s.values[strings.ToValidUTF8(value, "\uFFFD")] = struct{}{}
		}
	}
}

func (s *set) label(value string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, found := s.values[value]; found {
		return value
	}
	return other
}

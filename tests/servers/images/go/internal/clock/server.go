// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Package clock is a small, correct MCP server on the official Go SDK.
package clock

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	_ "time/tzdata" // an image from scratch has no zone files

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

var zones = []string{"UTC", "America/New_York", "Asia/Tokyo", "Europe/Berlin"}

type nowInput struct {
	Zone string `json:"zone,omitempty" jsonschema:"an IANA time zone, UTC when empty"`
}

type addInput struct {
	Time     string `json:"time" jsonschema:"an RFC 3339 time"`
	Duration string `json:"duration" jsonschema:"a duration such as 1h30m or -45m"`
}

type timeOutput struct {
	Time string `json:"time" jsonschema:"an RFC 3339 time"`
}

// NewServer returns the server; one serves any number of sessions.
func NewServer() *mcp.Server {
	server := mcp.NewServer(
		&mcp.Implementation{Name: "clock", Version: "1.0.0"},
		&mcp.ServerOptions{Instructions: "Tells the time in any zone and adds durations."},
	)
	mcp.AddTool(server, &mcp.Tool{Name: "now", Description: "Tell the current time in a zone."}, now)
	mcp.AddTool(server, &mcp.Tool{Name: "add_duration", Description: "Add a duration to a time."}, addDuration)
	server.AddResource(&mcp.Resource{
		Name: "zones", URI: "clock://zones", MIMEType: "application/json", Description: "Often used time zones.",
	}, readZones)
	server.AddPrompt(&mcp.Prompt{
		Name:        "plan_meeting",
		Description: "Ask for a meeting time that suits several zones.",
		Arguments:   []*mcp.PromptArgument{{Name: "zones", Description: "the zones, by commas", Required: true}},
	}, planMeeting)
	return server
}

func now(_ context.Context, _ *mcp.CallToolRequest, in nowInput) (*mcp.CallToolResult, timeOutput, error) {
	zone, err := time.LoadLocation(in.Zone)
	if err != nil {
		return nil, timeOutput{}, fmt.Errorf("no time zone is named %q", in.Zone)
	}
	return nil, timeOutput{time.Now().In(zone).Format(time.RFC3339)}, nil
}

func addDuration(_ context.Context, _ *mcp.CallToolRequest, in addInput) (*mcp.CallToolResult, timeOutput, error) {
	start, err := time.Parse(time.RFC3339, in.Time)
	if err != nil {
		return nil, timeOutput{}, fmt.Errorf("not an RFC 3339 time: %q", in.Time)
	}
	duration, err := time.ParseDuration(in.Duration)
	if err != nil {
		return nil, timeOutput{}, fmt.Errorf("not a duration: %q", in.Duration)
	}
	return nil, timeOutput{start.Add(duration).Format(time.RFC3339)}, nil
}

func readZones(_ context.Context, request *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	text, err := json.Marshal(zones)
	if err != nil {
		return nil, err
	}
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{
		{URI: request.Params.URI, MIMEType: "application/json", Text: string(text)},
	}}, nil
}

func planMeeting(_ context.Context, request *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	text := "Find a time within working hours, with the tool \"now\", for these zones: " + request.Params.Arguments["zones"]
	return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{
		{Role: "user", Content: &mcp.TextContent{Text: text}},
	}}, nil
}

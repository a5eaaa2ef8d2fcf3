// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Health computes the health of Kubernetes objects as the tools of GitOps do. For each line of standard input, an object
// as JSON, "health status SCRIPT" prints a line of JSON with what kpt, Flux, and Argo CD with that health script say.
// "health action SCRIPT [PARAMETER=VALUE]..." prints the result of a script for an action of Argo CD.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	flux "github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kjson "k8s.io/apimachinery/pkg/util/json"
	kpt "sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

const maxLine = 16 << 20

type health struct {
	Argo any    `json:"argo"`
	Flux string `json:"flux"`
	Kpt  string `json:"kpt"`
}

func status(script string, line []byte, _ map[string]string) (any, error) {
	given := &unstructured.Unstructured{}
	if err := kjson.Unmarshal(line, &given.Object); err != nil {
		return nil, err
	}
	byFlux, err := flux.Compute(given)
	if err != nil {
		return nil, err
	}
	byKpt, err := kpt.Compute(given)
	if err != nil {
		return nil, err
	}
	byArgo, err := run(script, line, nil)
	if err != nil {
		return nil, err
	}
	return health{Argo: byArgo, Flux: byFlux.Status.String(), Kpt: byKpt.Status.String()}, nil
}

func answer(command, path string, pairs []string) error {
	compute, known := map[string]func(string, []byte, map[string]string) (any, error){"status": status, "action": run}[command]
	if !known {
		return fmt.Errorf("%s is not a command", command)
	}
	script, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	parameters := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		parameters[name] = value
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		found, err := compute(string(script), lines.Bytes(), parameters)
		if err != nil {
			return err
		}
		if err := output.Encode(found); err != nil {
			return err
		}
	}
	return lines.Err()
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: health status|action SCRIPT [PARAMETER=VALUE]... < OBJECTS")
		os.Exit(2)
	}
	if err := answer(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

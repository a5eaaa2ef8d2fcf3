// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Pod-security evaluates Pod templates as Kubernetes does: for each line of standard input, a Pod template as JSON, it
// prints a line of JSON. "forbidden" has what violates the newest version of the profile "baseline" of the Pod Security
// Standards; "error" says why the API server would not decode the template. With the argument "fields" it prints all
// fields of a Pod template.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"
)

const maxLine = 16 << 20

type result struct {
	Error     string   `json:"error,omitempty"`
	Forbidden []string `json:"forbidden,omitempty"`
}

func evaluate(evaluator policy.Evaluator, line []byte) result {
	var template corev1.PodTemplateSpec
	strict, err := kjson.UnmarshalStrict(line, &template)
	if err != nil {
		return result{Error: err.Error()}
	}
	if len(strict) > 0 {
		return result{Error: strict[0].Error()}
	}
	level := api.LevelVersion{Level: api.LevelBaseline, Version: api.LatestVersion()}
	var found result
	for _, check := range evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
		if !check.Allowed {
			found.Forbidden = append(found.Forbidden, check.ForbiddenReason+": "+check.ForbiddenDetail)
		}
	}
	return found
}

func run() error {
	if len(os.Args) > 1 && os.Args[1] == "fields" {
		return json.NewEncoder(os.Stdout).Encode(fields(reflect.TypeFor[corev1.PodTemplateSpec](), nil))
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	output := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		if err := json.NewEncoder(output).Encode(evaluate(evaluator, lines.Bytes())); err != nil {
			return err
		}
		if err := output.Flush(); err != nil {
			return err
		}
	}
	return lines.Err()
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "pod-security:", err)
		os.Exit(1)
	}
}

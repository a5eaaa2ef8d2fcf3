// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"mcp.kubernetes/test-servers/internal/serve"
)

// controlPort is apart from the served one, so that no mode of answering can shut the way back.
const controlPort = "8081"

// serveSwitchable answers well until PUT /mode on the control port names another mode.
func serveSwitchable(address string) error {
	var current atomic.Pointer[http.Handler]
	first := answers["good"].handler()
	current.Store(&first)
	control := http.NewServeMux()
	control.HandleFunc("PUT /mode", func(response http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 64))
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		chosen, known := answers[strings.TrimSpace(string(body))]
		if !known {
			http.Error(response, fmt.Sprintf("unknown mode %q, known:\n%s", body, describeAnswers()), http.StatusBadRequest)
			return
		}
		next := chosen.handler()
		current.Store(&next)
		response.WriteHeader(http.StatusNoContent)
	})
	failed := make(chan error, 2)
	go func() { failed <- serve.UntilSignal(":"+controlPort, control) }()
	go func() {
		failed <- serve.UntilSignal(address, http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
			(*current.Load()).ServeHTTP(response, request)
		}))
	}()
	return <-failed
}

// requestSwitch is the client of it, for "kubectl exec": an image from scratch holds no other program.
func requestSwitch(mode string) error {
	request, err := http.NewRequest(http.MethodPut, "http://127.0.0.1:"+controlPort+"/mode", strings.NewReader(mode))
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
		return fmt.Errorf("%s: %s", response.Status, text)
	}
	return nil
}

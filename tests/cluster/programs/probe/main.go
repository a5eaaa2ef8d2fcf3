// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// probe serves its Pod's name on :8080; or, with arguments, resolves a name, gets a URL or prints a file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func serve() error {
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	fmt.Println("serving as", name)
	return http.ListenAndServe(":8080", http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(response, name)
	}))
}

func resolve(name string) error {
	deadline, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(deadline, name)
	fmt.Println(strings.Join(addresses, " "))
	return err
}

func get(url string) error {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}

func print(path string) error {
	content, err := os.ReadFile(path)
	fmt.Print(string(content))
	return err
}

func run(arguments []string) error {
	actions := map[string]func(string) error{"resolve": resolve, "get": get, "print": print}
	switch {
	case len(arguments) == 0:
		return serve()
	case len(arguments) == 2 && actions[arguments[0]] != nil:
		return actions[arguments[0]](arguments[1])
	default:
		return errors.New("usage: probe [resolve NAME | get URL | print FILE]")
	}
}

func main() {
	log.SetFlags(0)
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

// Command load calls a tool of an MCP server without a session, and prints how long the calls take. As `load serve ADDRESS`, it
// is the server, which costs as little as possible; as `load forward ADDRESS URL`, a proxy that does nothing but forward.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	message = `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"echo","arguments":{"text":"` + `hello` + `"}}}`
	result  = `{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"hello"}],"isError":false}}`
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "serve" {
		serve(os.Args[2])
	}
	if len(os.Args) == 4 && os.Args[1] == "forward" {
		forward(os.Args[2], os.Args[3])
	}
	address := flag.String("url", "", "of the server")
	connections := flag.Int("connections", 1, "at a time")
	rate := flag.Float64("rate", 0, "calls in a second; 0: as many as possible")
	duration := flag.Duration("duration", 5*time.Second, "how long")
	flag.Parse()
	took, failed, lasted := load(*address, *connections, *rate, *duration)
	slices.Sort(took)
	at := func(share float64) float64 {
		if len(took) == 0 {
			return 0
		}
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"calls": len(took), "failed": failed, "per_second": float64(len(took)) / lasted.Seconds(),
		"p50_ms": at(.5), "p95_ms": at(.95), "p99_ms": at(.99),
	})
}

// load calls from several connections, each of which waits for its response, or for its turn.
func load(address string, connections int, rate float64, duration time.Duration) (took []time.Duration, failed int, lasted time.Duration) {
	transport := &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	begun := time.Now()
	var mu sync.Mutex
	var group sync.WaitGroup
	for worker := range connections {
		group.Go(func() {
			var own []time.Duration
			errors := 0
			for number := 0; ; number++ {
				if rate > 0 {
					turn := begun.Add(time.Duration(float64(number*connections+worker) / rate * float64(time.Second)))
					time.Sleep(time.Until(turn))
				}
				start := time.Now()
				if start.Sub(begun) > duration {
					break
				}
				if !call(client, address, number) {
					errors++
					continue
				}
				own = append(own, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			took, failed = append(took, own...), failed+errors
		})
	}
	group.Wait()
	return took, failed, time.Since(begun)
}

func call(client *http.Client, address string, number int) bool {
	request, _ := http.NewRequest(http.MethodPost, address, strings.NewReader(fmt.Sprintf(message, number)))
	request.Header = http.Header{
		"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}, "Mcp-Protocol-Version": {"2025-11-25"},
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return err == nil && response.StatusCode == http.StatusOK && strings.Contains(string(data), fmt.Sprintf(`"id":%d,"result"`, number))
}

func serve(address string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ ID json.RawMessage }
		if json.NewDecoder(r.Body).Decode(&request) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, result, request.ID)
	})))
}

// forward is the least that a proxy of Go's standard library costs.
func forward(address, target string) {
	to, err := url.Parse(target)
	if err != nil {
		panic(err)
	}
	panic(http.ListenAndServe(address, &httputil.ReverseProxy{
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
	}))
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestAQuietStreamEndsWhole(t *testing.T) {
	server := httptest.NewServer(WithDeadlines(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(w)
		_, _ = io.WriteString(w, "data: 1\n\n")
		_ = control.Flush()
		// As after the last event of a stream, a while ago.
		_ = control.SetWriteDeadline(time.Now().Add(-time.Second))
	})))
	defer server.Close()
	response, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); string(text) != "data: 1\n\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

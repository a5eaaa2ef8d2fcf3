// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestALineHasWhatIsKnown(t *testing.T) {
	var out bytes.Buffer
	log := New(&out)
	at := time.Date(2026, 11, 28, 17, 0, 0, 5e6, time.FixedZone("", 3600))
	log.Write(Record{Time: at, Issuer: "https://a.example", Subject: "alice", ClientID: "app", ClientSAN: "spiffe://a/b", Method: "tools/call",
		Tool: "read", Outcome: "ok", Duration: 1500 * time.Microsecond})
	log.Write(Record{Time: at, ClientDN: "CN=a", Method: "ping", Outcome: "ok"})
	want := `{"time":"2026-11-28T16:00:00.005Z","issuer":"https://a.example","subject":"alice","client_id":"app","client_san":"spiffe://a/b",` +
		`"method":"tools/call","tool":"read","outcome":"ok","duration_seconds":0.001500}` + "\n" +
		`{"time":"2026-11-28T16:00:00.005Z","client_dn":"CN=a","method":"ping","outcome":"ok","duration_seconds":0.000000}` + "\n"
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
	var none *Log
	none.Write(Record{})
}

func TestHostileNamesAreEscapedAndCut(t *testing.T) {
	for name, text := range map[string]string{
		"lines":      "a\n{\"subject\":\"admin\"}\r\n",
		"quotes":     `a","subject":"admin`,
		"terminal":   "\x1b[2J\x00\x7f",
		"direction":  "a\u202eb\u2066",
		"invisible":  "a\u200bb\ufeff",
		"other text": "ü\U0001f600",
		"bytes":      "a\xff\xfe",
		"backslash":  `a\`,
	} {
		var out bytes.Buffer
		New(&out).Write(Record{Method: text, Tool: text, Subject: text})
		line := out.String()
		if strings.Count(line, "\n") != 1 || strings.ContainsFunc(line[:len(line)-1], func(char rune) bool { return char < ' ' || char > '~' }) {
			t.Errorf("%s: %q", name, line)
		}
		var fields map[string]any
		if err := json.Unmarshal(out.Bytes(), &fields); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if fields["tool"] != strings.ToValidUTF8(strings.ReplaceAll(text, "\xff\xfe", "\xff\x00\xfe"), "\ufffd") && name != "bytes" {
			t.Errorf("%s: %q", name, fields["tool"])
		}
	}
	var out bytes.Buffer
	New(&out).Write(Record{Tool: strings.Repeat("\u202e", 1<<20)})
	if out.Len() > 4*1024 {
		t.Errorf("%d bytes", out.Len())
	}
}

// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package tlsserver

import (
	"bytes"
	stdlog "log"
	"sync"
	"time"
)

const (
	linesLogged = 20 // in each period
	logPeriod   = time.Minute
)

// ErrorLog returns a logger for http.Server.ErrorLog. Clients cause an error for each failed handshake, so it logs a
// bounded number of lines a minute.
func ErrorLog(log func(format string, values ...any)) *stdlog.Logger {
	return stdlog.New(&limitedLog{log: log, now: time.Now}, "", 0)
}

type limitedLog struct {
	log func(format string, values ...any)
	now func() time.Time

	mu      sync.Mutex
	since   time.Time
	lines   int
	dropped int
}

func (l *limitedLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.now(); now.Sub(l.since) >= logPeriod {
		if l.dropped > 0 {
			l.log("%d more errors of connections were not logged", l.dropped)
		}
		l.since, l.lines, l.dropped = now, 0, 0
	}
	if l.lines++; l.lines > linesLogged {
		l.dropped++
		return len(line), nil
	}
	// The text of some errors contains what the client sent.
	l.log("%q", bytes.TrimSpace(line))
	return len(line), nil
}

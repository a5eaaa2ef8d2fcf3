// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net"
	"sync"
	"testing"
	"time"
)

func TestTheAddressWithTheMostConnectionsLosesItsOldest(t *testing.T) {
	listener := limitConnections(nil, 4)
	now := time.Now()
	connect := func(address string, second int) *connection {
		return &connection{address: address, since: now.Add(time.Duration(second) * time.Second)}
	}
	kubelet, first, second, third := connect("kubelet", 0), connect("attacker", 1), connect("attacker", 2), connect("attacker", 3)
	for _, c := range []*connection{kubelet, first, second, third} {
		if evicted, admitted := listener.admit(c); evicted != nil || !admitted {
			t.Fatal("there was room")
		}
	}
	first.working.Store(true)
	if evicted, admitted := listener.admit(connect("attacker", 4)); evicted != second || !admitted {
		t.Errorf("evicted %v", evicted)
	}
	if evicted, admitted := listener.admit(connect("client", 5)); evicted != third || !admitted {
		t.Errorf("evicted %v", evicted)
	}
	for c := range listener.open {
		c.working.Store(true)
	}
	if evicted, admitted := listener.admit(connect("client", 6)); evicted != nil || admitted {
		t.Error("working connections were closed")
	}
	listener.forget(kubelet)
	if _, admitted := listener.admit(connect("client", 7)); !admitted {
		t.Error("a closed connection was counted")
	}
}

// A pipeListener accepts connections in memory, so that deadlines pass in the time of testing/synctest.
type pipeListener struct {
	accept chan net.Conn
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	c, ok := <-l.accept
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.accept) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	l.accept <- server
	return client
}

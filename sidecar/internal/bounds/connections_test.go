// SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
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

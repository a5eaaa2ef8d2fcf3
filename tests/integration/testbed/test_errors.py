# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The last words of a program."""

from __future__ import annotations

import pytest
from mcp_cluster.errors import tail

pytestmark = pytest.mark.test_all

STACK = """
goroutine 1 [running]:
go.etcd.io/raft/v3.newRaft(0x315d26eeabe0)
\tgo.etcd.io/raft/v3@v3.6.0/raft.go:439 +0xbd4
go.etcd.io/etcd/server/v3/etcdserver.(*bootstrappedRaft).newRaftNode(0x315d2711f380, 0x315d26f65400)
\tgo.etcd.io/etcd/server/v3@v3.6.16/etcdserver/bootstrap.go:541 +0x4e
created by go.etcd.io/etcd/server/v3/storage.OpenBackend in goroutine 1
\tgo.etcd.io/etcd/server/v3@v3.6.16/storage/backend.go:75 +0x1a5
"""


def test_the_last_lines_are_cut_to_their_width() -> None:
    assert tail("a\nb\ncccc\n", lines=2, width=3) == "b\nccc ..."


def test_the_stack_of_a_panic_does_not_hide_the_panic() -> None:
    words = "wal broken\npanic: cannot use none as id"
    assert tail(f"{words}\n{STACK}", lines=2) == words


@pytest.mark.parametrize("log", [STACK, f"panic: a\n{STACK}started again\nended\n", "", "\n\n"])
def test_everything_else_stays(log: str) -> None:
    assert tail(log, lines=50) == "\n".join(log.rstrip().splitlines())

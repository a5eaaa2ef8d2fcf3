# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whether a connection can be used again."""

from __future__ import annotations

import selectors
import socket

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.connection import Connection


def test_a_connection_is_idle_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    # A selector takes five system calls, and each request looks whether its connection is idle.
    monkeypatch.delattr(selectors, "DefaultSelector")
    near, far = socket.socketpair()
    with near, far:
        assert Connection(near).idle
        far.send(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        assert not Connection(near).idle
    near, far = socket.socketpair()
    with near, far:
        far.close()
        assert not Connection(near).idle

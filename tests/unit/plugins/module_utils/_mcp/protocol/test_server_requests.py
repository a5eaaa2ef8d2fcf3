# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The responses to requests of a server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol.server_requests import (
    MAX_ID,
    ServerRequest,
    request_in,
    response_to,
)


def test_ping_gets_an_empty_result() -> None:
    assert json.loads(response_to(ServerRequest("a", "ping"))) == {"jsonrpc": "2.0", "id": "a", "result": {}}


@pytest.mark.parametrize("method", ["roots/list", "sampling/createMessage", "zoo/feed"])
def test_other_methods_are_unknown(method: str) -> None:
    response = json.loads(response_to(ServerRequest(7, method)))

    assert (response["id"], response["error"]["code"]) == (7, -32601)


@pytest.mark.parametrize("identity", [None, True, 1.5, [1], {"a": 1}, "x" * (MAX_ID + 1)])
def test_no_response_to_an_id_that_is_none(identity: Any) -> None:
    assert request_in({"id": identity, "method": "ping"}) is None

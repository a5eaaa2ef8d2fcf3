# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find the use of deprecated features in messages of a server (pure).

The validator declares no capability of a client, so a server that finds out what its clients support sends none of
these. What it sends nevertheless, it relies on.
"""

from __future__ import annotations

import typing as t

from ..issues.issue_log import Note
from . import revisions

if t.TYPE_CHECKING:
    from . import jsonrpc

_ROOTS: t.Final = "DEPRECATED_ROOTS"
_SAMPLING: t.Final = "DEPRECATED_SAMPLING"
_METHODS: t.Final = {
    "roots/list": _ROOTS,
    "sampling/createMessage": _SAMPLING,
    "notifications/message": "DEPRECATED_LOGGING",
}
_CONTEXTS: t.Final = ("thisServer", "allServers")
_CAPABILITIES: t.Final = {"roots": _ROOTS, "sampling": _SAMPLING}
_MAX_REQUESTS: t.Final = 20  # of one result that are looked at


def notes_on_message(method: str, params: t.Any) -> t.Iterator[Note]:
    """Yield a note for each deprecated feature that a request or notification of the server uses."""
    code = _METHODS.get(method)
    if code is None:
        return
    yield Note(code, f"The server sent {method}.")
    if code == _SAMPLING and isinstance(params, dict) and params.get("includeContext") in _CONTEXTS:
        yield Note("DEPRECATED_INCLUDE_CONTEXT", f"The server sent {method} with includeContext.")


def notes_on_response(response: jsonrpc.Response | None) -> t.Iterator[Note]:
    """Yield a note for each deprecated feature that a response of 2026-07-28 requires of the client.

    Source: 2026-07-28, Multi Round-Trip Requests (``inputRequests``), and MissingRequiredClientCapability.
    """
    if response is None:
        return
    error = response.error
    if error is not None and error.code == revisions.MISSING_CLIENT_CAPABILITY:
        required = error.data.get("requiredCapabilities") if isinstance(error.data, dict) else None
        for name, code in _CAPABILITIES.items():
            if isinstance(required, dict) and name in required:
                yield Note(code, f"The server requires the client's capability {name}.")
    result = response.result
    requests = result.get("inputRequests") if isinstance(result, dict) else None
    if not isinstance(requests, dict):
        return
    for request in list(requests.values())[:_MAX_REQUESTS]:
        if isinstance(request, dict) and isinstance(request.get("method"), str):
            yield from notes_on_message(request["method"], request.get("params"))

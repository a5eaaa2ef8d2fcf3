# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A conversation with a server, the same to the checks for all three ways of having one: how each message travels."""

from __future__ import annotations

import re
import types
import typing as t

from ..errors import McpError
from ..issues.issue_log import Note
from . import revisions

if t.TYPE_CHECKING:
    from ..transport.urls import Endpoint
    from .post_transport import PostTransport
    from .reply import Reply

STREAMABLE: t.Final = "streamable-http"
LEGACY_SSE: t.Final = "sse"
NO_HEADERS: t.Final[t.Mapping[str, str]] = types.MappingProxyType({})
_SESSION_ID = re.compile(r"[\x21-\x7e]{1,1024}")
_CLEANUP = 2.0  # seconds that the end of a session may take


class Session(t.Protocol):
    """What the checks need of a conversation."""

    transport: str
    stateless: bool
    endpoint: Endpoint

    @property
    def alive(self) -> bool:
        """Tell whether requests can still be answered."""

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Send a request and return the answer."""

    def notify(self, method: str) -> Reply:
        """Send a notification and return the answer."""

    def close(self) -> list[Note]:
        """End the conversation and return what was wrong with its end."""


class StreamableSession:
    """Streamable HTTP of the revisions with a handshake (2025-03-26 to 2025-11-25)."""

    transport = STREAMABLE
    stateless = False
    alive = True

    def __init__(self, http: PostTransport, opened_by: Reply) -> None:
        self.endpoint = opened_by.endpoint
        self.id = opened_by.headers.get("mcp-session-id")
        self._http = http
        self._headers: dict[str, str] = {}
        self.deleted = False  # the server says that the session ended
        if self.id is not None and self.valid_id:
            self._headers["Mcp-Session-Id"] = self.id

    @property
    def valid_id(self) -> bool:
        """Tell whether the session id is of visible ASCII characters; only such a one is ever sent back."""
        return self.id is None or _SESSION_ID.fullmatch(self.id) is not None

    @property
    def headers(self) -> t.Mapping[str, str]:
        """Return what each request of the session carries."""
        return self._headers

    def negotiated(self, version: str) -> None:
        """Send the negotiated version from now on."""
        self._headers["MCP-Protocol-Version"] = version

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Send a request and return the answer."""
        return self._http.request(self.endpoint, method, params, {**self._headers, **headers})

    def notify(self, method: str) -> Reply:
        """Send a notification and return the answer."""
        return self._http.notify(self.endpoint, method, self._headers)

    def close(self) -> list[Note]:
        """Delete the session, if there is one: servers keep a limited number of them."""
        if "Mcp-Session-Id" not in self._headers:
            return []
        try:
            reply = self._http.send("DELETE", self.endpoint, self._headers, seconds=_CLEANUP)
        except McpError:
            return []  # no answer in time: the server may be busy, and nothing depends on it
        self.deleted = reply.ok
        if reply.ok or reply.status in (404, 405):
            return []
        return [Note("DELETE_REJECTED", f"DELETE of the session was answered with {reply.describe()}.")]


class StatelessSession:
    """Streamable HTTP of 2026-07-28: no session, each request tells everything about itself."""

    transport = STREAMABLE
    stateless = True
    alive = True

    def __init__(self, http: PostTransport, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._http = http

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Send a request and return the answer."""
        body = revisions.stateless_params(self._http.options, params)
        fields = {**revisions.stateless_headers(method, params), **headers}
        return self._http.request(self.endpoint, method, body, fields)

    def notify(self, method: str) -> Reply:
        """Send a notification and return the answer."""
        return self._http.notify(self.endpoint, method, revisions.stateless_headers(method))

    def close(self) -> list[Note]:
        """Do nothing: there is nothing to end."""
        return []

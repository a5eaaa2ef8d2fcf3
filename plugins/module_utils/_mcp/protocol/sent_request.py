# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A request that was sent, and that follows redirects within the origin as the official clients do."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..errors import ProtocolError
from ..issues.issue_log import Note
from ..transport import urls

if t.TYPE_CHECKING:
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange, HttpClient, HttpRequest
    from ..transport.urls import Endpoint

_REDIRECTS: t.Final = (301, 302, 303, 307, 308)
_METHOD_CHANGES: t.Final = (301, 302, 303)  # to which clients do not send a POST again
_MAX_REDIRECTS: t.Final = 5  # as the TypeScript clients follow; the Python clients follow 20


class SentRequest:
    """A request and its exchange. The caller finishes the exchange, or closes this.

    :param begun: the exchange if the request was sent before.
    """

    def __init__(
        self,
        client: HttpClient,
        request: HttpRequest,
        limit: Deadline,
        host_header: str | None,
        begun: Exchange | None = None,
    ) -> None:
        self.request = request
        self.notes: list[Note] = []  # one for each redirect
        self._client = client
        self._limit = limit
        self._host_header = host_header
        self._left = _MAX_REDIRECTS
        self._finished = False
        self.exchange = begun or client.send(request, limit)

    def follow(self) -> bool:
        """Send the request again if the response head is there and redirects; return whether it was sent.

        :raises ProtocolError: the redirect is invalid, leads to another origin, or is one too many.
        """
        head = self.exchange.head
        location = head.headers.get("location") if head is not None and head.status in _REDIRECTS else None
        if head is None or location is None:
            return False
        self.request = self.request._replace(endpoint=self._resolve(location, head.status))
        if not self._left:
            seen = f"More than {_MAX_REDIRECTS} redirects, the last one to {clean(self.request.endpoint)}."
            raise ProtocolError(seen, code="REDIRECT_LOOP")
        self._left -= 1
        self._finished = True
        self.exchange.finish()
        self.exchange = self._client.send(self.request, self._limit)
        self._finished = False
        return True

    def has_response(self) -> bool:
        """Follow redirects, and tell whether the response is there: all of it, or the head of an error."""
        self.follow()
        head = self.exchange.head
        return head is not None and (self.exchange.complete or head.status >= 300)

    def close(self) -> None:
        """Close the connection, unless it was released for reuse."""
        if not self._finished:
            self.exchange.close()

    def _resolve(self, location: str, status: int) -> Endpoint:
        # All clients encode spaces, and each does something else with characters beyond ASCII.
        verb, endpoint = self.request.method, self.request.endpoint
        to = urls.resolve(endpoint, location.replace(" ", "%20"), "REDIRECT", self._host_header)
        code = "REDIRECT_METHOD_CHANGE" if verb == "POST" and status in _METHOD_CHANGES else "REDIRECTED"
        self.notes.append(Note(code, f"{verb} {clean(endpoint.target)} redirects ({status}) to {clean(to.target)}."))
        return to

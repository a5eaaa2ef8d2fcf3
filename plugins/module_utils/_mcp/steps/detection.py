# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Detect the transport of a server. Evidence is a matching result with our request id, or an endpoint event."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import clean, excerpt
from ..auth.challenges import requires_credentials
from ..errors import McpError, ProtocolError, TransportError
from ..protocol import revisions
from ..protocol.session import LEGACY_SSE, STREAMABLE
from ..protocol.sse_session import SseSession
from ..transport.http_client import HttpRequest
from .probe_failure import NO_ROUTE, STARTING, ProbeFailure, classify_reply, speaks_tls

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..transport.deadline import Deadline
    from ..transport.urls import Endpoint

# Tried in this order if no path is given.
STREAMABLE_PATHS: t.Final = ("/mcp", "/", "/mcp/", "/api/mcp", "/v1/mcp")
SSE_PATHS: t.Final = ("/sse", "/", "/mcp/sse", "/api/sse")

_ENDPOINT_TIMEOUT = 5.0  # seconds for the endpoint event at a guessed path
_RESULT_KEYS = ("protocolVersion", "capabilities", "serverInfo")


@dataclasses.dataclass(frozen=True)
class Detected:
    """A detected server, with the reply or the open stream that proves it."""

    transport: str
    stateless: bool
    reply: Reply | None = None
    stream: SseSession | None = None


class Detector:
    """Probes the candidate URLs."""

    def __init__(self, http: PostTransport) -> None:
        self._http = http
        self.failures: list[ProbeFailure] = []
        self._known_path = False  # the path was given

    def run(self, base: Endpoint, path: str | None, transport: str) -> Detected | None:
        """Return the detected server; None if there is none, and then ``failures`` has the reasons.

        :raises TransportError: if the server sends no complete HTTP response.
        """
        self._known_path = path is not None
        posts = STREAMABLE_PATHS if path is None else (path,)
        gets = SSE_PATHS if path is None else (path,)
        steps: list[t.Callable[[], Detected | None]] = [
            lambda: self._try_posts(base, posts),
            lambda: self._try_gets(base, gets),
        ]
        if transport == LEGACY_SSE:
            steps.reverse()
        for step in steps:
            found = step()
            if found is not None or any(failure.final for failure in self.failures):
                return found
        return None

    def _add_failure(self, failure: ProbeFailure) -> None:
        if failure.reply is not None:
            failure.reply.forget_content()
        self.failures.append(failure)

    def most_specific_failure(self) -> ProbeFailure:
        """Return the failure to report."""
        return min(self.failures, key=lambda failure: failure.rank)

    def _try_posts(self, base: Endpoint, paths: t.Sequence[str]) -> Detected | None:
        for path in paths:
            found = self._probe_initialize(base.at(path))
            if found is not None or self.failures[-1].final:
                return found
        return None

    def _try_gets(self, base: Endpoint, paths: t.Sequence[str]) -> Detected | None:
        for path in paths:
            found = self._probe_stream(base.at(path))
            if found is not None or self.failures[-1].final:
                return found
        return None

    def _probe_initialize(self, endpoint: Endpoint) -> Detected | None:
        probe = f"POST {clean(endpoint.target)}"
        try:
            reply = self._http.request(endpoint, "initialize", revisions.initialize_params(self._http.options), {})
        except ProtocolError as exc:
            self._add_failure(ProbeFailure(exc.code, exc.seen, probe, endpoint))
            return None
        if reply.ok and reply.result is not None and any(key in reply.result for key in _RESULT_KEYS):
            return Detected(STREAMABLE, stateless=False, reply=reply)
        refusal = self._refusal(reply, endpoint, probe)
        if refusal is not None:
            self._add_failure(refusal)
            return None
        code, seen = classify_reply(reply)
        if self._may_be_stateless(reply):
            offered, routed = _offered(reply), _is_routed(reply)
            reply.forget_content()
            try:
                found = self._probe_discover(reply.endpoint, offered)
            except TransportError:
                if routed:
                    raise
                found = None  # the reply to initialize says more
            if found is not None or (self.failures and self.failures[-1].code == "UNSUPPORTED_VERSION"):
                return found
        self._add_failure(ProbeFailure(code, seen, probe, endpoint, reply))
        return None

    def _may_be_stateless(self, reply: Reply) -> bool:
        """Return whether a second request may find the stateless revision, to whose servers initialize is unknown.

        There is none for a guessed path without a route, and none to a server that is starting.
        """
        if reply.status in STARTING or speaks_tls(reply):
            return False
        return self._known_path or _is_routed(reply)

    def _refusal(self, reply: Reply, endpoint: Endpoint, probe: str) -> ProbeFailure | None:
        """Return the failure if the server would reject any request in this way."""
        if requires_credentials(reply.status, reply.headers):
            return ProbeFailure("AUTH_REQUIRED", f"{probe} returned HTTP {reply.status}.", probe, endpoint, reply)
        if reply.status == 421 or (reply.status == 403 and self._rejects_host(endpoint, probe)):
            seen = f"{probe} was rejected because of its Host header (HTTP {reply.status}, {excerpt(reply.body)})."
            return ProbeFailure("HOST_REJECTED", seen, probe, endpoint, reply)
        if reply.status == 403:
            seen = f"{probe} returned HTTP 403 without a challenge, and {excerpt(reply.body)}."
            return ProbeFailure("FORBIDDEN", seen, probe, endpoint, reply)
        return None

    def _rejects_host(self, endpoint: Endpoint, probe: str) -> bool:
        """Return whether the same request with Host: localhost passes, as it does with DNS rebinding protection.

        The request is a ping, which opens no session; any reply but a rejection counts.
        """
        if (self._http.host_header or endpoint.origin.host).partition(":")[0] == "localhost":
            return False
        verb = probe.partition(" ")[0]
        headers = {"Host": f"localhost:{endpoint.origin.port}", "Accept": revisions.ACCEPT}
        _id, body = self._http.encode_request("ping", None)
        try:
            reply = self._http.send(HttpRequest(verb, endpoint, headers, body if verb == "POST" else None))
        except McpError:
            return False
        return reply.status not in (401, 403, 421)

    def _probe_discover(self, endpoint: Endpoint, offered: tuple[str, ...]) -> Detected | None:
        """Probe for the stateless revision.

        :param offered: the versions that the error of initialize names.
        """
        probe = f"POST {clean(endpoint.target)} (server/discover)"
        params = revisions.stateless_params(self._http.options, {})
        try:
            reply = self._http.request(
                endpoint, "server/discover", params, revisions.stateless_headers("server/discover")
            )
        except ProtocolError:
            return None
        if reply.result is not None and "supportedVersions" in reply.result:
            return Detected(STREAMABLE, stateless=True, reply=reply)
        offered = _offered(reply) or offered
        if offered:
            known = set(offered) & {*revisions.HANDSHAKE, *revisions.STATELESS}
            why = "but it rejected that" if known else "and the validator supports none of these"
            seen = f"The server supports only {clean(', '.join(offered))}, {why}."
            self._add_failure(ProbeFailure("UNSUPPORTED_VERSION", seen, probe, endpoint, reply))
        elif reply.error is not None and reply.error.code in (
            revisions.HEADER_MISMATCH,
            revisions.MISSING_CLIENT_CAPABILITY,
        ):
            seen = f"{probe} returned {reply.describe()}, although the request had the headers."
            self._add_failure(ProbeFailure("MODERN_HEADERS_LOST", seen, probe, endpoint, reply))
        return None

    def _probe_stream(self, endpoint: Endpoint) -> Detected | None:
        """Open the event stream of HTTP+SSE. One with an endpoint event stays open: some servers allow only one."""
        probe = f"GET {clean(endpoint.target)}"
        seconds = self._http.options.request_timeout
        limit = self._http.deadline.within(seconds if self._known_path else min(_ENDPOINT_TIMEOUT, seconds))
        try:
            exchange, reply = self._http.open_stream(endpoint, {}, limit)
        except ProtocolError as exc:
            self._add_failure(ProbeFailure(exc.code, exc.seen, probe, endpoint))
            return None
        try:
            if reply.ok and reply.headers.media_type == "text/event-stream":
                session = SseSession(self._http, endpoint, exchange, reply)
                if self._has_endpoint(session, probe, limit):
                    return Detected(LEGACY_SSE, stateless=False, stream=session)
            else:
                self._classify_no_stream(reply, endpoint, probe)
        except BaseException:
            exchange.close()
            raise
        exchange.close()
        return None

    def _has_endpoint(self, session: SseSession, probe: str, limit: Deadline) -> bool:
        try:
            if session.wait_endpoint(limit):
                return True
            seen = f"{probe} opened an event stream whose first event is not an endpoint event."
        except ProtocolError as exc:
            self._add_failure(ProbeFailure(exc.code, exc.seen, probe, session.endpoint, transport=LEGACY_SSE))
            return False
        except McpError as exc:
            seen = f"{probe} opened an event stream, but no endpoint event was received: {exc.seen}"
        self._add_failure(ProbeFailure("SSE_ENDPOINT_MISSING", seen, probe, session.endpoint))
        return False

    def _classify_no_stream(self, reply: Reply, endpoint: Endpoint, probe: str) -> None:
        refusal = self._refusal(reply, endpoint, probe)
        if refusal is not None:
            # If the POST did not require credentials, the GET shows that there is an event stream.
            guarded = refusal.code == "AUTH_REQUIRED" and any(
                failure.probe.startswith("POST") for failure in self.failures
            )
            self._add_failure(dataclasses.replace(refusal, transport=LEGACY_SSE if guarded else None))
        elif reply.status == 429 or (reply.status >= 500 and reply.status not in NO_ROUTE):
            code = "TOO_MANY_REQUESTS" if reply.status == 429 else "SERVER_ERROR"
            self._add_failure(ProbeFailure(code, f"{probe} returned {reply.describe()}.", probe, endpoint, reply))
        else:
            self._add_failure(
                ProbeFailure("ENDPOINT_NOT_FOUND", f"{probe} returned {reply.describe()}.", probe, endpoint, reply)
            )


def _is_routed(reply: Reply) -> bool:
    """Return whether a reply shows that the path has a route, and no internal error."""
    return reply.status < 500 and (reply.status not in NO_ROUTE or reply.response is not None)


def _offered(reply: Reply) -> tuple[str, ...]:
    if reply.error is None or reply.error.code != revisions.UNSUPPORTED_VERSION:
        return ()
    return revisions.offered_versions(reply.error.data)

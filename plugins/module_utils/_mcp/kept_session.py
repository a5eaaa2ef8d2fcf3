# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A session that stays open after its validation, for further checks of the server without another session.

For servers that end with their session, see the issue ``ENDS_WITH_SESSION``.
"""

from __future__ import annotations

import dataclasses
import time
import typing as t

from .checks import initialize_checks
from .errors import DeadlineExceeded, McpError, ValidatorBusy
from .steps import session_checks
from .transport.deadline import Deadline

if t.TYPE_CHECKING:
    from .options import Options
    from .protocol.post_transport import PostTransport
    from .protocol.session import Session
    from .protocol.session_state import SessionState
    from .report.report import Report

    MakeReport = t.Callable[[SessionState, Options], Report]


# Seconds. If a server of a single session serves another client, no ping is answered.
_PING_TIMEOUT: t.Final = 2.0
# The problem of a response that belongs to another client of a server with a single session.
_OF_OTHERS: t.Final = "ID_MISMATCH"
# The POST was rejected, or the event stream ended.
_DROPPED: t.Final = "SSE_CONNECTION_FAILED"


class KeptSession:
    """An open session. Not thread-safe. Until :meth:`close` it uses one connection over HTTP+SSE, and none otherwise.

    :param state: what the handshake found out.
    :param report: makes a report of such a state.
    """

    def __init__(self, session: Session, http: PostTransport, state: SessionState, report: MakeReport) -> None:
        self._session = session
        self._http = http
        self._report = report
        self._state = state
        self._closed = False
        http.client.close()

    def check(self, options: Options) -> t.Optional[Report]:
        """Send a ping in the session, run the checks, and return a report; None if the server dropped the session.

        A server that does not answer in time has not dropped the session.

        :param options: of this check. A bearer token replaces the earlier one. Other options of connections are
            ignored.
        """
        if self._closed or not self._session.alive:
            return None
        began = time.monotonic()
        http = self._http
        http.options, http.request_timeout = options, options.request_timeout
        http.deadline = Deadline(options.timeout)
        if options.bearer_token is not None:
            http.client.authorize(options.bearer_token)
        self._session.renew()
        state = _anew(self._state)
        try:
            with http.limited(_PING_TIMEOUT):
                pong = self._session.request("ping", {})
            problem = pong.problem
            if not pong.ok or (problem is not None and problem.code == _DROPPED):
                return None
            if problem is not None and problem.code != _OF_OTHERS:
                state.issues.add_error(problem)
            session_checks.run(self._session, http, state)
        except (DeadlineExceeded, ValidatorBusy) as exc:
            state.issues.add_error(exc)
        except McpError:
            return None
        finally:
            http.free_memory()
            http.client.close()
        initialize_checks.check_required(options.required_capabilities, state)
        return dataclasses.replace(self._report(state, options), duration=round(time.monotonic() - began, 4))

    def close(self) -> None:
        """Close the connections. Nothing is sent, so this does not wait for the server."""
        self._closed = True
        self._session.disconnect()
        self._http.client.close()


def _anew(state: SessionState) -> SessionState:
    """Return what the handshake found out, for other checks."""
    return dataclasses.replace(
        state,
        issues=state.issues.copy(),
        texts=state.texts.anew(),
        listings={},
        not_checked=[],
        offer_collector=state.offer_collector.anew(),
    )

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Timeouts of a validation: the same in the operator, in its Jobs and in the playbooks."""

from __future__ import annotations

import typing as t

from . import stdio

# Seconds for the whole validation, for one request, and for retries while a server is starting: some servers serve
# their routes a moment after their Pod is ready.
WHOLE, _REQUEST, _START = 30.0, 10.0, 10.0
# Added to the start timeout of the stdio bridge, so that its error message arrives before this client gives up.
_BRIDGE_MARGIN = 5.0
# The most that a start may add. A slower server is validated again later, when more of it is cached.
_LONGEST_START = 120.0


class Timeouts(t.NamedTuple):
    """All in seconds.

    :param whole: for the whole validation.
    :param request: for one request and its response.
    :param start: for retries while the server is starting.
    :param light: for the whole of a light probe, which makes a handshake only.
    """

    whole: float = WHOLE
    request: float = _REQUEST
    start: float = _START
    light: float = _REQUEST


def timeouts(server: t.Mapping[str, t.Any], whole: float = WHOLE) -> Timeouts:
    """Return the timeouts for a Pod that is ready.

    Where each session starts a process, the start timeout of the manifest is added.

    :param whole: seconds for the whole validation, without the start of a process.
    """
    found = Timeouts(whole, min(_REQUEST, whole), min(_START, whole / 2))
    if not stdio.starts_for_each(server["spec"]):
        return found
    start = min(stdio.start_timeout(server["spec"]), _LONGEST_START) + _BRIDGE_MARGIN
    return Timeouts(whole + start, max(found.request, start), found.start, max(found.light, start))

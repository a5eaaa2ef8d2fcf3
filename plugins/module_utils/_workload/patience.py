# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How long whoever validates a server waits for it: the same in the operator, in its Jobs and from a laptop."""

from __future__ import annotations

import typing as t

from . import stdio

# Seconds for everything, for one request, and for going on trying a server that is starting: a Pod is ready a moment
# before some servers have mounted their routes.
WHOLE, _REQUEST, _START = 30.0, 10.0, 10.0
# On top of the time in which the bridge itself gives up, so that its word on the cause is heard.
_WORD = 5.0
# A server that starts more slowly than this is asked again later, when more of it is in the caches.
_MOST = 120.0


class Patience(t.NamedTuple):
    """All in seconds.

    :param whole: for everything.
    :param request: for one request and its response.
    :param start: for going on trying a server that is starting.
    :param light: for everything, where only hands are shaken.
    """

    whole: float = WHOLE
    request: float = _REQUEST
    start: float = _START
    light: float = _REQUEST


def patience(server: t.Mapping[str, t.Any], whole: float = WHOLE) -> Patience:
    """Return how long to wait for the server of a Pod that is ready.

    Where a session begins with the start of a process, the time that the manifest gives a start comes on top.

    :param whole: for everything but that.
    """
    found = Patience(whole, min(_REQUEST, whole), min(_START, whole / 2))
    if not stdio.starts_for_each(server["spec"]):
        return found
    start = min(stdio.start_timeout(server["spec"]), _MOST) + _WORD
    return Patience(whole + start, max(found.request, start), found.start, max(found.light, start))

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads what servers offer that are pinned by URL."""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from .._mcp.api import validate_all
from .._mcp.errors import InvalidTarget
from .._mcp.offers.lock import OfferedItems
from .._util import clean
from .._workload.errors import OffersUnknown
from .served_offers import known_entry

if t.TYPE_CHECKING:
    from .._mcp.options import Options, Target
    from .served_offers import Served

_CONCURRENCY: t.Final = 16


class PinnedUrl(t.NamedTuple):
    """A server that is pinned by URL.

    :param name: its name in the lock file.
    """

    name: str
    target: Target
    options: Options


def offers_by_url(servers: t.Sequence[PinnedUrl], *, credentials: str) -> Served:
    """Return what the servers offer, by their names in a lock file.

    :param credentials: what to do if a server requires credentials.
    :raises InvalidTarget: two have the same name.
    """
    names = [server.name for server in servers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidTarget(
            f"Two servers would have the name {clean(twice)} in the lock file.", "Give each target a name of its own."
        )
    items = [OfferedItems() for _server in servers]
    # A pinned server is only listed: a tool is called and expectations are checked by validate.
    jobs = [
        (server.target, dataclasses.replace(server.options, on_item=kept.add, deep=False, tool_call=None, expect=()))
        for server, kept in zip(servers, items)
    ]
    served: Served = {}
    for name, report, kept in zip(names, validate_all(jobs, _CONCURRENCY), items):
        try:
            served[name] = known_entry(clean(name, 300), report.to_dict(), kept, credentials)
        except OffersUnknown as exc:  # noqa: PERF203  # the others are pinned in any case
            served[name] = exc
    return served


def lock_name(label: str, url: str) -> str:
    """Return the name of a server in a lock file: its own, or its URL without the query, which can contain a key."""
    return label or urllib.parse.urlsplit(url)._replace(query="", fragment="").geturl()

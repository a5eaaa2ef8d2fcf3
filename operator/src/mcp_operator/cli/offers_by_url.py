# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What servers offer that ``pin`` has by URL."""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from .._vendor._engine.served_offers import Served, known_entry
from .._vendor._mcp.api import validate_all
from .._vendor._mcp.offers.lock import OfferedItems
from .._vendor._util import clean
from .._vendor._workload.errors import OffersUnknown
from ..errors import ArgumentsInvalid

if t.TYPE_CHECKING:
    from .targets_file import ListedTarget

_CONCURRENCY: t.Final = 16
_CREDENTIALS: t.Final = "Give them, for example with --bearer-token-env, or correct those that are given."


def offers_by_url(listed: t.Sequence[ListedTarget]) -> Served:
    """Return what the servers offer, by their names in a lock file.

    :raises ArgumentsInvalid: two have the same name.
    """
    names = [lock_name(one) for one in listed]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ArgumentsInvalid(
            f"Two servers would have the name {clean(twice)} in the lock file.",
            "Give them names in a file of --targets.",
        )
    items = [OfferedItems() for _one in listed]
    # A pinned server is only listed: a tool is called and expectations are checked by validate.
    jobs = [
        (one.target, dataclasses.replace(one.options, on_item=kept.add, deep=False, tool_call=None, expect=()))
        for one, kept in zip(listed, items, strict=True)
    ]
    served: Served = {}
    for name, report, kept in zip(names, validate_all(jobs, _CONCURRENCY), items, strict=True):
        try:
            served[name] = known_entry(clean(name, 300), report.to_dict(), kept, _CREDENTIALS)
        except OffersUnknown as exc:
            served[name] = exc
    return served


def lock_name(one: ListedTarget) -> str:
    """Return the name of a server in a lock file: its own, or its URL without the query, which can contain a key."""
    return one.label or urllib.parse.urlsplit(one.url)._replace(query="", fragment="").geturl()

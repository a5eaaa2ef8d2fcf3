# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How long what a server lists may be believed, and by whom."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from zoo.fake_server import FakeServer
from zoo.run import HOST, Zoo
from zoo.servers import TOOLS, Stateless, Streamable


def two_pages(params: Any) -> dict[str, Any]:
    if "cursor" in params:
        return {"tools": TOOLS[2:], **Stateless.hints, "ttlMs": 5000}
    return {"tools": TOOLS[:2], "nextCursor": "2", **Stateless.hints, "ttlMs": 90_000}


HOUR = {"resultType": "complete", "ttlMs": 3_600_000, "cacheScope": "public"}


@pytest.mark.parametrize(
    ("keeper", "ttl", "scope"),
    [
        (partial(Stateless, hints=HOUR), 3600.0, "public"),
        (Stateless, 0.0, "private"),
        (partial(Stateless, hints=HOUR, results={"tools/list": two_pages}), 5.0, "private"),
        (partial(Stateless, hints={**HOUR, "ttlMs": 10**400}), 1e9, "public"),
        (Streamable, None, None),
    ],
    ids=["an-hour", "stale", "the-shortest-page", "forever", "before-there-were-hints"],
)
def test_the_shortest_time_and_the_narrowest_scope_count(tmp_path: Path, keeper: Any, ttl: Any, scope: Any) -> None:
    with Zoo([FakeServer("server", keeper)], tmp_path) as zoo:
        report = validate(Target(host=HOST, port=zoo.ports["server"]), Options(timeout=5.0))
    assert (report.compliant, report.ttl, report.cache_scope) == (True, ttl, scope)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that support a revision with a handshake and 2026-07-28: the report has both, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from zoo.fake_server import FakeServer
from zoo.http import Out, Request
from zoo.run import HOST, Zoo
from zoo.servers import LEGACY, LISTS, MODERN, TOOLS, Dual, Stateless, Streamable

HANDSHAKE = LEGACY[-1]
HINTS = dict(Stateless.hints)


def other(**changes: Any) -> Any:
    """Return a server of both revisions whose stateless one gives other results."""
    return lambda: Dual(results=changes)


class Counting(Dual):
    """Counts requests."""

    def __init__(self) -> None:
        super().__init__()
        self.methods: list[str | None] = []

    async def __call__(self, request: Request, out: Out) -> None:
        self.methods.append(request.rpc_method)
        await super().__call__(request, out)


DISCOVERED = {
    "supportedVersions": [HANDSHAKE, MODERN],
    "capabilities": {"tools": {}, "logging": {}},
    "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "zoo", "version": "2.0"}},
    **HINTS,
}
COUNTING = Counting()
SERVERS = {
    "same": Dual,
    "other-version": other(**{"server/discover": DISCOVERED}),
    "other-tools": other(**{"tools/list": {"tools": [TOOLS[0], {**TOOLS[1], "name": "weight"}], **HINTS}}),
    "other-order": other(**{"tools/list": {"tools": TOOLS[::-1], **HINTS}}),
    "counting": lambda: COUNTING,
    "handshake": Streamable,
    "stateless": Stateless,
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    folder: Path = tmp_path_factory.mktemp("zoo")
    with Zoo([FakeServer(name, keeper) for name, keeper in SERVERS.items()], folder) as zoo:
        yield zoo


def visit(zoo: Zoo, name: str, **options: Any) -> Report:
    return validate(Target(url=f"http://{HOST}:{zoo.ports[name]}/mcp"), Options(**options))


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize(
    ("name", "differs"),
    [
        ("same", ()),
        ("other-version", ("server_info", "capabilities", "resources", "resource_templates", "prompts")),
        ("other-tools", ("tools",)),
        ("other-order", ()),
    ],
)
def test_both_revisions_are_reported_with_what_differs(
    zoo: Zoo, name: str, differs: tuple[str, ...], deep: bool
) -> None:
    report = visit(zoo, name, deep=deep)
    assert report.compliant
    negotiated, newer = report.revisions
    assert (negotiated.protocol_version, newer.protocol_version) == (HANDSHAKE, MODERN)
    assert (negotiated.differs, newer.differs) == ((), differs)


def test_the_other_fields_describe_the_negotiated_revision(zoo: Zoo) -> None:
    report = visit(zoo, "other-version")
    assert report.protocol_version == HANDSHAKE
    assert report.server_info == {"name": "zoo", "version": "1.0"}
    assert report.revisions[0].server_info == report.server_info
    assert report.revisions[0].tools == report.tools
    newer = report.revisions[1]
    assert newer.server_info == {"name": "zoo", "version": "2.0"}
    assert newer.capabilities == ("tools", "logging")
    assert newer.prompts is None


@pytest.mark.parametrize(("name", "version"), [("handshake", HANDSHAKE), ("stateless", MODERN)])
def test_a_server_of_one_revision_has_one(zoo: Zoo, name: str, version: str) -> None:
    assert [revision.protocol_version for revision in visit(zoo, name).revisions] == [version]


def test_a_light_validation_sends_no_request_to_the_other_revision(zoo: Zoo) -> None:
    report = visit(zoo, "counting", light=True)
    assert [revision.protocol_version for revision in report.revisions] == [HANDSHAKE]
    assert "server/discover" not in COUNTING.methods
    COUNTING.methods.clear()
    visit(zoo, "counting")
    assert COUNTING.methods.count("server/discover") == 1
    assert set(LISTS) <= set(COUNTING.methods)

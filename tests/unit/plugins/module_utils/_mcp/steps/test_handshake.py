# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A validation sends few requests, on few connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from zoo.fake_server import FakeServer
from zoo.fake_servers.refusals import OddGet, StreamingGet
from zoo.http import Out, Request
from zoo.run import HOST, Zoo
from zoo.servers import Streamable

BEGIN = ["initialize", "notifications/initialized"]
LISTS = ["tools/list", "tools/list", "resources/list", "resources/templates/list", "prompts/list"]
END = ["DELETE", "server/discover"]


class LateGet(Streamable):
    """Answers GET with a stream after a while."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET":
            await asyncio.sleep(0.3)
            await out.open_stream()
            await out.hang()
        else:
            await super().answer(request, out)


class SlowPage(Streamable):
    """Answers GET with a page that does not end."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET":
            await out.head(200, {"Content-Type": "text/html", "Content-Length": "10"})
            await out.hang()
        else:
            await super().answer(request, out)


Visit = Callable[..., tuple[Report, list[str], int]]


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    """Return a function that validates a server, and returns the report, the requests, and how many connections."""

    def do(server: Streamable, options: Options) -> tuple[Report, list[str], int]:
        seen: list[tuple[str, int]] = []

        async def handler(request: Request, out: Out) -> None:
            seen.append((request.rpc_method or request.method, request.connection))
            await server(request, out)

        with Zoo([FakeServer("it", lambda: handler)], tmp_path) as zoo:
            report = validate(Target(url=f"http://{HOST}:{zoo.ports['it']}/mcp"), options)
        return report, [name for name, _connection in seen], len({connection for _name, connection in seen})

    return do


@pytest.mark.parametrize(
    ("server", "connections"), [(Streamable, 1), (OddGet, 1), (StreamingGet, 2), (LateGet, 2), (SlowPage, 2)]
)
def test_a_session_is_one_get_more(visit: Visit, server: type[Streamable], connections: int) -> None:
    report, requests, used = visit(server(), Options())
    assert report.compliant
    assert report.issues == ()
    assert requests == [*BEGIN, "GET", "ping", *LISTS, *END]
    assert used == connections


@pytest.mark.parametrize("server", [Streamable, StreamingGet])
def test_without_a_session_there_is_no_get(visit: Visit, server: type[Streamable]) -> None:
    report, requests, used = visit(server(session=None), Options())
    assert report.compliant
    assert requests == [*BEGIN, "ping", *LISTS, "server/discover"]
    assert used == 1


@pytest.mark.parametrize("server", [Streamable, StreamingGet])
def test_a_light_validation_sends_no_get(visit: Visit, server: type[Streamable]) -> None:
    report, requests, used = visit(server(), Options(light=True))
    assert report.compliant
    assert requests == [*BEGIN, "ping", "DELETE"]
    assert used == 1


@pytest.mark.parametrize(
    ("server", "issues"), [(Streamable, set()), (OddGet, {"GET_UNEXPECTED"}), (StreamingGet, set())]
)
def test_deep_sends_no_other_get(visit: Visit, server: type[Streamable], issues: set[str]) -> None:
    report, requests, _used = visit(server(), Options(deep=True))
    assert {issue.code for issue in report.issues} == issues
    assert requests.count("GET") == 1

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Redirects of messages over HTTP+SSE, which all official clients follow within the origin."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Target, validate
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Report
from zoo.fake_server import FakeServer
from zoo.fake_servers.sse import MovedPosts
from zoo.http import Out, Request
from zoo.run import HOST, Zoo

Visit = Callable[[MovedPosts], tuple[Report, list[str], int]]


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    """Return a function that validates a server, and returns the report, the requests, and how many connections."""

    def do(server: MovedPosts) -> tuple[Report, list[str], int]:
        seen: list[str] = []
        dialled: list[tuple[str, int]] = []

        async def handler(request: Request, out: Out) -> None:
            seen.append(f"{request.method} {request.path} {request.rpc_method}")
            await server(request, out)

        def dial(host: str, port: int, seconds: float) -> socket.socket:
            dialled.append((host, port))
            return socket.create_connection((host, port), seconds)

        with Zoo([FakeServer("it", lambda: handler)], tmp_path) as zoo:
            report = validate(Target(url=f"http://{HOST}:{zoo.ports['it']}/sse"), dial=dial)
            assert set(dialled) == {(HOST, zoo.ports["it"])}
        return report, seen, len(dialled)

    return do


def test_each_message_follows_the_redirect(visit: Visit) -> None:
    report, seen, connections = visit(MovedPosts())
    assert report.compliant
    assert report.tools is not None
    assert report.tools.count == 3
    assert [issue.message for issue in report.issues if issue.code == "REDIRECTED"] == [
        "POST /messages?session_id=1 redirects (307) to /messages/?session_id=1."
    ]
    posts = [one.split(" ", 1)[1] for one in seen if one.startswith("POST /messages")]
    assert [one.replace("/messages ", "/messages/ ") for one in posts[::2]] == posts[1::2]
    assert connections == 4, "two probes that are refused, the stream, and one for all messages"


@pytest.mark.parametrize(
    ("moved_to", "code"),
    [
        ("http://127.0.0.1:1/messages", "REDIRECT_CROSS_ORIGIN"),
        ("//evil.invalid/messages", "REDIRECT_CROSS_ORIGIN"),
        ("/messages", "REDIRECT_LOOP"),
    ],
)
def test_a_redirect_never_leaves_the_origin_nor_goes_on_without_end(visit: Visit, moved_to: str, code: str) -> None:
    report, seen, _connections = visit(MovedPosts(moved_to=moved_to))
    assert not report.compliant
    assert code in {issue.code for issue in report.issues}
    assert len([one for one in seen if "/messages" in one]) <= 6

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A failed request is no evidence that a server ends with its session, if it serves another one."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from zoo.fake_server import FakeServer
from zoo.http import Out, Request
from zoo.run import HOST, Zoo
from zoo.servers import Streamable

METHODS: list[str] = []


class FailsDiscover(Streamable):
    """Fails requests for a method that it does not know, and nothing else."""

    async def answer(self, request: Request, out: Out) -> None:
        METHODS.append(request.rpc_method or request.method)
        if request.rpc_method == "server/discover":
            await out.send(500, "Internal Server Error", "text/plain")
        else:
            await super().answer(request, out)


def test_a_server_that_only_fails_server_discover_serves_another_session(tmp_path: Path) -> None:
    with Zoo([FakeServer("fails-discover", FailsDiscover)], tmp_path) as zoo:
        report = validate(Target(url=f"http://{HOST}:{zoo.ports['fails-discover']}/mcp"), Options())
    assert report.compliant
    assert [issue.code for issue in report.issues] == ["DISCOVER_NOT_REFUSED"]
    assert METHODS[-4:] == ["DELETE", "server/discover", "initialize", "DELETE"], "the other session is ended, too"

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The second request to a path without a route changes nothing if it gets no response."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from zoo.fake_server import FakeServer
from zoo.http import Out, Request
from zoo.run import HOST, Zoo


async def not_found_once(request: Request, out: Out) -> None:
    if request.rpc_method == "server/discover":
        await out.hang()
    await out.send(404, "no", "text/plain")


def test_the_reply_to_initialize_counts(tmp_path: Path) -> None:
    with Zoo([FakeServer("silent", lambda: not_found_once)], tmp_path) as zoo:
        target = Target(url=f"http://{HOST}:{zoo.ports['silent']}/mcp")
        report = validate(target, Options(timeout=5.0, request_timeout=0.5))
    assert [issue.code for issue in report.issues] == ["ENDPOINT_NOT_FOUND", "TRANSPORT_DETECTION_FAILED"]

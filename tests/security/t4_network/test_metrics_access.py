# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A neighbor reads the metrics of an operator that requires a token, or makes its certificate server busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from mcp_operator.process.access_review import AccessReviewer
from mcp_operator.process.certificate import SelfSigned
from mcp_operator.process.http_server import TLS_LIMITS, HttpServer, Request, Response
from mcp_operator.settings.operator_settings import ListenAddress

from support.clock import eventually
from support.http import get

# Seconds that a busy machine may need.
PATIENCE = 60.0


class Api:
    """An API server that knows two users, of whom one may get the metrics."""

    def request(self, _method: str, _path: str, *, what: str, body: Any = None, retry: bool = True) -> Any:
        assert what
        assert not retry
        spec = body["spec"]
        if body["kind"] == "TokenReview":
            user = {"of-prometheus": "prometheus", "of-neighbor": "neighbor"}.get(spec["token"])
            return {"status": {"authenticated": user is not None, "user": {"username": user}}}
        return {"status": {"allowed": spec["user"] == "prometheus"}}


def metrics(_request: Request) -> Response:
    return Response(HTTPStatus.OK, b"metrics\n")


@pytest.fixture
def server() -> Iterator[HttpServer]:
    page = AccessReviewer(Api()).protect(metrics)
    made = HttpServer(ListenAddress("127.0.0.1", 0), {"/metrics": page}, tls=SelfSigned().context, limits=TLS_LIMITS)
    yield made
    made.close()


def test_only_a_token_with_the_permission_reads_metrics(server: HttpServer) -> None:
    url = f"https://127.0.0.1:{server.port}/metrics"
    assert get(url) == (401, "unauthorized\n")
    assert get(url, token="of-neighbor") == (403, "forbidden: neighbor has no permission to get /metrics\n")
    assert get(url.replace("https", "http"), token="of-prometheus")[0] == 0
    assert get(url, token="of-prometheus") == (200, "metrics\n")
    assert get(url, token="forged")[0] == 401
    # The decision about a token that was accepted outlasts forged tokens from the same address.
    assert get(url, token="of-prometheus") == (200, "metrics\n")


@pytest.mark.parametrize("begun", ["", "GET /metrics HTTP/1.1"], ids=["no handshake", "no TLS"])
def test_connections_without_a_handshake_do_not_stop_scrapes(
    server: HttpServer, flood: Callable[..., None], begun: str
) -> None:
    flood(server.port, begun=begun)
    url = f"https://127.0.0.1:{server.port}/metrics"
    eventually(lambda: get(url, token="of-prometheus") == (200, "metrics\n"), PATIENCE)

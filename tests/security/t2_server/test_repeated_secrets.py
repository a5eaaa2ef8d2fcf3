# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server that repeats the credentials that it was sent cannot bring them into a report."""

from __future__ import annotations

import base64
import json
import urllib.parse

import pytest
from mcp_operator._vendor._mcp.formats.formats import FORMATS, ServerReport
from zoo.run import HOST
from zoo.servers import Fault, Streamable

TOKEN = 'eyJhbGciOi/"+secret\\token-of-the-client=='
KEY = "k3y-0f-the-client/with+signs"
ENCODINGS = {
    "plain": str,
    "json": lambda secret: json.dumps(secret)[1:-1],
    "url": urllib.parse.quote,
    "form": urllib.parse.quote_plus,
    "cut": lambda secret: secret[: len(secret) // 2],
}
PLACES = ("name", "tool", "error", "body", "status")


def repeating(place, encode):
    """Make a server that returns what it was sent at one place of its responses."""

    class Repeating(Streamable):
        async def __call__(self, request, out):
            given = [request.headers.get("authorization", ""), request.headers.get("x-api-key", "")]
            said = " ".join(encode(value.removeprefix("Bearer ")) for value in given)
            if place in ("body", "status"):
                await out.send(200 if place == "body" else 500, said, "text/plain")
                return
            if place == "name":
                self.initialize_result = {"serverInfo": {"name": said, "version": said}}
            elif place == "tool":
                self.results = {"tools/list": {"tools": [{"name": said, "inputSchema": {"type": "object"}}]}}
            else:
                self.results = {"initialize": Fault(400, -32600, said, said)}
            await super().__call__(request, out)

    return Repeating


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_report_has_a_secret_that_the_server_repeats(visit, place, encoding):
    found = visit(repeating(place, ENCODINGS[encoding]), bearer_token=TOKEN, headers={"X-API-Key": KEY})
    shown = [ServerReport(f"http://{HOST}:{found.port}", found.report)]
    for format_, write in {"dictionary": lambda one: json.dumps(one[0].report.to_dict()), **FORMATS}.items():
        text = write(shown)
        # SARIF has the issues only: what a server calls itself is not in it.
        assert "********" in text or (format_ == "sarif" and place == "name")
        for secret in (TOKEN, KEY):
            forms = {encode(secret) for encode in ENCODINGS.values()}
            assert not [form for form in forms if form in text], (place, encoding)


def test_options_do_not_show_their_secrets():
    from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import ClientCredentials, Options

    client = ClientCredentials("client", KEY, token_url="https://auth.example.com/token")
    shown = repr(Options(bearer_token=TOKEN, headers={"X-API-Key": KEY}, client_credentials=client))
    assert TOKEN not in shown
    assert KEY not in shown
    assert base64.b64encode(KEY.encode()).decode() not in shown

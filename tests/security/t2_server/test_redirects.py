# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server cannot make the validator connect to another address, such as the metadata service of a cloud."""

from __future__ import annotations

from functools import partial

import pytest
from zoo.fake_servers.answers import always
from zoo.fake_servers.auth import Guarded
from zoo.run import HOST
from zoo.servers import LegacySse

METADATA_SERVICE = "http://169.254.169.254/latest/meta-data/"
ELSEWHERE = [
    METADATA_SERVICE,
    "http://127.0.0.1:1/",
    "https://127.0.0.1:6443/api/v1/secrets",
    "//169.254.169.254/",
    "http://kubernetes.default.svc/api",
    "http://127.0.0.1@169.254.169.254/",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:1/",
    "\\\\169.254.169.254\\x",
]
TOKEN = "t0ken-of-the-client"


def assert_stays(network, visit):
    assert set(network.connected) == {(HOST, visit.port)}
    assert set(network.resolved) <= {HOST}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_to_another_address(visit, network, status):
    assert_stays(network, visit(always(status, Location=METADATA_SERVICE), light=True))


@pytest.mark.parametrize("location", ELSEWHERE)
def test_no_location_is_followed_to_another_address(visit, network, location):
    assert_stays(network, visit(always(307, Location=location), light=True))


@pytest.mark.parametrize("location", ELSEWHERE)
def test_the_endpoint_of_an_event_stream_is_not_followed_to_another_address(visit, network, location):
    found = visit(partial(LegacySse, endpoint=location), target={"transport": "sse", "path": "/sse"})
    assert_stays(network, found)
    assert found.report.compliant is False


@pytest.mark.parametrize("location", ELSEWHERE)
def test_resource_metadata_is_not_read_from_another_address(visit, network, location):
    challenge = f'Bearer resource_metadata="{location}"'
    assert_stays(network, visit(partial(Guarded, challenge=challenge), bearer_token=TOKEN))


def test_no_authorization_server_that_the_server_names_is_contacted(visit, network):
    metadata = {"resource": "{base}/mcp", "authorization_servers": [METADATA_SERVICE, "http://127.0.0.1:1"]}
    found = visit(partial(Guarded, metadata=metadata), bearer_token=TOKEN)
    assert_stays(network, found)
    assert found.report.auth.authorization_servers == (METADATA_SERVICE, "http://127.0.0.1:1")


def test_the_token_is_not_sent_with_the_request_for_metadata(visit):
    sent = []

    class Recording(Guarded):
        async def __call__(self, request, out):
            sent.append((request.path, request.headers.get("authorization")))
            await super().__call__(request, out)

    visit(Recording, bearer_token=TOKEN)
    assert {given for path, given in sent if path.startswith("/.well-known")} == {None}
    assert f"Bearer {TOKEN}" in {given for _path, given in sent}

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is read from a URL is bounded in time and size."""

from __future__ import annotations

import socket
import threading

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.registry_client import read_url, server_url
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import RegistryUnreadable


@pytest.fixture
def answer():
    """Answer one request with bytes, and then keep the connection open until the test ends."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(data):
            def accept():
                connection, _peer = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(data)
                    ended.wait(30)

            threading.Thread(target=accept, daemon=True).start()
            return f"http://127.0.0.1:{listener.getsockname()[1]}/"

        yield serve
        ended.set()


def test_the_body_is_returned(answer):
    assert read_url(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) == b"{}"


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}"])
def test_a_response_that_does_not_end_is_given_up(answer, data):
    with pytest.raises(RegistryUnreadable, match=r"did not end within 0\.2 s"):
        read_url(answer(data), deadline=0.2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_048_577, "more than 1048576 bytes"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "answers 204"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n", "answers 302"),
        (b"not HTTP\r\n\r\n", "cannot be read"),
    ],
)
def test_responses_that_are_rejected(answer, data, message):
    with pytest.raises(RegistryUnreadable, match=message):
        read_url(answer(data))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://h/",
            "http://",
            "https://user:secret@h/",
            "http://h/\nX: y",
            "http://[",
            "https://h/a b",
        ),
    ],
)
def test_what_is_no_url_of_a_registry(url):
    with pytest.raises(RegistryUnreadable, match="not an HTTP or HTTPS URL without credentials") as caught:
        read_url(url)
    assert "secret" not in str(caught.value)


def test_names_and_versions_are_quoted():
    assert server_url("https://r/", "a/../b?c", "1/2") == "https://r/v0.1/servers/a%2F..%2Fb%3Fc/versions/1%2F2"

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import InvalidTarget, ProtocolError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.option_checks import check_arguments
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import Options, Target
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport import urls
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.urls import Endpoint, Origin
from hypothesis import given
from hypothesis import strategies as st

BASE = Endpoint(Origin("http", "h", 8080), "/api/sse?x=1")


@pytest.mark.parametrize(
    ("target", "endpoint", "path"),
    [
        (Target(url="http://H:8080/mcp"), "http://h:8080/mcp", "/mcp"),
        (Target(url="https://h/mcp?a=b"), "https://h/mcp?a=b", "/mcp?a=b"),
        (Target(url="http://h"), "http://h/", None),
        (Target(url="http://h/"), "http://h/", "/"),
        (Target(url="http://[::1]:80/mcp"), "http://[::1]/mcp", "/mcp"),
        (Target(host="h", port=8080), "http://h:8080/", None),
        (Target(host="::1", port=8080, path="mcp"), "http://[::1]:8080/mcp", "/mcp"),
        (Target(host="[fe80::1]", scheme="https"), "https://[fe80::1]/", None),
    ],
)
def test_targets(target: Target, endpoint: str, path: str | None) -> None:
    found, found_path = check_arguments(target, Options())
    assert (str(found), found_path) == (endpoint, path)


@pytest.mark.parametrize(
    "target",
    [
        Target(),
        Target(url="ftp://h/"),
        Target(url="h:8080"),
        Target(url="http:///mcp"),
        Target(url="http://h:0/"),
        Target(url="http://h:99999/"),
        Target(url="http://h:x/"),
        Target(url="http://user:pw@h/"),
        Target(url="http://h/a b"),
        Target(url="http://h/\r\nX: y"),
        Target(url="http://h\\@evil/"),
        Target(url="http://h/é"),
        Target(url="http://[::1/"),
        Target(url="http://h/", host="h"),
        Target(host="h", port=70000),
        Target(host="h h"),
        Target(host="h/x"),
        Target(host="h", path="/a\nb"),
        Target(host="h", scheme="ws"),
        Target(host="h", transport="stdio"),
        Target(host="h", host_header="a\r\nb"),
        Target(host="h", host_header="a/b"),
    ],
)
def test_invalid_targets(target: Target) -> None:
    with pytest.raises(InvalidTarget) as caught:
        check_arguments(target, Options())
    assert caught.value.code == "INVALID_TARGET"
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "options",
    [
        Options(timeout=0),
        Options(request_timeout=-1),
        Options(start_timeout=-0.1),
        Options(timeout=float("nan")),
        Options(timeout=float("inf")),
        Options(headers={"X Y": "z"}),
        Options(headers={"X": "a\r\nb"}),
        Options(headers={"X": "\u20ac"}),
        Options(headers={"host": "h"}),
        Options(headers={"Content-Length": "1"}),
        Options(headers={"mcp-session-id": "1"}),
        Options(bearer_token="a b"),
        Options(bearer_token="token\n"),
        Options(bearer_token="t", headers={"authorization": "x"}),
        Options(client_name="a\nb"),
    ],
)
def test_invalid_options(options: Options) -> None:
    with pytest.raises(InvalidTarget) as caught:
        check_arguments(Target(host="h"), options)
    assert "a\r\nb" not in str(caught.value)


def test_errors_do_not_show_secrets() -> None:
    with pytest.raises(InvalidTarget) as caught:
        check_arguments(Target(host="h"), Options(bearer_token="s3cr3t\n"))
    assert "s3cr3t" not in str(caught.value) + repr(Options(bearer_token="s3cr3t"))


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("/messages?s=1", "/messages?s=1"),
        ("messages", "/api/messages"),
        ("../m", "/m"),
        ("?s=1", "/api/sse?s=1"),
        ("", "/api/sse?x=1"),
        ("#part", "/api/sse?x=1"),
        ("http://H:8080/m#part", "/m"),
        ("//h:8080/m", "/m"),
        ("http://front.example.com/m", "/m"),
        ("http://front.example.com:80", "/"),
    ],
)
def test_references_within_the_origin(reference: str, target: str) -> None:
    assert urls.resolve(BASE, reference, "SSE_ENDPOINT", "front.example.com") == BASE.at(target)


@pytest.mark.parametrize(
    "reference", ["http://h/m", "https://h:8080/m", "//evil/m", "http://h:8081/", "http://h.evil:8080/"]
)
def test_references_to_other_origins(reference: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        urls.resolve(BASE, reference, "REDIRECT")
    assert caught.value.code == "REDIRECT_CROSS_ORIGIN"


@pytest.mark.parametrize(
    "reference", ["javascript:x", "http://h:1\\@h:8080/", "/a b", "/\n", "http://u@h:8080/", "http://h:x/", "http://[/"]
)
def test_invalid_references(reference: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        urls.resolve(BASE, reference, "REDIRECT")
    assert caught.value.code == "REDIRECT_INVALID"


@given(st.text(max_size=40) | st.text("htp:/\\@?#[]%.8080h", max_size=30), st.sampled_from([None, "other", "other:81"]))
def test_no_reference_leaves_the_origin(reference: str, host_header: str | None) -> None:
    with contextlib.suppress(ProtocolError):
        endpoint = urls.resolve(BASE, reference, "REDIRECT", host_header)
        assert endpoint.origin == BASE.origin
        assert endpoint.target.startswith("/")
        assert endpoint.target.isascii()
        assert endpoint.target.isprintable()
        assert " " not in endpoint.target


@given(st.text(max_size=40) | st.text("htp:/\\@?#[]%.80", max_size=30))
def test_any_url_raises_only_our_errors(url: str) -> None:
    with contextlib.suppress(InvalidTarget):
        check_arguments(Target(url=url), Options())

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.auth.challenges import (
    Challenge,
    parse_all_challenges,
    parse_challenges,
    requires_credentials,
    summarize_challenges,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import ProtocolError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.http1 import Headers
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text("abcXYZ019!#$%&'*+.^_`|~-", min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="latin-1", exclude_categories=("Cc",)), max_size=12)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def written(draw: st.DrawFn) -> tuple[str, tuple[Challenge, ...]]:
    """Draw challenges and the header that encodes them."""
    challenges = []
    parts = []
    for _number in range(draw(st.integers(1, 3))):
        scheme = draw(NAMES)
        params = {name.lower(): value for name, value in draw(st.dictionaries(NAMES, TEXTS, max_size=3)).items()}
        challenges.append(Challenge(scheme, params))
        parts.append(scheme + (" " if params else "") + ", ".join(f"{name}={quoted(params[name])}" for name in params))
    return draw(st.sampled_from([", ", ",", " ,, "])).join(parts), tuple(challenges)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Bearer", [Challenge("Bearer", {})]),
        ("Negotiate", [Challenge("Negotiate", {})]),
        ("Negotiate YII+/=", [Challenge("Negotiate", {}, "YII+/=")]),
        ('Basic realm="zoo"', [Challenge("Basic", {"realm": "zoo"})]),
        ("Bearer error=invalid_token", [Challenge("Bearer", {"error": "invalid_token"})]),
        (
            'Basic realm="a, b=c", Bearer scope="x y"',
            [Challenge("Basic", {"realm": "a, b=c"}), Challenge("Bearer", {"scope": "x y"})],
        ),
        ('Digest realm="q\\"uote", NONCE = "1" ,', [Challenge("Digest", {"realm": 'q"uote', "nonce": "1"})]),
        (", ,Basic", [Challenge("Basic", {})]),
        ("Basic, Bearer", [Challenge("Basic", {}), Challenge("Bearer", {})]),
        ("Bearer a=1, a=2", [Challenge("Bearer", {"a": "1"})]),
    ],
)
def test_challenges(value: str, expected: list[Challenge]) -> None:
    assert list(parse_challenges(value)) == expected


@pytest.mark.parametrize(
    "value", ["", " ", ",", '"Bearer"', 'Bearer realm="open', "Bearer realm=a b=c", "Bearer =x", "B" * 20_000]
)
def test_invalid_challenges(value: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        parse_challenges(value)
    assert caught.value.code == "WWW_AUTHENTICATE_INVALID"


@given(written())
def test_encoded_challenges_are_parsed(pair: tuple[str, tuple[Challenge, ...]]) -> None:
    assert parse_challenges(pair[0]) == pair[1]


@given(st.text(st.characters(codec="latin-1"), max_size=60) | st.text('Bearer ="\\,ax', max_size=40))
def test_any_text_raises_only_protocol_errors(value: str) -> None:
    challenges, problems = parse_all_challenges(Headers([("WWW-Authenticate", value)]))
    assert bool(challenges) != bool(problems)
    assert (summarize_challenges(challenges).scheme is None) == (not challenges)


@pytest.mark.parametrize(
    ("status", "challenge", "wanted"),
    [
        (401, None, True),
        (401, "Basic", True),
        (403, "Bearer", True),
        (403, None, False),
        (407, None, True),
        (400, "Bearer", False),
    ],
)
def test_status_and_challenge_show_that_credentials_are_required(
    status: int, challenge: str | None, wanted: bool
) -> None:
    headers = Headers([("www-authenticate", challenge)] if challenge else [])
    assert requires_credentials(status, headers) is wanted


def test_a_bearer_challenge_is_preferred() -> None:
    headers = Headers([("WWW-Authenticate", "Basic"), ("WWW-Authenticate", 'bearer realm="\x1b[2Jx"')])
    challenges, _problems = parse_all_challenges(headers)
    auth = summarize_challenges(challenges)
    assert (auth.scheme, auth.realm) == ("bearer", "[2Jx")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A report has no secrets, in whatever encoding a server repeats them."""

from __future__ import annotations

import json
import urllib.parse

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.options import ClientCredentials, Options
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.masking import (
    MASK,
    mask_values,
    secrets_in_options,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.report.report import Issue, Report
from hypothesis import assume, given
from hypothesis import strategies as st

SECRET = 's3cret/with "signs" & more'


def test_secrets_of_the_options() -> None:
    credentials = ClientCredentials("the client", "the client's secret", issuer="https://auth.example.com")
    secrets = secrets_in_options(
        Options(bearer_token="a-token", headers={"X-Key": "a key", "X-Short": "abc"}, client_credentials=credentials)
    )
    assert {"a-token", "a key", "the client's secret"} <= secrets
    assert not {"abc", "the client"} & secrets


def test_the_scheme_of_a_header_is_not_secret() -> None:
    secrets = secrets_in_options(Options(headers={"Authorization": "Bearer abcdefgh"}))
    assert mask_values("Bearer realm=abcdefgh", secrets) == f"Bearer realm={MASK}"


def test_all_strings_of_a_report_are_masked() -> None:
    issue = Issue("NOT_MCP", "error", f"The body is {SECRET}!", "spec", "action")
    report = Report(endpoint=f"http://h/{SECRET}", server_info={"name": SECRET}, issues=(issue,))
    masked = mask_values(report, secrets_in_options(Options(headers={"X-Key": SECRET})))
    assert masked.endpoint == f"http://h/{MASK}"
    assert masked.server_info == {"name": MASK}
    assert masked.issues[0].message == f"The body is {MASK}!"


@pytest.mark.parametrize(
    "repeated",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET).replace("/", r"\/"),
        urllib.parse.quote(SECRET),
        urllib.parse.urlencode({"secret": SECRET}),
    ],
)
def test_secrets_are_masked_in_all_encodings(repeated: str) -> None:
    masked = mask_values(f"You sent {repeated}.", secrets_in_options(Options(headers={"X-Key": SECRET})))
    assert MASK in masked
    assert "s3cret" not in masked
    assert "more" not in masked


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=9, max_size=60), st.data())
def test_a_truncated_secret_is_masked(secret: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(8, len(secret)))
    around = data.draw(st.text(st.characters(categories=["P"]), max_size=5))
    assume(secret[:8] not in around)
    masked = mask_values(f"{around}{secret[:length]}", secrets_in_options(Options(bearer_token=secret)))
    assert masked == f"{around}{MASK}"


@given(st.text(max_size=200), st.text(min_size=4, max_size=40))
def test_masked_text_has_no_secret(text: str, secret: str) -> None:
    assume(secret not in MASK * 3)
    masked = mask_values(f"{text}{secret}{text}", secrets_in_options(Options(headers={"X-Key": secret})))
    assert secret not in masked.replace(MASK, "\0")

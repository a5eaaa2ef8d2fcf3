# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Helm accepts what the catalogue accepts: with anything else, its container would end again and again."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from mcp_operator.cli.export import publication_of
from mcp_operator.errors import ArgumentsInvalid

CHART = Path(__file__).resolve().parents[3] / "operator" / "chart"
SCHEMA = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
LABEL = "a" * 63
DOMAINS = {
    True: ["a", "0", "cluster.local", "a-b.c", "a--b.c", LABEL, f"{LABEL}.{'b' * 8}", "xn--bcher-kva.example"],
    False: [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a-.b",
        "a.-b",
        "-a",
        "a-",
        f"{LABEL}a",
        f"b.{LABEL}a",
        f"{LABEL}.{'b' * 9}",
        "Example.com",
        "a_b.c",
        "a b",
        "bücher.example",
    ],
}
URLS = {
    True: [
        "",
        "http://a",
        "https://a.example",
        "https://a.example:8443/mcp",
        "https://a/",
        "https://a?b",
        "https://a#b",
        "https://a/b@c",
        "https://a?b@c",
        "https://a#b@c",
        "https://a/[b]",
        "https://[::1]",
        "https://[2001:db8::1]:80/a",
        "https://[1:2:3:4:5:6:7:8]",
        "HTTPS://A.example",
        "https://a:",
        "https://a%20b",
        "https://a_b",
    ],
    False: [
        "a",
        "a.example",
        "ftp://a",
        "https:a",
        "https:/a",
        "https://",
        "https:///a",
        "https://?a",
        "https://#a",
        "https://:80",
        "https://user@host",
        "https://user:password@host",
        "https://@host",
        "https://a b",
        " https://a",
        "https://a\tb",
        "https://a/\x7f",
        "https://bücher.example",
        "https://a/é",
        "https://[::1",
        "https://::1]",
        "https://a[b]",
        "https://[]",
        "https://[a]",
        "https://[1:2]",
    ],
}


def accepted_by_schema(**catalog: str) -> bool:
    return bool(Draft7Validator(SCHEMA).is_valid({"catalog": catalog}))


def accepted_by_command(url: str = "https://a", domain: str = "a") -> bool:
    flags = argparse.Namespace(url=url, domain=domain, namespace=None, services=False)
    try:
        publication_of(flags)
    except ArgumentsInvalid:
        return False
    return True


@pytest.mark.parametrize(("domain", "expected"), [(one, valid) for valid, all_ in DOMAINS.items() for one in all_])
def test_a_domain_is_accepted_by_both_or_neither(domain: str, expected: bool) -> None:
    assert (accepted_by_schema(domain=domain), accepted_by_command(domain=domain)) == (expected, expected)


@pytest.mark.parametrize(("url", "expected"), [(one, valid) for valid, all_ in URLS.items() for one in all_])
def test_a_url_is_accepted_by_both_or_neither(url: str, expected: bool) -> None:
    assert (accepted_by_schema(url=url), accepted_by_command(url=url)) == (expected, expected)

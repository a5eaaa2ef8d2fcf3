# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._util import (
    _SECRET_NAME,
    MASK,
    clean,
    clean_with_end,
    excerpt,
    format_duration,
    format_time,
    is_secret_name,
    mask_secrets,
    parse_duration,
    parse_time,
)
from hypothesis import given
from hypothesis import strategies as st

MOMENT = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
HIDDEN = [
    *map(chr, [*range(0x20), *range(0x7F, 0xA0)]),
    *map(chr, [0x61C, 0x2028, 0x2029, 0xFEFF]),
    *map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]),
    *map(chr, range(0xE0000, 0xE0080)),
    "\u0590",  # not assigned
    "\ue000",  # private use
    "\ud800",
    "\udfff",
]


@pytest.mark.parametrize("character", HIDDEN, ids=lambda character: f"U+{ord(character):04X}")
def test_characters_that_hide_or_reorder_text_are_removed(character: str) -> None:
    assert clean(f"a{character}b") == "a b"


def test_text_becomes_one_bounded_line() -> None:
    assert clean("a\x1b[31mb\r\nc\u202e") == "a [31mb c"
    assert clean(None) == ""
    assert clean("grün 測試 🙂") == "grün 測試 🙂"
    assert clean("x" * 5000, 100) == "x" * 99 + "…"


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 300))
def test_any_text_becomes_printable_and_encodable(text: str, limit: int) -> None:
    found = clean(text, limit)
    assert found.isprintable()
    found.encode()
    assert len(found) <= limit


@given(st.text(st.characters(exclude_categories=())), st.integers(20, 300))
def test_a_text_without_its_middle_is_printable_and_has_both_ends(text: str, limit: int) -> None:
    found = clean_with_end(f"first {text} last", limit)
    assert found.isprintable()
    assert len(found) <= limit
    assert (found[:6], found[-5:]) == ("first ", " last")


def test_a_long_text_keeps_both_ends() -> None:
    assert clean_with_end(f"first{'x' * 100_000}last", 25) == "firstxxxxxx … xxxxxxxlast"
    assert clean_with_end(None, 25) == ""


@given(st.binary(max_size=400))
def test_excerpts_are_short(body: bytes) -> None:
    assert len(excerpt(body)) <= 122


def test_the_beginning_of_a_body() -> None:
    assert excerpt(b"  two\n\twords \xff") == '"two words �"'
    assert excerpt(b"") == "an empty body"


@pytest.mark.parametrize("name", ["x-api-key", "X_API_KEY", "apiKey", "DB_PASSWORD", "private-key", "Authorization"])
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert mask_secrets({name: "s3cret"}) == {name: MASK}
    assert mask_secrets({"headers": [{"name": name, "value": "s3cret"}]})["headers"][0]["value"] == MASK


def test_the_sidecar_masks_the_same_names(root: Path) -> None:
    source = (root / "sidecar" / "cmd" / "mcp-sidecar" / "masker.go").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"secretName = regexp\.MustCompile\(`\(\?i\)(.+)`\)", source)
    assert pattern == _SECRET_NAME.pattern


def test_values_under_other_names_and_references_to_secrets_are_not_masked() -> None:
    container = {
        "env": [
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
        ],
        "volumes": [{"secret": {"secretName": "tls"}}],
    }
    assert mask_secrets(container) == container


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-03T04:05:06Z", MOMENT),
        ("2026-02-03T05:05:06+01:00", MOMENT),
        ("2026-02-03T04:05:06.5Z", MOMENT.replace(microsecond=500_000)),
        ("2026-02-03T04:05:06.000001Z", MOMENT.replace(microsecond=1)),
        ("2026-02-03T04:05:06.123456789Z", MOMENT.replace(microsecond=123_456)),
        (str(MOMENT), MOMENT),
        ("2026-02-03T04:05:06", None),
        ("2026-02-30T04:05:06Z", None),
        ("soon", None),
        (None, None),
        ({}, None),
    ],
)
def test_times(text: object, moment: dt.datetime | None) -> None:
    assert parse_time(text) == moment


def test_times_are_written_as_kubernetes_writes_them() -> None:
    moment = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert format_time(moment) == "2026-02-03T04:05:06Z"
    assert format_time(moment, micro=True) == "2026-02-03T04:05:06.000000Z"
    assert parse_time(format_time(moment)) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("30s", 30), ("1h30m", 5400), ("1.5h", 5400), ("+2m", 120), ("250ms", 0.25), (".5s", 0.5), ("0s", 0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "+", "5", "s", "1d", "-1s", "1s ", " 1s", "1h30", "1e3s", "٣s", "9" * 400 + "h"])
def test_texts_that_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_durations_are_written_as_kubectl_prints_ages() -> None:
    found = [format_duration(seconds) for seconds in (-5, 12.9, 119, 120, 3 * 3600, 48 * 3600)]
    assert found == ["0s", "12s", "119s", "2m", "3h", "2d"]


@pytest.mark.parametrize("pattern", [r"fromisoformat\(", r"strftime\(", r"passw\|", r"\\u202[aA]"])
def test_nothing_else_parses_times_names_secrets_or_removes_hidden_characters(root: Path, pattern: str) -> None:
    files = [*root.glob("plugins/**/*.py"), *root.glob("operator/src/mcp_operator/**/*.py")]
    found = {path.name for path in files if re.search(pattern, path.read_text(encoding="utf-8"))}
    # This one reports hidden characters and removes none.
    assert found <= {"_util.py", "hidden_characters.py"}

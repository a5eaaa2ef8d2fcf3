# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A value has a format for the validator if it has it for the official TypeScript clients."""

from __future__ import annotations

import random

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.schema_formats import conforms
from oracle import formats

EACH = 1500  # values of each format
# For each format, values to begin from: each is changed at random.
SEEDS = {
    "byte": ["", "YQ==", "YWI=", "YWJj", "YWJj\nYQ", "YQ\r\n", "YQ\u2028YQ=="],
    "date": ["2026-02-28", "2024-02-29", "1900-02-29", "2000-02-29", "0000-12-31", "2026-04-31"],
    "date-time": [
        "2026-11-29T02:00:00Z",
        "2026-11-29 02:00:00.5+01:00",
        "1990-12-31t23:59:60z",
        "2026-11-29\u00a002:00:00Z",
    ],
    "duration": ["P1Y2M3DT4H5M6S", "PT1H", "P2W", "P", "PT", "P1YT"],
    "email": ["a.b+c@zoo.example", "a@localhost", "a@b-c.d-e", "a@-b.c", "a@b..c"],
    "hostname": [
        "zoo.example",
        "zoo.example.",
        "a-b",
        "-a",
        "a" * 63 + ".b",
        "a" * 64,
        "a." * 126 + "b",
        "a." * 127 + "b",
    ],
    "ipv4": ["10.0.0.1", "255.255.255.255", "01.2.3.4", "1.2.3"],
    "ipv6": [
        "::",
        "::1",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1::8",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5::1.2.3.4",
        "fe80::1%eth0",
        "1:2:3:4:5:6::1.2.3.4",
        "::1.2.3.04",
    ],
    "iso-date-time": ["2026-11-29T02:00:00", "2026-11-29 02:00:00+01"],
    "iso-time": ["02:00:00", "02:00:00.25-0130"],
    "json-pointer": ["", "/a/b~0~1", "/", "a", "/~2"],
    "json-pointer-uri-fragment": ["#", "#/a/%25~1", "/a"],
    "regex": [
        "^[a-z]+$",
        "(a|b)*?",
        "[z-a]",
        "a{2,1}",
        "a\\Z",
        "a{,3}",
        "(?=a)*",
        "(?<n>a)\\k<n>",
        "\\-",
        "x]",
        "[\\w-.]",
    ],
    "relative-json-pointer": ["0#", "1/a~0", "01/a", "2"],
    "time": [
        "02:00:00Z",
        "23:59:60Z",
        "00:59:60+01:00",
        "22:59:60.9-01:00",
        "24:00:00Z",
        "02:00:00+24:00",
        "02:00:00+01",
    ],
    "uri": [
        "https://user:pw@zoo.example:8080/a/b?c=d#e",
        "urn:isbn:1",
        "mailto:a@b",
        "a:",
        "http://[::1]:80/x",
        "x:/[v1.a]/b",
        "http://a b",
        'x:"',
        "http://[::01.2.3.4]/",
        "x:/%zz",
        "//a/b",
        "a:?b",
        "http://[1:2:3:4:5:6:7::]",
    ],
    "uri-reference": ["", "/a/b", "../a?b#c", "//zoo.example", "a:b:c", "[::1]", "//[::1]/a", "#", "\\a", "/[::1]:"],
    "uri-template": ["/animals/{id}", "{?a,b*}", "{+path:3}/x", "{a", "}", "{a.b}", "a b", "é{%41}"],
    "url": [
        "http://zoo.example/a",
        "ftp://1.2.3.4:80/",
        "http://10.1.1.1",
        "http://u:p@zoo.example",
        "https://a-b.cd?x",
        "http://172.15.0.1/",
        "http://localhost",
        "http://a@b@c.de/",
        "http://1.1.1.255",
        "http://é.ée:12345/ b",
    ],
    "uuid": ["00000000-0000-0000-0000-00000000000f", "urn:uuid:00000000-0000-0000-0000-00000000000F", "00000000"],
}
ALPHABET = "aAzZfFgG0123459.:-+/\\@[]{}()?#%*,;=~_!'\"<>|^$& \t\n\u00a0\u017f\u212aé\u2028😀vVtTPYMDWHS"


def changed(chance: random.Random, text: str) -> str:
    """Return a text with up to three characters inserted, removed or replaced."""
    for _change in range(chance.randrange(4)):
        at = chance.randrange(len(text) + 1)
        new = chance.choice(ALPHABET) if chance.random() < 0.7 else chance.choice(text or ALPHABET)
        text = text[:at] + (new if chance.random() < 0.7 else "") + text[at + chance.randrange(2) :]
    return text


@pytest.mark.parametrize("name", SEEDS)
def test_texts(name):
    chance = random.Random(name)
    values = [*SEEDS[name], *[changed(chance, chance.choice(SEEDS[name])) for _number in range(EACH)]]
    theirs = formats.conform([(name, value) for value in values])
    ours = [conforms(name, value) for value in values]
    assert [
        (value, own, other) for value, own, other in zip(values, ours, theirs, strict=True) if own not in (None, other)
    ] == []
    decided = [own for own in ours if own is not None]
    assert len(decided) > EACH * 0.4
    assert {True, False} <= set(decided)


def test_numbers_and_values_of_other_types():
    values = [0, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63, 2.0, 2.5, 1e300, 10**400, True, None, [], {}, "x"]
    pairs = [(name, value) for name in ("int32", "int64", "float", "double", *SEEDS) for value in values]
    pairs = [pair for pair in pairs if pair[0] not in SEEDS or not isinstance(pair[1], str)]
    theirs = formats.conform(pairs)
    assert [
        (pair, other) for pair, other in zip(pairs, theirs, strict=True) if conforms(*pair) not in (None, other)
    ] == []


def test_names_that_are_no_formats():
    pairs = [(name, "\n") for name in ("idn-email", "iri", "unknown", "password", "binary", "float")]
    assert [conforms(*pair) for pair in pairs] == formats.conform(pairs) == [True] * len(pairs)

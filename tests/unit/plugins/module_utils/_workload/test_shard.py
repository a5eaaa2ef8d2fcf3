# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every namespace is one operator's, and everybody knows whose."""

from __future__ import annotations

from collections import Counter

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.shard import MOST, WHOLE, Shard, lease_of

NAMESPACES = [f"team-{number}" for number in range(1000)]


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_each_namespace_has_one_and_each_has_about_as_many(count):
    shards = [Shard(index, count) for index in range(count)]
    owners = Counter()
    for namespace in NAMESPACES:
        [owner] = [shard.index for shard in shards if shard.owns(namespace)]
        owners[owner] += 1
    assert min(owners.values()) > 0.6 * len(NAMESPACES) / count


def test_whose_a_namespace_is_never_changes():
    assert [name for name in ("default", "mcp", "team-a", "team-b") if Shard(0, 2).owns(name)] == ["team-a", "team-b"]


def test_what_is_in_no_namespace_is_everybodys():
    assert Shard(0, 2).owns("")
    assert Shard(1, 2).owns("")


@pytest.mark.parametrize("text", ["0/2", "1/2", f"{MOST - 1}/{MOST}", "0/1"])
def test_a_shard_is_written_as_it_is_read(text):
    assert str(Shard.parse(text)) == text


@pytest.mark.parametrize("text", ["2/2", "0/0", "-1/2", "1", "a/b", "1/65", "0/2/3", " 0/2", "\u0661/2"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(ValueError, match="write 0/2 and 1/2"):
        Shard.parse(text)


def test_the_lease_of_whoever_looks_after_a_namespace():
    def first(text):
        return {"metadata": {"annotations": {"mcp.mcp-operator.io/shard": text}}}

    assert Shard.parse("") is WHOLE
    names = {lease_of(namespace, first("0/3")) for namespace in NAMESPACES}
    assert names == {"mcp-operator", "mcp-operator-shard-1", "mcp-operator-shard-2"}
    for lease in (None, {}, first(""), first("nonsense"), {"metadata": {}}):
        assert lease_of("team-1", lease) == "mcp-operator"
    for namespace in NAMESPACES[:20]:
        [owner] = [shard for shard in (Shard(0, 2), Shard(1, 2)) if shard.owns(namespace)]
        assert lease_of(namespace, first("0/2")) == owner.lease("mcp-operator")

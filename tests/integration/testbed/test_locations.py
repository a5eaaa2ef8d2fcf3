# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every cluster has a place of its own, and a name can lead nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp_cluster.errors import ClusterError
from mcp_cluster.locations import Locations, cache_home, state_home

pytestmark = pytest.mark.test_all


def test_the_places_of_the_xdg_specification(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert state_home() == homes / "state" / "mcp-kubernetes"
    assert cache_home() == homes / "cache" / "mcp-kubernetes"
    monkeypatch.delenv("XDG_STATE_HOME")
    # The specification says that a relative path is to be ignored.
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert state_home() == homes / "home" / ".local" / "state" / "mcp-kubernetes"
    assert cache_home() == homes / "home" / ".cache" / "mcp-kubernetes"


def test_two_clusters_share_no_path(homes: Path) -> None:
    one, other = Locations.of("one"), Locations.of("other")
    for name in ("root", "lock", "processes", "logs", "pki", "config", "etcd", "node", "settings", "kubeconfig"):
        assert getattr(one, name) != getattr(other, name)
        assert getattr(one, name).is_relative_to(homes)


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "../x", "-a", "a-", "A", "a b", "a\n", "a;b", "a$b", "x" * 41, "é", "a.b", "mcp_test"]
)
def test_a_name_that_could_mean_something_else_is_refused(name: str) -> None:
    with pytest.raises(ClusterError, match="cannot name a cluster"):
        Locations.of(name)


@pytest.mark.parametrize("name", ["a", "mcp-testbed", "x" * 40, "1-2"])
def test_plain_names_are_accepted(name: str) -> None:
    assert Locations.of(name).root.name == name

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The namespace of the operator, whose Pods network policies let in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mcp_operator.cluster import elector


@pytest.mark.parametrize(
    ("pod", "lease", "wanted"),
    [
        ("operators\n", None, "operators"),
        ("operators", "leases", "operators"),
        (None, "leases", "leases"),
        (None, None, "mcp-operator-system"),
    ],
)
def test_it_is_that_of_the_pod(monkeypatch, tmp_path, pod, lease, wanted):
    file = tmp_path / "namespace"
    if pod is not None:
        file.write_text(pod)
    monkeypatch.setattr(elector, "_POD_NAMESPACE", file)
    assert elector.operator_namespace(SimpleNamespace(leader_election_namespace=lease)) == wanted

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Upgrades from the previous release, by each way to install: no Pod is replaced, no call fails, no status changes."""

from __future__ import annotations

import pytest

from support import cluster, previous
from support.helm import RELEASE

from .conftest import OLD
from .servers import SPECS

# Twenty Pods, two releases and three ways to install take minutes.
pytestmark = pytest.mark.test_all


def noted(row) -> None:
    """Print a row of the table; clients and users must have noticed nothing."""
    print(row)
    assert row.unnoticed, row


def test_helm_upgrades(testbed, new) -> None:
    noted(testbed.fleet.watch("helm upgrade", lambda: testbed.by_helm("upgrade", testbed.chart, new)))


def test_a_rollback_is_refused(testbed) -> None:
    def refused() -> None:
        done = testbed.helm("rollback", RELEASE, "1")
        assert done.returncode != 0
        assert f"version {previous.VERSION} does not know all fields" in done.stderr

    noted(testbed.fleet.watch("helm rollback, refused", refused, reconciles=False))


def test_a_rollback_without_the_guard(testbed) -> None:
    def back() -> None:
        guard = "mcp-operator-downgrade"
        assert testbed.kubectl("delete", "validatingadmissionpolicybinding", guard).returncode == 0
        cluster.until("the guard is gone", lambda: testbed.helm("rollback", RELEASE, "1").returncode == 0, 120)
        testbed.operator.runs()

    noted(testbed.fleet.watch("helm rollback, without the guard", back))


def test_kubectl_upgrades(testbed, new) -> None:
    testbed.helm("uninstall", RELEASE)
    testbed.by_kubectl(previous.checkout(), OLD)
    testbed.fleet.settle(list(SPECS))
    noted(testbed.fleet.watch("kubectl apply", lambda: testbed.by_kubectl(cluster.ROOT, new)))


def test_the_role_upgrades(testbed, new) -> None:
    testbed.remove()
    testbed.by_role(previous.collections(), OLD)
    testbed.fleet.settle(list(SPECS))
    noted(testbed.fleet.watch("role", lambda: testbed.by_role(None, new)))

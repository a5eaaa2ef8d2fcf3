# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The takeover removes what remains of the stopped operator, in a cluster of the test's own."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from support import cluster, reference
from support.playbooks import Playbooks

PLACE = "mcp-operator-controller-manager"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/{}/leases"


@pytest.mark.test_all
def test_the_last_run_removes_the_stopped_operator_and_its_installation(testbed, client, namespace, servers) -> None:
    reference.lease(client, namespace, dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
    reference.operator(client, namespace, replicas=0)
    paths = [*reference.install(client, namespace), f"{LEASES.format(namespace)}/{reference.LEASE}"]
    playbooks = Playbooks(testbed.kubeconfig)

    def run(*options):
        return playbooks.run("takeover", *options, mcp_reference_namespace=namespace)

    check = run("--check", "--diff")
    assert check.changed > 0
    assert "ClusterRoleBinding mcp-operator-metrics-auth-rolebinding: deleted" in check.output
    assert re.search(r"^-\s*- tokenreviews$", check.output, re.MULTILINE)
    assert client.find(*reference.DEPLOYMENT, namespace, PLACE) is not None
    assert all(cluster.found(client, path) for path in paths)
    assert (done := run()).code == 0, done.output
    assert client.find(*reference.DEPLOYMENT, namespace, PLACE) is None
    assert [path for path in paths if cluster.found(client, path)] == []
    assert (again := run()).code == 0, again.output
    assert again.changed == 0

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""No MCPServer gets a certificate for another Service, whose calls its Pods could then receive."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

from support.rendered import objects_of


def certificate(name):
    return objects_of(
        {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": "wiki", "namespace": "team", "uid": "u"},
            "spec": {"image": "wiki:1", "tls": {"issuerRef": {"name": "ca", "kind": "ClusterIssuer"}, **name}},
        }
    )["Certificate"]["spec"]["dnsNames"]


@pytest.mark.parametrize(
    "name",
    [
        "kubernetes",
        "kubernetes.default.svc",
        "Kubernetes.Default.SVC",
        "bank.other.svc.cluster.local",
        "wiki.other.svc",
        "x.wiki.team.svc",
    ],
)
def test_a_name_of_another_service_is_refused(name):
    with pytest.raises(ManifestError, match="a name of another Service"):
        certificate({"serverName": name})


@pytest.mark.parametrize("name", [None, "wiki.team.svc", "wiki", "wiki.team", "wiki.team.svc.cluster.local"])
def test_names_of_its_own_service_are_requested(name):
    found = certificate({} if name is None else {"serverName": name})
    assert found[:2] == ["wiki.team.svc", "wiki.team.svc.cluster.local"]
    assert len(set(found)) == len(found)
    assert name is None or name in found


def test_a_name_outside_of_the_cluster_is_for_the_issuer_to_judge():
    assert "weather.example.com" in certificate({"serverName": "weather.example.com"})

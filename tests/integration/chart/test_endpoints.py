# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the chart makes for the operator's ports: permissions, certificates and a NetworkPolicy."""

from __future__ import annotations

from support.chart_objects import manager, names, one, pod


def test_secure_metrics_have_the_rights_that_they_need(helm) -> None:
    for metrics in ({"secure": False}, {"enable": False}):
        objects = helm.template({"metrics": metrics})
        assert "--metrics-secure" not in manager(objects)["args"]
        assert "mcp-operator-metrics-reader-role" not in names(objects, "ClusterRole")
        assert "mcp-operator-auth-delegator-rolebinding" not in names(objects, "ClusterRoleBinding")
    objects = helm.template({"watchNamespaces": ["a"]})
    assert "--metrics-secure" in manager(objects)["args"]
    binding = one(objects, "ClusterRoleBinding")
    assert binding["roleRef"]["name"] == "system:auth-delegator"
    assert [subject["name"] for subject in binding["subjects"]] == [pod(objects)["serviceAccountName"]]
    reader = one(objects, "ClusterRole", "mcp-operator-metrics-reader-role")
    assert reader["rules"] == [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]
    assert all(set(volume) == {"name", "emptyDir"} for volume in pod(objects)["volumes"])


def test_the_certificate_of_the_metrics_is_mounted(helm) -> None:
    objects = helm.template({"metrics": {"certSecret": "metrics-tls"}})
    [volume] = [volume for volume in pod(objects)["volumes"] if "secret" in volume]
    assert volume["secret"]["secretName"] == "metrics-tls"
    [mount] = [mount for mount in manager(objects)["volumeMounts"] if mount["name"] == volume["name"]]
    assert f"--metrics-cert-path={mount['mountPath']}" in manager(objects)["args"]


def test_the_network_policy_lets_probes_and_chosen_scrapes_through(helm) -> None:
    assert not names(helm.template(), "NetworkPolicy")
    peer = {"podSelector": {"matchLabels": {"app": "prometheus"}}}
    objects = helm.template({"networkPolicy": {"enabled": True, "metricsFrom": [peer]}, "shards": 2})
    policy = one(objects, "NetworkPolicy")["spec"]
    for deployment in (item for item in objects if item["kind"] == "Deployment"):
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert policy["podSelector"]["matchLabels"].items() <= labels.items()
    health, metrics = policy["ingress"]
    assert health == {"ports": [{"port": "health", "protocol": "TCP"}]}
    assert metrics == {"from": [peer], "ports": [{"port": "metrics", "protocol": "TCP"}]}
    for values in ({"networkPolicy": {"enabled": True, "metricsFrom": []}}, {"metrics": {"enable": False}}):
        closed = helm.template({**values, "networkPolicy": {"enabled": True, **values.get("networkPolicy", {})}})
        assert one(closed, "NetworkPolicy")["spec"]["ingress"] == [health]

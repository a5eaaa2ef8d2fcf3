# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import network, network_diagnosis
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.network_diagnosis import matches

POD = {"metadata": {"name": "weather-1", "namespace": "team", "labels": {"app": "weather", "tier": "b"}}}
SERVER = {"metadata": {"name": "weather", "namespace": "team"}, "spec": {"network": {"ingress": {}}}}
OPERATOR = network_diagnosis.operator("operators")
HERE = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "operators"}}}


def blocking(policies, pod, source, port=8080):
    return network_diagnosis.blocking(policies, pod, source, port)


def policy(name="deny", selector=None, **spec):
    return {"metadata": {"name": name}, "spec": {"podSelector": selector or {}, **spec}}


@pytest.mark.parametrize(
    ("selector", "selects"),
    [
        ({}, True),
        ({"matchLabels": {"app": "weather"}}, True),
        ({"matchLabels": {"app": "weather", "tier": "a"}}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["b"]}]}, False),
        ({"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["b"]}]}, True),
        ({"matchExpressions": [{"key": "none", "operator": "In", "values": ["b"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}, {"key": "x", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Newer"}]}, False),
    ],
)
def test_label_selectors(selector, selects):
    assert matches(selector, POD["metadata"]["labels"]) is selects


@pytest.mark.parametrize("policies", [[], [policy(selector={"matchLabels": {"app": "other"}})]])
def test_a_pod_that_no_policy_selects_is_open(policies):
    assert blocking(policies, POD, OPERATOR) == []


def test_a_policy_for_egress_blocks_nothing():
    assert blocking([policy(policyTypes=["Egress"])], POD, OPERATOR) == []


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{"from": [{"podSelector": {}}]}],
        [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}],
        [{"from": [{**HERE, "podSelector": {"matchLabels": {"app": "another"}}}]}],
        [{"from": [{"namespaceSelector": {"matchLabels": {"team": "platform"}}}]}],
        [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}],
        [{"ports": [{"port": 9090}]}],
        [{"from": [HERE], "ports": [{"port": "metrics"}, {"port": 8080, "protocol": "UDP"}]}],
        [{"from": [HERE], "ports": [{"port": 7000, "endPort": 8079}]}],
    ],
)
def test_policies_without_the_operator_are_named(rules):
    both = [policy(ingress=rules), policy("also", policyTypes=["Ingress"])]
    assert blocking(both, POD, OPERATOR) == ["also", "deny"]


@pytest.mark.parametrize(
    "rules",
    [
        [{}],
        [{"from": []}],
        [{"from": [HERE]}],
        [{"from": [HERE], "ports": []}],
        [{"from": [HERE], "ports": [{"port": 9090}, {"port": 8080}]}],
        [{"ports": [{"port": "http", "protocol": "TCP"}]}],
        [{"ports": [{"protocol": "TCP"}]}],
        [{"ports": [{"port": 8000, "endPort": 8080}]}],
        [{"from": [{"namespaceSelector": {}}]}],
        [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}],
        [
            {
                "from": [
                    {"podSelector": {}},
                    {**HERE, "podSelector": {"matchLabels": {"app.kubernetes.io/name": "mcp-operator"}}},
                ]
            }
        ],
    ],
)
def test_one_policy_that_lets_the_operator_in_is_enough(rules):
    assert blocking([policy(), policy("allow", ingress=rules)], POD, OPERATOR) == []


def test_the_policy_that_is_made_lets_the_validator_in():
    made = network.rules(SERVER, {"operator_namespace": "operators"})
    own = policy("weather", {"matchLabels": {"app": "weather"}}, policyTypes=["Ingress", "Egress"], **made)
    for source in (OPERATOR, network_diagnosis.validation_job(SERVER)):
        assert blocking([policy(), own], POD, source) == []
    assert blocking([policy(), own], POD, network_diagnosis.operator("elsewhere")) == ["deny", "weather"]


def test_the_message_says_whom_to_let_in():
    text = network_diagnosis.message(["deny"], OPERATOR)
    assert "do not let it in: deny." in text
    assert "app.kubernetes.io/name: mcp-operator of the namespace operators" in text
    assert len(network_diagnosis.message(["x" * 60] * 9, OPERATOR)) < 1024

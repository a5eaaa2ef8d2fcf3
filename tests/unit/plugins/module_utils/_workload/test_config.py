# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which ConfigMaps and Secrets a Pod takes its configuration from."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import config

POD = {
    "initContainers": [{"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s1", "key": "k"}}}]}],
    "containers": [
        {
            "env": [
                {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c1", "key": "k"}}},
                {"name": "C", "value": "plain"},
                {"name": "D", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            ],
            "envFrom": [{"configMapRef": {"name": "c2"}}, {"secretRef": {"name": "s2", "optional": True}}],
        },
        {"envFrom": [{"configMapRef": {"name": "c2"}}]},
    ],
    "volumes": [
        {"name": "v1", "configMap": {"name": "c3"}},
        {"name": "v2", "secret": {"secretName": "s3"}},
        {"name": "v3", "projected": {"sources": [{"configMap": {"name": "c4"}}, {"secret": {"name": "s4"}}]}},
        {"name": "v4", "emptyDir": {}},
    ],
    "imagePullSecrets": [{"name": "no configuration"}],
}


def test_all_that_a_pod_refers_to_is_found_once():
    maps = [("ConfigMap", f"c{number}") for number in range(1, 5)]
    assert config.references(POD) == [*maps, *(("Secret", f"s{number}") for number in range(1, 5))]


@pytest.mark.parametrize(
    "pod",
    [
        {},
        {"containers": None, "volumes": "x"},
        {"containers": ["x", {"env": "y", "envFrom": [None]}]},
        {"volumes": [{"secret": {"secretName": 1}}, {"configMap": None}, {"projected": {"sources": [7]}}]},
    ],
)
def test_what_is_not_built_like_a_pod_refers_to_nothing(pod):
    assert config.references(pod) == []


@pytest.mark.parametrize(("value", "wanted"), [(True, True), (False, False), ("true", False), (None, False)])
def test_only_who_asks_for_it_is_read(value, wanted):
    assert config.hashed({"spec": {"podTemplate": {"configHash": value}}}) is wanted
    assert config.hashed({"spec": {}}) is False

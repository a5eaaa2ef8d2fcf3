# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The check of Pod templates against Kubernetes' own evaluator: see tests/fuzz/pod_templates.py, which goes further."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import pod_security
from oracle import environment

VECTORS = Path(__file__).parents[1] / "unit/plugins/module_utils/_workload/pod_security_baseline.yaml"
# Fields of Kubernetes 1.36 that manifests cannot set, with the reason.
REFUSED = {
    "spec.activeDeadlineSeconds": "Deployments refuse it",
    "spec.ephemeralContainers": "Pod templates refuse it",
    "spec.nodeName": "it bypasses the scheduler",
    "spec.schedulingGates": "the Pods would wait for another controller",
    "spec.serviceAccount": "it is spec.podTemplate.serviceAccountName",
    "spec.volumes.[].hostPath": "the profile forbids it",
    "spec.volumes.[].gitRepo": "the kubelet runs git on the node",
}
PARENTS = ("spec", "spec.containers.[]", "spec.initContainers.[]", "spec.volumes.[]")


@pytest.fixture(scope="module")
def program():
    return str(environment.pod_security())


def test_kubernetes_agrees_with_its_fixtures_as_we_keep_them(program):
    vectors = yaml.safe_load(VECTORS.read_text(encoding="utf-8"))
    newest = [vector for vector in vectors if vector["from"].startswith("v1.35/")]
    lines = "".join(
        json.dumps({"metadata": vector.get("metadata", {}), "spec": vector["spec"]}) + "\n" for vector in newest
    )
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [bool(result.get("forbidden")) for result in results] == ["/fail/" in vector["from"] for vector in newest]
    assert not any(result.get("error") for result in results)


def test_every_field_of_a_pod_is_allowed_or_refused_for_a_reason(program):
    done = subprocess.run([program, "fields"], capture_output=True, check=True)
    refused = set()
    for field in json.loads(done.stdout):
        *parent, name = field["path"] or [""]
        if ".".join(parent) not in PARENTS or name == "[]":
            continue
        value = {"boolean": False, "integer": 0, "list": [], "object": {}, "map": {}}.get(field["type"], "Default")
        inner = {name: value}
        for step in reversed(parent[1:]):
            inner = [inner] if step == "[]" else {step: inner}
        spec = {"automountServiceAccountToken": False, **inner}
        if pod_security.violations({"spec": spec}):
            refused.add(".".join(field["path"]))
    assert refused == set(REFUSED)

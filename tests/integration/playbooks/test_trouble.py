# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Trouble on the way: one clear message, bounded time, nothing lost, and a rerun finishes the job."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster
from support.relay import Relay

IMAGE = {"image": "registry.example.com/none:1"}
POLICIES = "/apis/admissionregistration.k8s.io/v1"


@pytest.fixture
def deploy(playbooks, namespace, manifests):
    def run(spec=None, **options):
        folder = manifests(wikipedia=spec or IMAGE)
        return playbooks.run("deploy", mcp_manifests=folder, mcp_namespace=namespace, **{"mcp_wait": False, **options})

    return run


def server(client, namespace):
    return client.find("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")


def deployment(client, namespace, name="wikipedia"):
    return client.find("apps/v1", "Deployment", namespace, name)


def test_a_namespace_that_is_being_deleted(deploy, client, namespace):
    held = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "held", "namespace": namespace, "finalizers": ["example.com/held"]},
    }
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    client.request("POST", path, what="make a ConfigMap", body=held)
    client.request("DELETE", f"/api/v1/namespaces/{namespace}", what="delete the namespace")
    try:
        run = deploy()
    finally:
        body = {"metadata": {"finalizers": None}}
        client.request("PATCH", f"{path}/held", what="let it go", body=MergePatch(body))
    assert run.code != 0
    assert "[NAMESPACE_TERMINATING]" in run.output
    assert "is being deleted" in run.output


@pytest.fixture
def policy(client, namespace):
    """Let an admission policy refuse every Deployment of the namespace, as a webhook would."""
    name = f"refuse-{namespace}"
    match = {
        "resourceRules": [
            {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["*"], "resources": ["deployments"]}
        ]
    }
    here = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}
    rule = {"expression": "false", "message": "images need a signature"}
    for kind, spec in (
        ("ValidatingAdmissionPolicy", {"matchConstraints": match, "validations": [rule]}),
        (
            "ValidatingAdmissionPolicyBinding",
            {"policyName": name, "validationActions": ["Deny"], "matchResources": here},
        ),
    ):
        body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
        plural = "validatingadmissionpolicies" if kind.endswith("Policy") else "validatingadmissionpolicybindings"
        client.request("POST", f"{POLICIES}/{plural}", what=f"make a {kind}", body=body)
    yield
    for plural in ("validatingadmissionpolicybindings", "validatingadmissionpolicies"):
        client.request("DELETE", f"{POLICIES}/{plural}/{name}", what="delete the policy")


def refuses(client, namespace):
    spec = {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}},
    }
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "probe", "namespace": namespace},
        "spec": spec,
    }
    try:
        client.apply(body, field_manager="tests", dry_run=True)
    except cluster.KubeError as exc:
        return "signature" in exc.seen
    return False


def test_an_admission_policy_that_refuses(deploy, client, namespace, policy):
    cluster.until("the policy is in force", lambda: refuses(client, namespace))
    run = deploy()
    assert run.code != 0
    assert f"Could not apply Deployment {namespace}/wikipedia" in run.output
    assert "images need a signature" in run.output
    assert "Traceback" not in run.output


def test_values_at_the_limit(playbooks, client, namespace, manifests):
    values = {"long": "x" * 200_000, "nul": "a\0b"}
    servers = {name: {**IMAGE, "environment": [{"name": "TEXT", "value": text}]} for name, text in values.items()}
    run = playbooks.run("deploy", mcp_manifests=manifests(**servers), mcp_namespace=namespace, mcp_wait=False)
    assert run.code == 0, run.output
    for name, text in values.items():
        container = deployment(client, namespace, name)["spec"]["template"]["spec"]["containers"][0]
        assert {"name": "TEXT", "value": text} in container["env"]


def test_a_value_beyond_the_limit(deploy, client, namespace):
    run = deploy({**IMAGE, "environment": [{"name": "TEXT", "value": "x" * (1024 * 1024 + 1)}]})
    assert run.code != 0
    assert "Traceback" not in run.output
    assert deployment(client, namespace) is None


def test_the_api_server_goes_away_in_the_middle(deploy, client, namespace, kubeconfig, tmp_path):
    config = yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))
    address = urlsplit(config["clusters"][0]["cluster"]["server"])
    relay = Relay(address.hostname, address.port)
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{relay.port}"
    path = tmp_path / "relayed"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    with ThreadPoolExecutor() as pool:
        running = pool.submit(deploy, mcp_wait=True, mcp_kubeconfig=str(path))
        cluster.until("a status", lambda: ((server(client, namespace) or {}).get("status") or {}).get("phase"), 60)
        cut = time.monotonic()
        relay.cut()
        run = running.result(timeout=120)
    assert time.monotonic() - cut < 60
    assert run.code != 0
    assert "[API_UNREACHABLE]" in run.output
    assert "Traceback" not in run.output
    assert deploy().changed == 0


def test_a_run_that_is_interrupted_is_finished_by_the_next(deploy, playbooks, client, namespace, manifests):
    process = playbooks.start("deploy", mcp_manifests=manifests(wikipedia=IMAGE), mcp_namespace=namespace)
    try:
        cluster.until("the MCPServer", lambda: server(client, namespace), 60)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    finally:
        process.kill()
        process.communicate()
    run = deploy()
    assert run.code == 0, run.output
    assert deployment(client, namespace)
    assert deploy().changed == 0

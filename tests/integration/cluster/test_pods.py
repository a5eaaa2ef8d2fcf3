# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a Pod can do on the testbed, and what it cannot."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest

from .conftest import PROBE, BreakableTestbed

pytestmark = pytest.mark.test_all

NAMESPACE = "pods"
SECURE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture(scope="module")
def pods(testbed: BreakableTestbed) -> Iterator[list[str]]:
    """Two Pods behind a Service, in a namespace that accepts only the best-behaved."""
    labels = {"app": "probe"}
    container = {
        "name": "probe",
        "image": PROBE,
        "ports": [{"containerPort": 8080}],
        "readinessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 1},
        "securityContext": SECURE,
        "resources": {"limits": {"memory": "64Mi", "cpu": "200m"}},
    }
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    names = {"name": "probe", "namespace": NAMESPACE}
    enforce = {"pod-security.kubernetes.io/enforce": "restricted"}
    testbed.apply(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": enforce}},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": names,
            "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": template},
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": names,
            "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]},
        },
    )
    testbed.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/probe", "--timeout=60s")
    yield sorted(pod["metadata"]["name"] for pod in testbed.get("-n", NAMESPACE, "pods")["items"])
    testbed.kubectl("delete", "namespace", NAMESPACE, "--wait=false")


def inside(testbed: BreakableTestbed, pod: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return testbed.kubectl("-n", NAMESPACE, "exec", pod, "--", "/probe", *arguments, check=False)


@pytest.mark.parametrize("name", ["probe", "probe.pods", "probe.pods.svc.cluster.local"])
def test_services_have_names(testbed: BreakableTestbed, pods: list[str], name: str) -> None:
    address = testbed.get("-n", NAMESPACE, "service", "probe")["spec"]["clusterIP"]
    assert inside(testbed, pods[0], "resolve", name).stdout.strip() == address


def test_other_names_do_not_exist(testbed: BreakableTestbed, pods: list[str]) -> None:
    answer = inside(testbed, pods[0], "resolve", "example.com")
    assert answer.returncode != 0
    assert "no such host" in answer.stderr


def test_a_service_leads_to_all_its_pods_even_back_to_oneself(testbed: BreakableTestbed, pods: list[str]) -> None:
    answers: set[str] = set()
    for _ in range(60):
        answers.add(inside(testbed, pods[0], "get", "http://probe/").stdout)
        if answers == set(pods):
            break
    assert answers == set(pods)


def test_a_service_can_be_reached_from_the_node(testbed: BreakableTestbed, pods: list[str]) -> None:
    address = testbed.get("-n", NAMESPACE, "service", "probe")["spec"]["clusterIP"]
    script = f"import urllib.request; print(urllib.request.urlopen('http://{address}/', timeout=10).read().decode())"
    assert testbed.run("run", "--", "python3", "-c", script).stdout.strip() in pods


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.1"])
def test_there_is_no_way_out(testbed: BreakableTestbed, pods: list[str], address: str) -> None:
    assert inside(testbed, pods[0], "get", f"http://{address}/").returncode != 0


def test_the_machine_is_not_reached_from_a_pod(testbed: BreakableTestbed, pods: list[str]) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        port = listener.getsockname()[1]
        addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout.split()
        for address in ["127.0.0.1", *(a for a in addresses if "." in a)]:
            assert inside(testbed, pods[0], "get", f"http://{address}:{port}/").returncode != 0
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_an_image_that_is_nowhere_is_told_soon(testbed: BreakableTestbed) -> None:
    container = {"name": "c", "image": "registry.example.com/nobody/has-this:1"}
    testbed.apply(
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "absent"}, "spec": {"containers": [container]}}
    )
    began = time.monotonic()
    message = ""
    while "no such host" not in message:
        assert time.monotonic() - began < 10, message
        time.sleep(0.2)
        statuses = testbed.get("pod", "absent")["status"].get("containerStatuses", [{}])
        message = statuses[0].get("state", {}).get("waiting", {}).get("message", "")


def test_logs_are_read(testbed: BreakableTestbed, pods: list[str]) -> None:
    assert testbed.kubectl("-n", NAMESPACE, "logs", pods[0]).stdout == f"serving as {pods[0]}\n"


def test_ports_are_forwarded(testbed: BreakableTestbed, pods: list[str]) -> None:
    argv = [
        str(testbed._kubectl),
        f"--kubeconfig={testbed.locations.kubeconfig}",
        "-n",
        NAMESPACE,
        "port-forward",
        pods[0],
        ":8080",
    ]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as forward:
        try:
            assert forward.stdout is not None
            port = re.search(r"127\.0\.0\.1:(\d+)", forward.stdout.readline())
            assert port is not None
            with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/", timeout=10) as answer:
                assert answer.read().decode() == pods[0]
        finally:
            forward.terminate()


def test_a_pod_has_a_token_that_the_api_server_accepts(testbed: BreakableTestbed, pods: list[str]) -> None:
    token = inside(testbed, pods[0], "print", "/var/run/secrets/kubernetes.io/serviceaccount/token").stdout
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "metadata": {}, "spec": {"token": token}}
    answer = testbed.kubectl("create", "--filename=-", "--output=json", stdin=json.dumps(review)).stdout
    assert json.loads(answer)["status"]["user"]["username"] == f"system:serviceaccount:{NAMESPACE}:default"


def test_what_is_not_restricted_is_refused(testbed: BreakableTestbed, pods: list[str]) -> None:
    refused = testbed.kubectl("-n", NAMESPACE, "run", "bad", f"--image={PROBE}", "--privileged", check=False)
    assert refused.returncode != 0
    assert 'violates PodSecurity "restricted:latest"' in refused.stderr

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Releases beside an installed one: the real Helm, and an API server with the objects of the installed one."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import yaml

from support.helm import CHART, OLDEST, WITH_IMAGE, Helm

RESOURCES = {
    "v1": [("namespaces", "Namespace", False)],
    "apps/v1": [("deployments", "Deployment", True)],
    "admissionregistration.k8s.io/v1": [("validatingadmissionpolicies", "ValidatingAdmissionPolicy", False)],
}
Install = Callable[..., "subprocess.CompletedProcess[str]"]


def policy(release: str, namespace: str, name: str) -> dict[str, Any]:
    notes = {"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace}
    labels = {"control-plane": "controller-manager"}
    return {"metadata": {"name": f"{name}-gate", "annotations": notes, "labels": labels}}


def installed(watched: str) -> dict[str, Any]:
    """Return what the API server answers where the release "one" is in the namespace "system"."""
    env = [{"name": "OTHER"}, {"name": "WATCH_NAMESPACE", "value": watched}]
    deployment = {"spec": {"template": {"spec": {"containers": [{"env": env}]}}}}
    policies = [policy("one", "system", "mcp-operator"), {"metadata": {"name": "foreign-gate"}}]
    groups = [name.partition("/")[0] for name in RESOURCES if "/" in name]
    answers: dict[str, Any] = {
        "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "groups": [_group(name) for name in groups]},
        "/api/v1/namespaces/kube-system": {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": "kube-system"},
        },
        "/apis/apps/v1/namespaces/system/deployments/mcp-operator-controller-manager": deployment
        | {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "mcp-operator-controller-manager"}},
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies": {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyList",
            "items": [{"kind": "ValidatingAdmissionPolicy", **item} for item in policies],
        },
    }
    for version, kinds in RESOURCES.items():
        served = [{"name": name, "kind": kind, "namespaced": scoped, "verbs": ["get"]} for name, kind, scoped in kinds]
        root = "apis" if "/" in version else "api"
        answers[f"/{root}/{version}"] = {"kind": "APIResourceList", "groupVersion": version, "resources": served}
    return answers


def _group(name: str) -> dict[str, Any]:
    version = {"groupVersion": f"{name}/v1", "version": "v1"}
    return {"name": name, "versions": [version], "preferredVersion": version}


@pytest.fixture
def install(tmp_path, request) -> Iterator[Install]:
    answers = installed(request.param)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path.partition("?")[0])
            body = json.dumps(found or {"kind": "Status", "code": 404, "reason": "NotFound"}).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "a", "user": {}}],
    }
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    helm = Helm(tmp_path, str(file))

    def run(release: str, namespace: str, *values: str) -> subprocess.CompletedProcess[str]:
        options = [word for value in values for word in ("--set", value)]
        return helm.run(
            *("template", release, str(CHART), "-n", namespace, "--kube-version", OLDEST, "--dry-run=server"),
            *(*WITH_IMAGE, *options),
        )

    yield run
    server.shutdown()
    server.server_close()


NAMED = ("fullnameOverride=other", "crd.enable=false")


@pytest.mark.parametrize(
    ("install", "namespace", "values", "said"),
    [
        ("", "there", (), "fullnameOverride"),
        ("a", "there", (), "fullnameOverride"),
        ("a", "system", (*NAMED, "watchNamespaces={b}"), "same Lease"),
        ("a", "there", NAMED, "one of both watches all namespaces"),
        ("", "there", (*NAMED, "watchNamespaces={b}"), "one of both watches all namespaces"),
        ("a,b", "there", (*NAMED, "watchNamespaces={c,b}"), 'watches the namespace "b"'),
    ],
    indirect=["install"],
)
def test_a_release_that_collides_is_refused(
    install: Install, namespace: str, values: tuple[str, ...], said: str
) -> None:
    done = install("two", namespace, *values)
    assert done.returncode != 0, "the chart accepts it"
    assert 'The release "one" in the namespace "system"' in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("install", ["a,b"], indirect=True)
def test_others_are_not_refused(install: Install) -> None:
    for release, namespace, values in [
        ("one", "system", ()),
        ("one", "system", ("watchNamespaces={a}",)),
        ("two", "there", (*NAMED, "watchNamespaces={c}")),
    ]:
        done = install(release, namespace, *values)
        assert done.returncode == 0, done.stderr

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The real Prometheus Operator, and a real Prometheus with the configuration that it generates.

Both run in the network of the cluster. A Pod of Prometheus would need its image, so the Prometheus of the test has no
replicas, and its configuration is used by a process. Only what depends on the Pod is changed in it.
"""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster
from .prometheus import PORT

API = "monitoring.coreos.com/v1"
SELECTED = {"release": "mcp-tests"}
_MODULE = "github.com/prometheus-operator/prometheus-operator"
_WITHIN = [sys.executable, "tests/cluster", "run", "--"]
_NAME = "tests"


@contextmanager
def installed(client: Client, namespace: str, folder: Path) -> Iterator[None]:
    """Run the operator, with a Prometheus that selects objects with the labels SELECTED."""
    definitions = str(_definitions())
    kubectl = ("tests/cluster", "run", "--", "kubectl")
    cluster.tool(*kubectl, "apply", "--server-side", "--force-conflicts", "-f", definitions)
    try:
        cluster.until("Prometheuses are served", lambda: cluster.found(client, f"/apis/{API}/prometheuses"))
        _apply(client, f"/apis/{API}/namespaces/{namespace}/prometheuses/{_NAME}", _prometheus(namespace))
        options = ["--apiserver=", "--kubelet-endpoints=false", "--web.listen-address=127.0.0.1:19091"]
        with running([*_program("prometheus-operator"), *options], folder / "prometheus-operator.log"):
            yield
    finally:
        cluster.tool(*kubectl, "delete", "--wait=false", "-f", definitions)


@contextmanager
def scraping(client: Client, namespace: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Run Prometheus with what the operator made of the PodMonitors and the rules; return its configuration."""

    def read(kind: str, name: str) -> dict[str, Any] | None:
        return cluster.found(client, f"/api/v1/namespaces/{namespace}/{kind}/{name}")

    def generated() -> dict[str, Any] | None:
        secret = read("secrets", f"prometheus-{_NAME}")
        text = (secret or {}).get("data", {}).get("prometheus.yaml.gz")
        found = yaml.safe_load(gzip.decompress(base64.b64decode(text))) if text else {}
        return found if found.get("scrape_configs") else None

    config = cluster.until("the operator made a configuration", generated, 120)
    rules = cluster.until(
        "the operator accepted the rules", lambda: read("configmaps", f"prometheus-{_NAME}-rulefiles-0"), 60
    )
    (folder / "rules").mkdir()
    for name, text in rules["data"].items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    [kubeconfig] = cluster.tool("tests/cluster", "run", "--", "printenv", "KUBECONFIG")
    of_process = yaml.safe_load(yaml.safe_dump(config).replace("$(SHARD)", "0"))
    of_process["rule_files"] = [f"{folder}/rules/*.yaml"]
    for job in of_process["scrape_configs"]:
        for discovery in job["kubernetes_sd_configs"]:
            discovery["kubeconfig_file"] = kubeconfig
    file = folder / "prometheus.yaml"
    file.write_text(yaml.safe_dump(of_process), encoding="utf-8")
    options = [
        f"--config.file={file}",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{PORT}",
    ]
    with running([*_program("prometheus"), *options], folder / "prometheus.log"):
        yield config


def apply(client: Client, manifest: dict[str, Any], namespace: str) -> None:
    """Apply a PodMonitor or rules of the chart in a namespace."""
    plural = f"{manifest['kind'].lower()}s"
    meta = {**manifest["metadata"], "namespace": namespace}
    _apply(client, f"/apis/{API}/namespaces/{namespace}/{plural}/{meta['name']}", {**manifest, "metadata": meta})


@contextmanager
def running(command: list[str], log: Path) -> Iterator[None]:
    """Run a program; the end of its log is printed."""
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=cluster.ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
        print(log.name, log.read_text(encoding="utf-8")[-1500:])


def _program(name: str) -> list[str]:
    return [*_WITHIN, *cluster.tool("tests/cluster", "program", name)]


def _definitions() -> Path:
    folder = cluster.ROOT / "tests" / "cluster" / "programs" / "prometheus-operator"
    command = ["go", "mod", "download", "-json", _MODULE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return Path(json.loads(done.stdout)["Dir"], "example", "prometheus-operator-crd")


def _prometheus(namespace: str) -> dict[str, Any]:
    selectors = {}
    for name in ("podMonitor", "serviceMonitor", "rule"):
        selectors |= {f"{name}Selector": {"matchLabels": SELECTED}, f"{name}NamespaceSelector": {}}
    spec = {"replicas": 0, "evaluationInterval": "1s", "scrapeInterval": "1s", **selectors}
    meta = {"name": _NAME, "namespace": namespace}
    return {"apiVersion": API, "kind": "Prometheus", "metadata": meta, "spec": spec}


def _apply(client: Client, path: str, manifest: dict[str, Any]) -> None:
    query = {"fieldManager": "tests", "force": "true"}
    client.request("PATCH", path, what=f"apply {path}", body=ApplyPatch(manifest), query=query)

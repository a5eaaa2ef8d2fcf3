# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The policy-controller of Sigstore, which verifies signatures of images at admission, beside a testbed of a test."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from . import cluster
from .own_testbed import OwnTestbed, go_build

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster import addresses

# Namespaces with this label are checked.
LABEL = {"policy.sigstore.dev/include": "true"}
POLICIES = "/apis/policy.sigstore.dev/v1beta1/clusterimagepolicies"
_NAMESPACE, _SERVICE, _PORT = "cosign-system", "webhook", 8443
_HOOKS = "/apis/admissionregistration.k8s.io/v1"
_CONFIGURED = (
    f"{_HOOKS}/mutatingwebhookconfigurations/policy.sigstore.dev",
    f"{_HOOKS}/validatingwebhookconfigurations/policy.sigstore.dev",
    f"{_HOOKS}/mutatingwebhookconfigurations/defaulting.clusterimagepolicy.sigstore.dev",
    f"{_HOOKS}/validatingwebhookconfigurations/validating.clusterimagepolicy.sigstore.dev",
)


def folder_of(program: str, module: str) -> Path:
    """Return the folder of a Go module of a program, which is downloaded on first use."""
    command = [go_build.find_go(), "mod", "download", "-json", module]
    where = cluster.ROOT / "tests" / "cluster" / "programs" / program
    done = subprocess.run(command, cwd=where, check=True, capture_output=True, text=True)
    return Path(json.loads(done.stdout)["Dir"])


@contextlib.contextmanager
def running(testbed: OwnTestbed, name: str, home: Path) -> Iterator[None]:
    """Run the controller as a process on the node of a testbed.

    :param name: of the testbed.
    :param home: a folder for its files.
    """
    program = cluster.tool("tests/cluster", "program", "policy-controller")[0]
    testbed.apply(*_objects())
    argv = [sys.executable, "tests/cluster", "run", "--", "env", f"HOME={home}", program, "--disable-tuf"]
    environment = {
        **os.environ,
        "MCP_TEST_CLUSTER": name,
        "SYSTEM_NAMESPACE": _NAMESPACE,
        "WEBHOOK_NAME": _SERVICE,
        "CONFIG_LOGGING_NAME": "config-logging",
        "METRICS_DOMAIN": "sigstore.dev/policy",
    }
    log = home / "policy-controller.log"
    with log.open("w") as written:
        process = subprocess.Popen(argv, cwd=cluster.ROOT, env=environment, stdout=written, stderr=written)
        try:
            cluster.until("the policy-controller serves its webhooks", lambda: _configured(testbed, process), 90)
            yield
        except AssertionError as exc:
            raise AssertionError(f"{exc}\n{log.read_text(encoding='utf-8')[-4000:]}") from exc
        finally:
            for path in _CONFIGURED:
                kind, configuration = path.rsplit("/", 2)[1:]
                testbed.kubectl("delete", kind, configuration, "--ignore-not-found")
            # On SIGTERM it goes on for 45 s, until load balancers have left it out.
            process.kill()
            process.wait(30)


def _configured(testbed: OwnTestbed, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"it ended with {process.returncode}"
    hooks = [cluster.found(testbed.client, path) or {} for path in _CONFIGURED]
    # It writes its authority and its rules into them.
    return all(
        hook.get("clientConfig", {}).get("caBundle") and hook.get("rules")
        for found in hooks
        for hook in found.get("webhooks") or [{}]
    )


def _objects() -> list[dict[str, Any]]:
    """Return what its own manifests contain, with a Service that leads to the process."""
    folder = folder_of("policy-controller", go_build.POLICY_CONTROLLER.requires) / "config"
    files = [file for file in sorted(folder.glob("*.yaml")) if file.name not in ("kustomization.yaml", "webhook.yaml")]
    found = [item for file in files for item in yaml.safe_load_all(file.read_text(encoding="utf-8")) if item]
    made = [item for item in found if item["kind"] != "Service"]
    meta = {"name": _SERVICE, "namespace": _NAMESPACE}
    port = {"name": "https", "port": 443, "targetPort": _PORT, "protocol": "TCP"}
    made.append({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [port]}})
    slice_: dict[str, Any] = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {**meta, "labels": {"kubernetes.io/service-name": _SERVICE}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [addresses.NODE], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": _PORT, "protocol": "TCP"}],
    }
    return [*made, slice_]

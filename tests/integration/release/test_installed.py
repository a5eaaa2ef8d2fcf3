# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From the published release alone to a validated server: ``helm install oci://``, collection, wheel, plugin."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import cluster
from support.own_testbed import OwnTestbed, go_build, shell
from support.playbooks import Playbooks

from .conftest import DOWNLOADS, HOST, PASSWORD, REGISTRY, USER, VERSION, Registry, within

# It builds all images of a release.
pytestmark = pytest.mark.test_all

OPERATOR, TEAM, PULL = "mcp-operator-system", "team", "registry"
SERVERS = f"/apis/mcp.mcp-operator.io/v1/namespaces/{TEAM}/mcpservers"
# Servers of the tests, which are in no release.
GO_SDK, GO_STDIO = "go-sdk", "go-stdio"


@dataclass(frozen=True)
class Installation:
    """The operator and two servers, installed from the registry.

    :param times: seconds since ``helm install`` began.
    """

    digests: dict[str, str]
    times: dict[str, float]


def verified(registry: Registry, key: str, name: str) -> str:
    """Verify the signature of a tag; return the digest that is signed."""
    reference = f"{REGISTRY}/{name}:{VERSION}"
    options = ["--key", f"{key}.pub", "--insecure-ignore-tlog=true", "--output", "json"]
    done = registry.run(registry.cosign, "verify", *options, reference)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)[0]["critical"]["image"]["docker-manifest-digest"])


def push_server(registry: Registry, name: str) -> str:
    """Push the image of a server; return its reference by digest."""
    cluster.tool("tests/servers", "build", name)
    [archive] = cluster.tool("tests/servers", "archives", name)
    return registry.ask("push", archive, f"{HOST}/{TEAM}/{name}:1")


def server(name: str, image: str, **spec: Any) -> dict[str, Any]:
    template = {"imagePullSecrets": [{"name": PULL}]}
    validation = {"strictMode": True}
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": name, "namespace": TEAM},
        "spec": {"image": image, "podTemplate": template, "validation": validation, **spec},
    }


@pytest.fixture(scope="module")
def installation(
    registry: Registry,
    testbed: OwnTestbed,
    published: dict[str, str],
    key: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """Verify all that is published, install it by digest, and have the first servers validated."""
    digests = {name: verified(registry, key, name) for name in published}
    clock, stdio = push_server(registry, GO_SDK), push_server(registry, GO_STDIO)
    for namespace in (OPERATOR, TEAM):
        assert testbed.kubectl("create", "namespace", namespace).returncode == 0
        account = [f"--docker-server={HOST}", f"--docker-username={USER}", f"--docker-password={PASSWORD}"]
        made = testbed.kubectl("-n", namespace, "create", "secret", "docker-registry", PULL, *account)
        assert made.returncode == 0, made.stderr
    helm, home = cluster.tool("tests/cluster", "helm")[0], tmp_path_factory.mktemp("helm")
    values = {
        "image.digest": digests["mcp-operator"],
        "bridgeImages.inject": f"{REGISTRY}/mcp-stdio-bridge@{digests['mcp-stdio-bridge']}",
        "imagePullSecrets[0].name": PULL,
    }
    options = [word for name, value in values.items() for word in ("--set", f"{name}={value}")]
    # The chart itself by digest, too.
    chart = f"oci://{REGISTRY}/charts/mcp-operator@{digests['charts/mcp-operator']}"
    where = ["--namespace", OPERATOR, "--registry-config", str(registry.login / "config.json"), "--plain-http"]
    folders = {f"HELM_{part}_HOME": str(home / part.lower()) for part in ("CACHE", "CONFIG", "DATA")}
    times, began = {}, time.monotonic()
    done = within(helm, "install", "mcp-operator", chart, *where, *options, "--wait", "--timeout", "240s", **folders)
    assert done.returncode == 0, done.stderr + cluster.describe(testbed.client, OPERATOR)
    times["the operator runs"] = time.monotonic() - began
    try:
        testbed.apply(server(GO_SDK, clock))
        validated(testbed, GO_SDK)
        times["the first server is validated"] = time.monotonic() - began
        command = ["/server", "--transport", "stdio"]
        testbed.apply(server(GO_STDIO, stdio, command=command, transport={"type": "stdio"}))
        validated(testbed, GO_STDIO)
        times["a stdio server is validated"] = time.monotonic() - began
        yield Installation(digests, times)
    finally:
        testbed.kubectl("delete", "namespace", TEAM, "--wait=false")


def validated(testbed: OwnTestbed, name: str) -> None:
    def state() -> bool:
        found = cluster.found(testbed.client, f"{SERVERS}/{name}") or {}
        return ((found.get("status") or {}).get("validation") or {}).get("state") == "Validated"

    try:
        cluster.until(f"{name} is validated", state, 180)
    except AssertionError as exc:
        raise AssertionError(f"{exc}\n{cluster.describe(testbed.client, TEAM)}") from None


def test_from_the_registry_to_validated_servers(
    installation: Installation, registry: Registry, testbed: OwnTestbed, capsys: pytest.CaptureFixture[str]
) -> None:
    log = registry.log.read_text(encoding="utf-8")
    for name in ("mcp-operator", "mcp-stdio-bridge"):
        pull = f" /v2/mcp/{name}/manifests/{installation.digests[name]} "
        assert any(pull in line and "containerd" in line for line in log.splitlines()), (
            f"nobody pulled {name} by digest"
        )
    images = testbed.kubectl("get", "pods", "-A", "-o", "jsonpath={..image}").stdout.split()
    ours = [image for image in images if "/mcp-" in image]
    assert ours
    assert all(image.startswith(f"{REGISTRY}/") for image in ours), ours
    with capsys.disabled():
        for what, seconds in installation.times.items():
            print(f"\n{seconds:6.1f} s after `helm install`: {what}", end="")
        print()


def test_the_runtimes_run_by_digest(installation: Installation, testbed: OwnTestbed) -> None:
    image = f"{REGISTRY}/mcp-stdio-runtimes@{installation.digests['mcp-stdio-runtimes']}"
    container = {"name": "node", "image": image, "command": ["/usr/local/bin/node", "--eval", "process.exit(0)"]}
    spec = {"containers": [container], "restartPolicy": "Never", "imagePullSecrets": [{"name": PULL}]}
    meta = {"name": "runtimes", "namespace": TEAM}
    testbed.apply({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
    phase = ["-n", TEAM, "wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/runtimes", "--timeout=100s"]
    done = testbed.kubectl(*phase)
    assert done.returncode == 0, done.stderr + cluster.describe(testbed.client, TEAM)


def test_the_collection_is_installed_from_its_url(
    installation: Installation, testbed: OwnTestbed, page: tuple[str, Path], tmp_path: Path
) -> None:
    url = f"{page[0]}/{DOWNLOADS}/mcp-kubernetes-{VERSION}.tar.gz"
    # kubernetes.core, on which it depends, is installed beside the tests.
    command = ["ansible-galaxy", "collection", "install", url, "--no-deps", "-p", str(tmp_path)]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = tmp_path / "ansible_collections" / "mcp" / "kubernetes" / "MANIFEST.json"
    assert json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"] == VERSION
    run = Playbooks(testbed.kubeconfig, tmp_path).run("status", mcp_namespace=TEAM)
    assert run.code == 0, run.output
    assert GO_SDK in run.output


def test_the_wheel_and_the_plugin_are_installed_from_their_urls(
    installation: Installation, testbed: OwnTestbed, dist: Path, page: tuple[str, Path], tmp_path: Path
) -> None:
    wheel = f"mcp-operator[status] @ {page[0]}/{DOWNLOADS}/mcp_operator-{VERSION}-py3-none-any.whl"
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    done = subprocess.run([programs / "pip", "install", "--quiet", wheel], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = subprocess.run([programs / "mcp-operator", "--version"], capture_output=True, text=True, check=True).stdout
    assert VERSION in said

    # As krew does it: the archive that the manifest names, if it has the digest.
    manifest = yaml.safe_load((dist / "krew-mcp.yaml").read_text(encoding="utf-8"))
    [platform] = manifest["spec"]["platforms"]
    archive = tmp_path / "plugin.tar.gz"
    with urllib.request.urlopen(platform["uri"], timeout=30) as answer:
        archive.write_bytes(answer.read())
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == platform["sha256"]
    plugin = tmp_path / "plugin"
    with tarfile.open(archive) as packed:
        packed.extractall(plugin, filter="data")
    # The wheel has a program of this name; the packages that the plugin needs are beside it.
    (programs / "kubectl-mcp").unlink()
    found = shutil.which("kubectl", path=f"{shell.search_path()}:{go_build.KUBERNETES.output}")
    assert found is not None
    path = os.pathsep.join([str(plugin), str(programs), str(Path(found).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "KUBECONFIG": testbed.kubeconfig}
    command = [found, "mcp", "status", "--namespace", TEAM, "--output", "json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert GO_SDK in done.stdout
    assert GO_STDIO in done.stdout


def test_install_yaml_names_the_images_that_were_published(installation: Installation, dist: Path) -> None:
    text = (dist / "install.yaml").read_text(encoding="utf-8")
    for name in ("mcp-operator", "mcp-stdio-bridge", "mcp-stdio-runtimes"):
        assert f"{REGISTRY}/{name}:{VERSION}@{installation.digests[name]}" in text

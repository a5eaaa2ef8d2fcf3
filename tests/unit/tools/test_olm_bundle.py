# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The bundle for the Operator Lifecycle Manager installs what install.yaml does.

tests/integration/tools/test_olm_bundle.py has it checked by the library of OLM.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

import addresses
from releasing import images, layouts, olm_bundle
from releasing.source import Source

from support.yaml_files import parse_yaml

EPOCH = 1_700_000_001
VERSION_FILE = "manifests/mcp-operator.clusterserviceversion.yaml"
IMAGE = "mcp-operator-bundle"


@pytest.fixture(scope="module")
def source() -> Source:
    root = Path(__file__).resolve().parents[3]
    version = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    return Source(root, "c" * 40, EPOCH, version, addresses.settings(root))


@pytest.fixture(scope="module")
def install(source: Source) -> list[dict[str, Any]]:
    text = (source.root / "roles" / "operator" / "files" / "install.yaml").read_text(encoding="utf-8")
    return list(parse_yaml(text)["items"])


@pytest.fixture(scope="module")
def made(source: Source, install: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the files of the bundle by their paths."""
    return {name: parse_yaml(content.decode()) for name, content in olm_bundle.files(source, install).items()}


def of_kind(objects: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [item for item in objects if item["kind"] in kinds]


def test_olm_installs_the_same_deployment(made: dict[str, Any], install: list[dict[str, Any]]) -> None:
    (deployment,) = of_kind(install, "Deployment")
    (found,) = made[VERSION_FILE]["spec"]["install"]["spec"]["deployments"]
    assert found["name"] == deployment["metadata"]["name"]
    assert found["label"] == deployment["metadata"]["labels"]
    assert found["spec"] == deployment["spec"]


def test_the_operator_has_the_same_permissions(made: dict[str, Any], install: list[dict[str, Any]]) -> None:
    strategy = made[VERSION_FILE]["spec"]["install"]["spec"]
    rules = {item["metadata"]["name"]: item["rules"] for item in of_kind(install, "ClusterRole", "Role")}
    (cluster,), (own,) = strategy["clusterPermissions"], strategy["permissions"]
    account = of_kind(install, "ServiceAccount")[0]["metadata"]["name"]
    assert {cluster["serviceAccountName"], own["serviceAccountName"]} == {account}
    assert own["rules"] == rules["mcp-operator-leader-election-role"]
    manager = rules["mcp-operator-manager-role"]
    assert cluster["rules"][: len(manager)] == manager
    assert cluster["rules"][len(manager) :] == [
        {"apiGroups": ["authentication.k8s.io"], "resources": ["tokenreviews"], "verbs": ["create"]},
        {"apiGroups": ["authorization.k8s.io"], "resources": ["subjectaccessreviews"], "verbs": ["create"]},
    ]


def test_what_is_for_others_is_there_without_a_namespace(made: dict[str, Any]) -> None:
    objects = {
        (item["kind"], item["metadata"]["name"].removeprefix("mcp-operator-"))
        for name, item in made.items()
        if name.startswith("manifests/") and name != VERSION_FILE
    }
    assert objects == {
        ("CustomResourceDefinition", "mcpservers.mcp.mcp-operator.io"),
        ("ClusterRole", "metrics-reader-role"),
        ("ClusterRole", "mcpserver-viewer-role"),
        ("ClusterRole", "mcpserver-editor-role"),
        ("ClusterRole", "mcpserver-admin-role"),
        ("Role", "lease-viewer-role"),
        ("RoleBinding", "lease-viewer-rolebinding"),
        ("Service", "controller-manager-metrics-service"),
    }
    assert [name for name, item in made.items() if "namespace" in item.get("metadata", {})] == []


def test_the_version_says_what_it_serves_and_where_it_may_be_installed(made: dict[str, Any], source: Source) -> None:
    version = made[VERSION_FILE]
    assert version["metadata"]["name"] == f"mcp-operator.v{source.version}"
    assert version["metadata"]["annotations"]["operatorframework.io/suggested-namespace"] == "mcp-operator-system"
    (example,) = json.loads(version["metadata"]["annotations"]["alm-examples"])
    (owned,) = version["spec"]["customresourcedefinitions"]["owned"]
    assert f"{owned['name'].partition('.')[2]}/{owned['version']}" == example["apiVersion"]
    assert owned["kind"] == example["kind"] == "MCPServer"
    assert [mode["type"] for mode in version["spec"]["installModes"] if mode["supported"]] == ["AllNamespaces"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version["spec"]["minKubeVersion"])
    assert base64.b64decode(version["spec"]["icon"][0]["base64data"]).rstrip().endswith(b"</svg>")
    assert "admission-policies.yaml" in version["spec"]["description"]


@pytest.mark.parametrize(
    ("version", "channel"), [("0.2.0", "preview"), ("1.0.0", "stable"), ("1.1.0-rc.1", "preview"), ("10.0.0", "stable")]
)
def test_a_version_is_in_the_channel_of_its_kind(source: Source, version: str, channel: str) -> None:
    other = Source(source.root, source.commit, EPOCH, version, source.published)
    install = parse_yaml((source.root / "roles" / "operator" / "files" / "install.yaml").read_text(encoding="utf-8"))
    found = yaml.safe_load(olm_bundle.files(other, install["items"])["metadata/annotations.yaml"])["annotations"]
    prefix = "operators.operatorframework.io.bundle"
    assert found[f"{prefix}.channels.v1"] == found[f"{prefix}.channel.default.v1"] == channel
    assert found[f"{prefix}.package.v1"] == "mcp-operator"


def test_images_by_digest_are_related(source: Source, install: list[dict[str, Any]]) -> None:
    given = json.loads(json.dumps(install))
    (deployment,) = of_kind(given, "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    container["image"] = "registry.test/mcp-operator@sha256:1"
    for entry in container["env"]:
        if entry["name"] == "MCP_OPERATOR_BRIDGE_INJECT_IMAGE":
            entry["value"] = "registry.test/mcp-stdio-bridge@sha256:2"
    spec = yaml.safe_load(olm_bundle.files(source, given)[VERSION_FILE])["spec"]
    assert spec["relatedImages"] == [
        {"name": "operator", "image": "registry.test/mcp-operator@sha256:1"},
        {"name": "bridge-inject", "image": "registry.test/mcp-stdio-bridge@sha256:2"},
    ]


def test_a_kind_for_which_there_is_no_place_is_not_left_out(source: Source, install: list[dict[str, Any]]) -> None:
    with pytest.raises(SystemExit, match=r"install\.yaml has a Webhook"):
        olm_bundle.files(source, [*install, {"kind": "Webhook", "metadata": {"name": "x"}}])


def test_archive_image_and_policies_are_the_same_each_time(
    source: Source, install: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = source.root / "roles" / "operator" / "files" / "install.yaml"
    runs = []
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        written = olm_bundle.bundle(source, tmp_path / name, path)
        runs.append({file.name: file.read_bytes() for file in written})
    assert runs[0] == runs[1]
    assert set(runs[0]) == {
        f"{IMAGE}-{source.version}.tar.gz",
        images.archive_name(IMAGE, source.version),
        "admission-policies.yaml",
    }
    policies = [item for item in yaml.safe_load_all(runs[0]["admission-policies.yaml"]) if item]
    assert policies == of_kind(install, "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")


def test_the_image_has_the_files_and_says_so_in_its_labels(source: Source, tmp_path: Path) -> None:
    path = source.root / "roles" / "operator" / "files" / "install.yaml"
    archive, image, _ = olm_bundle.bundle(source, tmp_path, path)
    with tarfile.open(image) as packed:
        packed.extractall(tmp_path / "layout", filter="data")
    blobs = tmp_path / "layout" / "blobs" / "sha256"
    manifest = json.loads((blobs / layouts.digest(tmp_path / "layout").removeprefix("sha256:")).read_bytes())
    config = json.loads((blobs / manifest["config"]["digest"].removeprefix("sha256:")).read_bytes())
    (layer,) = manifest["layers"]
    content = (blobs / layer["digest"].removeprefix("sha256:")).read_bytes()
    assert content == archive.read_bytes()
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(gzip.decompress(content)).hexdigest()}"]
    with tarfile.open(fileobj=io.BytesIO(content)) as found:
        file = found.extractfile("metadata/annotations.yaml")
        assert file is not None
        said = yaml.safe_load(file.read())["annotations"]
        assert VERSION_FILE in found.getnames()
    labels = config["config"]["Labels"]
    assert {name: labels[name] for name in said} == said
    assert labels["org.opencontainers.image.version"] == source.version

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The library of the Operator Lifecycle Manager accepts the bundle."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from support import cluster

sys.path.append(str(cluster.ROOT / "tests" / "tools"))

import addresses
from releasing import olm_bundle
from releasing.source import Source

# It builds a program.
pytestmark = pytest.mark.test_all


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return the folder of the bundle that a release of this checkout has."""
    version = yaml.safe_load((cluster.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    source = Source(cluster.ROOT, "c" * 40, 1_700_000_001, version, addresses.settings(cluster.ROOT))
    install = cluster.ROOT / "roles" / "operator" / "files" / "install.yaml"
    archive, *_ = olm_bundle.bundle(source, tmp_path, install)
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "bundle", filter="data")
    return tmp_path / "bundle"


def verified(folder: Path) -> str:
    """Return what the program finds, which is nothing in a good bundle."""
    program = cluster.tool("tests/cluster", "program", "operator-verify")[0]
    options = ["--operatorhub_validate", "--object_validate"]
    done = subprocess.run([program, "manifests", str(folder), *options], capture_output=True, text=True, check=False)
    # It ends with 0 whatever it finds.
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_bundle_has_no_errors_and_no_warnings(bundle: Path) -> None:
    assert verified(bundle) == ""


@pytest.mark.parametrize(
    ("text", "other", "error"),
    [
        ("supported: true", "supported: false", "none of InstallModeTypes are supported"),
        ("kind: MCPServer", "kind: OtherServer", "not found in bundle"),
    ],
)
def test_mistakes_would_be_found(bundle: Path, text: str, other: str, error: str) -> None:
    path = bundle / "manifests" / "mcp-operator.clusterserviceversion.yaml"
    before = path.read_text(encoding="utf-8")
    assert text in before
    path.write_text(before.replace(text, other), encoding="utf-8")
    assert error in verified(bundle)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""`make release-check` without the images, in a copy of this checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from support import release_checkout

# It builds all packages twice.
pytestmark = pytest.mark.test_all

VERSION = "98.7.6"
NAMES = {
    "SHA256SUMS",
    "admission-policies.yaml",
    "install.yaml",
    "krew-mcp.yaml",
    f"kubectl-mcp-{VERSION}.tar.gz",
    f"mcp-kubernetes-{VERSION}.tar.gz",
    f"mcp-operator-{VERSION}.cdx.json",
    f"mcp-operator-{VERSION}.spdx.json",
    f"mcp-operator-{VERSION}.tgz",
    f"mcp-operator-bundle-{VERSION}.oci.tar",
    f"mcp-operator-bundle-{VERSION}.tar.gz",
    f"mcp-operator-chart-{VERSION}.oci.tar",
    f"mcp-sidecar-{VERSION}.cdx.json",
    f"mcp-sidecar-{VERSION}.spdx.json",
    f"mcp-stdio-runtimes-{VERSION}.cdx.json",
    f"mcp-stdio-runtimes-{VERSION}.spdx.json",
    f"mcp_operator-{VERSION}-py3-none-any.whl",
    f"mcp_operator-{VERSION}.tar.gz",
    f"provenance-{VERSION}.intoto.json",
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose only commit is what is in this checkout."""
    return release_checkout.make(tmp_path_factory.mktemp("release") / "checkout")


def release(checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "tests" / "tools" / "release.py"), "--no-images", *options, VERSION]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_two_runs_make_the_same_files(checkout: Path) -> None:
    done = release(checkout, "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Both runs made the same {len(NAMES)} files." in done.stdout


def test_all_files_have_the_version_and_their_checksum(checkout: Path) -> None:
    done = release(checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    dist = checkout / "dist"
    assert {path.name for path in dist.iterdir()} == NAMES
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=dist, check=True)
    with tarfile.open(dist / f"mcp-kubernetes-{VERSION}.tar.gz") as archive:
        manifest = archive.extractfile("MANIFEST.json")
        changelog = archive.extractfile("CHANGELOG.md")
        assert manifest is not None
        assert changelog is not None
        assert json.load(manifest)["collection_info"]["version"] == VERSION
        # Markdown has a backslash before each dot.
        assert f"v{VERSION}" in changelog.read().decode().replace("\\", "")
    with zipfile.ZipFile(dist / f"mcp_operator-{VERSION}-py3-none-any.whl") as archive:
        assert f'"{VERSION}"' in archive.read("mcp_operator/__init__.py").decode()
    assert f"mcp-operator:{VERSION}" in (dist / "install.yaml").read_text(encoding="utf-8")
    for name in NAMES:
        if name.endswith(".cdx.json"):
            bill = json.loads((dist / name).read_text(encoding="utf-8"))
            assert bill["metadata"]["component"]["version"] == VERSION
            assert bill["components"]
            other = json.loads((dist / name.replace(".cdx.", ".spdx.")).read_text(encoding="utf-8"))
            subject, *packages = other["packages"]
            assert subject["versionInfo"] == VERSION
            purls = [package["externalRefs"][0]["referenceLocator"] for package in packages]
            assert purls == [component["purl"] for component in bill["components"]]


def test_changes_that_are_in_no_commit_are_refused(checkout: Path) -> None:
    path = checkout / "README.md"
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    done = release(checkout)
    path.write_bytes(before)
    assert done.returncode == 1
    assert "Commit the changes" in done.stderr

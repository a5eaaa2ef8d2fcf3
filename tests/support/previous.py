# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The previous release, from the history of this repository: its files and its images."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from . import cluster

sys.path.insert(0, str(cluster.ROOT / "tests" / "servers"))

from imagebuilder import build, catalogue

# After a release, these are its version and its commit.
VERSION = "0.1.0"
COMMIT = "9fb40c11a4a3f6658119e49c9184f3302eef95b4"
REPOSITORY = "localhost/mcp-operator-previous"


def checkout() -> Path:
    """Return a folder with the files of the release."""
    folder = cluster.ROOT / ".cache" / "previous" / COMMIT / "ansible_collections" / "mcp" / "kubernetes"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            archive = Path(work) / "files.tar"
            command = ["git", "archive", "--output", str(archive), COMMIT]
            done = subprocess.run(command, cwd=cluster.ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{done.stderr}This test needs the history: git fetch --unshallow"
            with tarfile.open(archive) as files:
                files.extractall(Path(work) / "files", filter="tar")
            (Path(work) / "files").rename(folder)
    return folder


def collections() -> Path:
    """Return a folder of collections in which this one is that of the release."""
    root = checkout().parents[1]
    for found in (cluster.ROOT / ".cache" / "collections" / "ansible_collections").iterdir():
        if found.name != "mcp" and not (root / found.name).exists():
            (root / found.name).symlink_to(found.resolve())
    return root.parent


def load_images() -> None:
    """Build the images of the operator and of the sidecar of the release, and bring them to the node."""
    images = {image.name: image for image in catalogue.IMAGES}
    bridge = str(checkout() / "bridge")
    wanted = [
        dataclasses.replace(
            images["mcp-operator"],
            name=REPOSITORY.rpartition("/")[2],
            version=VERSION,
            context=str(checkout()),
            kept="",
        ),
        dataclasses.replace(images["mcp-stdio-bridge"], version=VERSION, context=bridge, target="bridge", base=""),
        dataclasses.replace(images["mcp-stdio-runtimes"], version=VERSION, context=bridge),
    ]
    archives = [str(path) for path in build.build(wanted)]
    cluster.tool("tests/cluster", "load", *archives)

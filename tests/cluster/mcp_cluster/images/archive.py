# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""What an image archive holds: names and digests, without unpacking it."""

from __future__ import annotations

import hashlib
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ClusterError

# An index or a manifest is a few kilobytes; more is no image, or a hostile one.
MAX_DOCUMENT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Image:
    reference: str
    manifest: str = ""
    """The manifest's digest, which an OCI archive states."""
    config: str = ""
    """The configuration's digest: a docker archive has no manifest, each importer makes one of its own."""


def images(archive: Path) -> list[Image]:
    try:
        with tarfile.open(archive) as tar:
            names = set(tar.getnames())
            # containerd reads an archive that is both as OCI.
            if "index.json" in names and "oci-layout" in names:
                return _oci(archive, _document(tar, "index.json"))
            if "manifest.json" in names:
                return _docker(tar, _document(tar, "manifest.json"))
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ClusterError(f"{archive} cannot be read as an image archive: {error}.") from error
    raise ClusterError(
        f"{archive} is no image archive: it has neither index.json nor manifest.json.",
        advice="Make one with: buildah push IMAGE docker-archive:FILE:IMAGE (or docker save).",
    )


def _oci(archive: Path, index: Any) -> list[Image]:
    found = []
    for entry in index["manifests"]:
        reference = entry.get("annotations", {}).get("io.containerd.image.name")
        if not reference:
            raise ClusterError(
                f"{archive} is an OCI archive that does not say how its image is called (io.containerd.image.name).",
                advice="Write a docker archive instead: buildah push IMAGE docker-archive:FILE:IMAGE",
            )
        found.append(Image(str(reference), manifest=str(entry["digest"])))
    return found


def _docker(tar: tarfile.TarFile, manifest: Any) -> list[Image]:
    found = []
    for entry in manifest:
        digest = "sha256:" + hashlib.sha256(_read(tar, str(entry["Config"]))).hexdigest()
        found += [Image(normalize(str(tag)), config=digest) for tag in entry.get("RepoTags") or ()]
    if not found:
        raise ClusterError(
            "This docker archive does not say how its image is called.",
            advice="Name it when writing: buildah push IMAGE docker-archive:FILE:IMAGE",
        )
    return found


def _document(tar: tarfile.TarFile, name: str) -> Any:
    return json.loads(_read(tar, name))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is not a file")
    content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise ValueError(f"{name} is larger than {MAX_DOCUMENT} bytes")
    return content


def normalize(tag: str) -> str:
    """The full name that containerd gives to a short one: `redis` is `docker.io/library/redis:latest`."""
    first, slash, _ = tag.partition("/")
    if not slash:
        tag = "docker.io/library/" + tag
    elif "." not in first and ":" not in first and first != "localhost":
        tag = "docker.io/" + tag
    return tag if ":" in tag.rpartition("/")[2] else tag + ":latest"

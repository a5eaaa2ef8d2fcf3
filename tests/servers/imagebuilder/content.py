# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an image is made of, as one hash: an archive with the same hash need not be built again."""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path

from . import bootstrap
from .catalogue import IMAGES_FOLDER, Image

NODE_CONTEXT = IMAGES_FOLDER / "base-node"
IGNORED_NAMES = frozenset({"node_modules", "__pycache__", ".DS_Store"})


def files_of(folder: Path) -> list[Path]:
    """Return the files of a build context in a stable order."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if IGNORED_NAMES.isdisjoint(path.relative_to(folder).parts))


def folder_digest(folder: Path) -> str:
    """Hash names, contents and execute bits of a folder, and nothing that differs between two checkouts."""
    digest = hashlib.sha256()
    for path in files_of(folder):
        content = path.read_bytes()
        executable = bool(path.stat().st_mode & 0o100)
        digest.update(json.dumps([path.relative_to(folder).as_posix(), executable, len(content)]).encode())
        digest.update(content)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    return folder_digest(path) if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()


def base_digest(base: str) -> str:
    """Hash the recipe of a base; the versions of Debian's packages in it are those of the day it is made."""
    parts: list[object] = [base, platform.machine()]
    if base:
        parts.append(bootstrap.recipe(bootstrap.SUITES.get(base, bootstrap.SUITE)))
    if base == "node":
        parts.append(folder_digest(NODE_CONTEXT))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def image_digest(image: Image) -> str:
    parts: list[object] = [image.reference, image.target, base_digest(image.base)]
    if image.sources:
        parts.append(image.containerfile)
        parts += [[source, _digest(image.folder / source)] for source in (image.containerfile, *image.sources)]
    else:
        parts.append(folder_digest(image.folder))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def archive_name(image: Image) -> str:
    return f"{image.name}-{image_digest(image)[:16]}.tar"

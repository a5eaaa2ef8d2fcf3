# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The digest of the playbooks and roles of watches. A change of it reconciles every object."""

from __future__ import annotations

import hashlib
import os
import typing as t
from pathlib import Path

from .content_search import SearchPath
from .definition import Watch

_LENGTH = 16
# Directories with code that runs; the rest of a collection, such as tests, does not change the result.
_PLUGINS = ("action", "filter", "lookup", "module_utils", "modules", "plugin_utils")


def content_version(watches: t.Iterable[Watch], search: SearchPath) -> str:
    """Return the digest of all files of the playbooks, roles and collections that the watches name."""
    digest = hashlib.sha256()
    for place in sorted({place for watch in watches for place in _places(watch, search)}):
        for path in _files(place):
            digest.update(f"{path.relative_to(place.parent)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_LENGTH]


def _places(watch: Watch, search: SearchPath) -> t.Iterator[Path]:
    names = [watch.playbook, watch.role]
    if watch.finalizer is not None:
        names += [watch.finalizer.playbook, watch.finalizer.role]
    for name in filter(None, names):
        collections = [_collection_of(Path(name))] if Path(name).is_absolute() else search.collection(name)
        for root in collections:
            if root is None:
                yield Path(name)
                continue
            yield from (root / part for part in ("playbooks", "roles"))
            yield from (root / "plugins" / part for part in _PLUGINS)


def _collection_of(path: Path) -> Path | None:
    """Return the directory of the collection that contains a file, or None. The file may use all of the collection."""
    for folder in path.parents:
        if folder.parent.parent.name == "ansible_collections":
            return folder
    return None


def _files(place: Path) -> t.Iterator[Path]:
    if place.is_file():
        yield place
        return
    for folder, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file())

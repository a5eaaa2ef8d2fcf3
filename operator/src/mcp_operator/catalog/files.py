# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The files of a catalogue, for a web server that serves folders with their ``index.json``."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

from .._vendor._workload.catalog_documents import Catalogue, card_path
from ..errors import ArgumentsInvalid
from .pages import encode

_WELL_KNOWN: t.Final = Path(".well-known")
_LIST: t.Final = Path("v0.1/servers/index.json")
# All that write() makes. Servers that are no longer listed must not stay; .well-known can have other files.
_FOLDERS: t.Final = ("v0", "v0.1", "server-cards")
# A file that is being written. An export that was interrupted can leave one.
_PARTIAL: t.Final = ".partial"


def write(catalogue: Catalogue, folder: Path) -> int:
    """Write all documents, then delete those of an earlier export that are not listed; return the number of files.

    A web server can serve the folder meanwhile. If it is interrupted, the next export makes up for it.

    :raises ArgumentsInvalid: the folder has other files, or cannot be written.
    """
    try:
        if not (folder / _LIST).is_file() and _has_files(folder):
            raise ArgumentsInvalid(
                f"{folder} has other files than those of an export.", "Name an empty folder, or none that exists."
            )
        for name in (*_FOLDERS, _WELL_KNOWN):
            _check_links(folder / name)
        files = dict(_documents(catalogue))
        # The list first: by it, the next export recognizes the folder.
        for path in dict.fromkeys((_LIST, *files)):
            _replace(folder / path, encode(files[path]))
        for name in _FOLDERS:
            _prune(folder / name, {folder / path for path in files})
    except OSError as exc:
        raise ArgumentsInvalid(f"{folder} cannot be written: {exc.strerror}.", "Check its permissions.") from None
    return len(files)


def _has_files(folder: Path) -> bool:
    """Return whether a folder has files, other than those that an interrupted export leaves."""
    return any(not name.endswith(_PARTIAL) for _place, _folders, names in os.walk(folder) for name in names)


def _check_links(folder: Path) -> None:
    """Check that nothing is written elsewhere through a symbolic link to a folder.

    :raises ArgumentsInvalid: there is such a link.
    """
    found = [folder, *(Path(place, name) for place, names, _files in os.walk(folder) for name in names)]
    for path in found:
        if path.is_symlink():
            raise ArgumentsInvalid(f"{path} is a symbolic link.", "Remove it.")


def _replace(place: Path, content: bytes) -> None:
    """Write a file so that readers see the old or the new content."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}{_PARTIAL}")
    partial.unlink(missing_ok=True)
    with partial.open("xb") as file:
        file.write(content)
    partial.replace(place)


def _prune(folder: Path, keep: set[Path]) -> None:
    """Delete all files but those to keep, and the folders that are empty then."""
    for place, _folders, names in os.walk(folder, topdown=False):
        path = Path(place)
        for name in names:
            if path / name not in keep:
                (path / name).unlink()
        if not any(path.iterdir()):
            path.rmdir()


def _documents(catalogue: Catalogue) -> t.Iterator[tuple[Path, t.Mapping[str, t.Any]]]:
    yield _WELL_KNOWN / "mcp" / "catalog.json", catalogue.mcp_catalog()
    yield _WELL_KNOWN / "ai-catalog.json", catalogue.ai_catalog()
    for version in ("v0", "v0.1"):
        servers = Path(version, "servers")
        yield servers / "index.json", catalogue.whole_list()
        for entry in catalogue.entries:
            # Web servers decode %2F before they look for a file, so the name is two folders.
            folder = servers / entry.registry_name
            found = t.cast("t.Mapping[str, t.Any]", catalogue.version(entry.registry_name))
            yield folder / "index.json", found
            yield (
                folder / "versions" / "index.json",
                t.cast("t.Mapping[str, t.Any]", catalogue.versions(entry.registry_name)),
            )
            for one in ("latest", entry.version):
                yield folder / "versions" / one / "index.json", found
    for entry in catalogue.entries:
        yield Path(card_path(entry).lstrip("/")), entry.card

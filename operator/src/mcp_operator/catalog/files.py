# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The files of a catalogue, for a web server that serves folders with their ``index.json``."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path

from .._vendor._workload.catalog_documents import Catalogue, card_path
from ..errors import ArgumentsInvalid
from .pages import encode

_WELL_KNOWN: t.Final = Path(".well-known")
_LIST: t.Final = Path("v0.1/servers/index.json")
# All that write() makes. Servers that are no longer listed must not stay.
_FOLDERS: t.Final = ("v0", "v0.1", "server-cards")


def write(catalogue: Catalogue, folder: Path) -> int:
    """Write all documents, and delete those of an earlier export; return the number of files.

    :raises ArgumentsInvalid: the folder has other files, or cannot be written.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / _LIST).is_file():
            raise ArgumentsInvalid(
                f"{folder} has other files than those of an export.", "Name an empty folder, or none that exists."
            )
        for name in _FOLDERS:
            if (folder / name).is_symlink():
                raise ArgumentsInvalid(f"{folder / name} is a symbolic link.", "Remove it.")
            shutil.rmtree(folder / name, ignore_errors=True)
        files = dict(_documents(catalogue))
        for path, document in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(encode(document))
    except OSError as exc:
        raise ArgumentsInvalid(f"{folder} cannot be written: {exc.strerror}.", "Check its permissions.") from None
    return len(files)


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

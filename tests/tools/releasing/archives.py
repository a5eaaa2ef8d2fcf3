# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Archives whose bytes depend on their content and on a given time only."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import time
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

_EXECUTABLE, _READABLE = 0o755, 0o644
_SHEBANG = b"#!/usr/bin/env python3\n"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def normalise(path: Path, epoch: int, first: Sequence[str] = ()) -> None:
    """Rewrite a tar.gz archive: members sorted, of no user, and changed at a given time.

    :param epoch: seconds since 1970.
    :param first: names of members that come before all others.
    """
    with tarfile.open(path) as archive:
        members = [(member, _content(archive, member)) for member in archive.getmembers()]
    order = {name: number for number, name in enumerate(first)}
    members.sort(key=lambda pair: (order.get(pair[0].name, len(order)), pair[0].name))
    _write_tar_gz(path, members, epoch)


def pack(path: Path, files: Iterable[tuple[str, Path]], epoch: int) -> None:
    """Write a tar.gz archive of files, by their names in it."""
    members = []
    for name, file in sorted(files):
        member = tarfile.TarInfo(name)
        member.mode = file.stat().st_mode
        members.append((member, file.read_bytes()))
    _write_tar_gz(path, members, epoch)


def pack_layout(path: Path, folder: Path, epoch: int) -> None:
    """Write an uncompressed tar archive of an OCI image layout, whose layers are compressed already."""
    # The order of the specification of image layouts: a reader finds the index before the blobs.
    files = [file for file in folder.rglob("*") if file.is_file()]
    files.sort(key=lambda file: (len(file.relative_to(folder).parts), file.as_posix()))
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for file in files:
            member = _plain(tarfile.TarInfo(file.relative_to(folder).as_posix()), epoch)
            member.size = file.stat().st_size
            with file.open("rb") as content:
                archive.addfile(member, content)


def write_program(path: Path, folder: Path, epoch: int) -> None:
    """Write a folder with ``__main__.py`` as one executable file, as :mod:`zipapp` does.

    The folders are entries of their own, because :mod:`zipimport` finds packages without ``__init__.py`` by them.
    """
    moment = time.gmtime(max(epoch, 315532800))[:6]  # ZIP begins in 1980
    with path.open("wb") as file:
        file.write(_SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for found in sorted(folder.rglob("*")):
                name = found.relative_to(folder).as_posix()
                entry = zipfile.ZipInfo(f"{name}/" if found.is_dir() else name, moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o40755 << 16 | 0x10) if found.is_dir() else (0o100644 << 16)
                archive.writestr(entry, b"" if found.is_dir() else found.read_bytes())
    path.chmod(_EXECUTABLE)


def _write_tar_gz(path: Path, members: Iterable[tuple[tarfile.TarInfo, bytes]], epoch: int) -> None:
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for member, data in members:
            made = _plain(member, epoch)
            made.size = len(data)
            archive.addfile(made, io.BytesIO(data))


def _plain(member: tarfile.TarInfo, epoch: int) -> tarfile.TarInfo:
    made = tarfile.TarInfo(member.name)
    made.type, made.linkname, made.mtime = member.type, member.linkname, epoch
    made.mode = _EXECUTABLE if member.isdir() or member.mode & 0o100 else _READABLE
    return made


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member) if member.isfile() else None
    return file.read() if file else b""

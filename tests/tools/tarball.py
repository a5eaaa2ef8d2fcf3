# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Make the links of the README in a tarball of the collection absolute: Galaxy shows it without the repository."""

from __future__ import annotations

import hashlib
import io
import json
import operator
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

_README, _FILES, _MANIFEST = "README.md", "FILES.json", "MANIFEST.json"
_LINK = re.compile(r"(?<=\]\()(?!https?://|#)([^)\s]+)(?=\))")


def absolute(text: str, base: str) -> str:
    """Return a page with absolute links.

    :param base: URL of the root of the repository at a version.
    """
    return _LINK.sub(lambda link: f"{base}/{link[1]}", text)


def rewrite(path: Path) -> None:
    """Change the README of a tarball, and the checksums that contain it."""
    with tarfile.open(path) as archive:
        members = [(member, _content(archive, member)) for member in archive.getmembers()]
    contents = {member.name: data for member, data in members}
    about = json.loads(contents[_MANIFEST])
    info = about["collection_info"]
    base = f"{info['repository']}/blob/v{info['version']}"
    readme = absolute(contents[_README].decode(), base).encode()
    listed = json.loads(contents[_FILES])
    (entry,) = (one for one in listed["files"] if one["name"] == _README)
    entry["chksum_sha256"] = hashlib.sha256(readme).hexdigest()
    # The order of the file system is another one in each checkout.
    listed["files"].sort(key=operator.itemgetter("name"))
    files = _json(listed)
    about["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(files).hexdigest()
    changed = {_README: readme, _FILES: files, _MANIFEST: _json(about)}
    with tarfile.open(path, "w:gz") as archive:
        for member, data in members:
            new = changed.get(member.name, data)
            member.size = len(new)
            archive.addfile(member, io.BytesIO(new) if member.isfile() else None)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member) if member.isfile() else None
    return file.read() if file else b""


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        rewrite(Path(name))

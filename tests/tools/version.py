# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write a version into all files that contain it: ``version.py VERSION``.

install.yaml and the README of the chart are made of other files: `make version` makes them, too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import addresses

ROOT = Path(__file__).resolve().parents[2]
# Semantic versioning, restricted to what PEP 440 can express as well.
_NUMBER = r"(?:0|[1-9][0-9]*)"
VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-(?:alpha|beta|rc)\.{_NUMBER})?")
# Where the version is a value, with all that stands before it in the first group.
PLACES = {
    "galaxy.yml": r"(?m)^(version: )(\S+)$",
    "operator/chart/Chart.yaml": r"(?m)^((?:v|appV)ersion: )(\S+)$",
    "operator/src/mcp_operator/__init__.py": r'(?m)^(__version__ = ")([^"]+)',
    "plugins/module_utils/_mcp/options.py": r'(?m)^(CLIENT_VERSION = ")([^"]+)',
}
# Names of images, archives and charts that a version follows in texts.
_NAMED = r"((?:mcp-operator|mcp-stdio-bridge|mcp-stdio-runtimes|mcp-kubernetes|MCP operator)[:\- ])"


def written(root: Path) -> str:
    """Return the version that the files contain now."""
    match = re.search(PLACES["galaxy.yml"], (root / "galaxy.yml").read_text(encoding="utf-8"))
    if match is None:
        sys.exit("galaxy.yml contains no version.")
    return match[2]


def tagged(root: Path) -> str:
    """Return the version of the tag at the commit that is checked out, as a pipeline for tags has it.

    :raises SystemExit: no tag or several tags name a version, or the commit contains another one.
    """
    command = ["git", "tag", "--points-at", "HEAD"]
    found = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    versions = [tag.removeprefix("v") for tag in found if tag.startswith("v") and VERSION.fullmatch(tag[1:])]
    if len(versions) != 1:
        sys.exit(f"Say which version: {len(versions)} tags at this commit are like v1.2.3. Example: VERSION=1.2.3")
    if versions[0] != written(root):
        sys.exit(f"The tag is v{versions[0]}, and the files contain {written(root)}. Tag the commit of `make version`.")
    return versions[0]


def changes(root: Path, version: str) -> dict[Path, str]:
    """Return the files that contain the present version, with the text that they are to have.

    :raises SystemExit: the version is none, or a file does not contain one where it must.
    """
    if not VERSION.fullmatch(version):
        sys.exit(f"{version!r} is no version. Write it like 1.2.3 or 1.2.3-rc.1.")
    named = re.compile(_NAMED + re.escape(written(root)) + r"(?![\w-]|\.\d)")
    found = {}
    for path in addresses.tracked(root):
        text = made = path.read_text(encoding="utf-8", errors="surrogateescape")
        place = PLACES.get(path.relative_to(root).as_posix())
        if place is not None:
            made, count = re.subn(place, rf"\g<1>{version}", made)
            if not count:
                sys.exit(f"{path} does not contain {place}.")
        made = named.sub(rf"\g<1>{version}", made)
        if made != text:
            found[path] = made
    return found


def write(root: Path, version: str) -> None:
    """Write the version into the files."""
    for path, text in changes(root, version).items():
        path.write_text(text, encoding="utf-8", errors="surrogateescape")


def main() -> None:
    """Write the version of the command line."""
    if len(sys.argv) != 2:
        sys.exit("Usage: version.py VERSION")
    write(ROOT, sys.argv[1])


if __name__ == "__main__":
    main()

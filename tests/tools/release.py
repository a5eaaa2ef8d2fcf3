# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Make all files of a release from the commit that is checked out: ``release.py VERSION``, by default that of its tag.

``release.py --check VERSION`` makes them twice and fails if a file differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from releasing.archives import sha256
from releasing.build import build
from steps import CACHE, ROOT
from version import VERSION, tagged


def table(files: list[Path]) -> str:
    """Return names, sizes in bytes and digests."""
    width = max(len(path.name) for path in files)
    rows = [f"{path.name:{width}}  {path.stat().st_size:>11,}  sha256:{sha256(path)}" for path in files]
    return "\n".join(rows)


def different(first: list[Path], second: list[Path]) -> list[str]:
    """Return the names of files that are not the same in both lists."""
    digests = [{path.name: sha256(path) for path in files} for files in (first, second)]
    names = digests[0].keys() | digests[1].keys()
    return sorted(name for name in names if digests[0].get(name) != digests[1].get(name))


def main() -> None:
    """Make the files, once or twice, and print what they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", metavar="VERSION", help="for example 1.2.3 (that of the tag v1.2.3)")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER", help="is replaced (dist)")
    parser.add_argument("--no-images", action="store_true", help="leave out the images, which need root or Docker")
    parser.add_argument("--check", action="store_true", help="make the files twice, in temporary folders, and compare")
    options = parser.parse_args()
    options.version = options.version or tagged(ROOT)
    if not VERSION.fullmatch(options.version):
        parser.error(f"{options.version!r} is no version. Write it like 1.2.3 or 1.2.3-rc.1.")
    if not options.check:
        print(table(build(options.version, options.output.absolute(), with_images=not options.no_images)))
        return
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="release-check-") as scratch:
        first, second = (
            build(options.version, Path(scratch) / name, with_images=not options.no_images) for name in ("1", "2")
        )
        print(table(first))
        found = different(first, second)
    if found:
        sys.exit(f"These files differ between two runs: {', '.join(found)}")
    print(f"Both runs made the same {len(first)} files.")


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Other versions of ansible-core than the newest, which is in ``.venv``.

Each has a virtual environment of its own, shared by all checkouts of this machine and made when it is first asked for.
``cores.py VERSION...`` makes some and prints where their programs are.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bootstrap import MACHINE_CACHE, ROOT, alone, digest, make_virtual_environment, runs

NEWEST = "2.21"
OLDER = ["2.19", "2.20"]
# All of them run with these; the first that is there is taken.
PYTHONS = ["3.13", "3.12"]


def programs(version: str) -> Path:
    """Return the folder with the programs of a core."""
    if version == NEWEST:
        return ROOT / ".venv" / "bin"
    return installed("cores", f"core-{version}")


def installed(folder: str, lock_name: str) -> Path:
    """Return the folder with the programs of a lock file, which are installed on first use.

    :param folder: of the machine's cache.
    :param lock_name: of the file in requirements/, without its ending.
    """
    lock = ROOT / "requirements" / f"{lock_name}.txt"
    home = MACHINE_CACHE / folder
    home.mkdir(parents=True, exist_ok=True)
    venv = home / f"{lock_name}-{digest(lock)}"
    with alone(home / f"{lock_name}.lock"):
        make_virtual_environment(venv, lock, interpreter())
    return venv / "bin"


def interpreter() -> str:
    """Return a Python that every core runs with."""
    for version in PYTHONS:
        name = f"python{version}"
        found = [shutil.which(name), *map(str, sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/{name}")))]
        for candidate in found:
            # A name on PATH proves nothing: version managers leave shims behind that fail when run.
            if candidate is not None and runs(Path(candidate)):
                return candidate
    sys.exit(f"None of Python {', '.join(PYTHONS)} was found, with which all supported ansible-core versions run.")


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(programs(wanted))

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""yamllint, for the files that have changed since they last passed.

yamllint has no cache and parses in Python. It judges each file by itself, so a file passes again if its path, its
content, the configuration and the version of yamllint are the same.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from steps import BIN, CACHE, ROOT

YAMLLINT = BIN / "yamllint"
PASSED = CACHE / "yamllint"


def digests(root: Path, names: list[str]) -> dict[str, str]:
    """Return for each file a digest of all that its verdict depends on."""
    rules = hashlib.sha256(version("yamllint").encode() + (root / ".yamllint").read_bytes()).digest()
    found = {}
    for name in names:
        content = hashlib.sha256((root / name).read_bytes()).digest()
        found[name] = hashlib.sha256(rules + content + name.encode()).hexdigest()
    return found


def lint(root: Path = ROOT, passed: Path = PASSED) -> int:
    """Check all files but those that passed before; return the exit code of yamllint."""
    listed = subprocess.run([YAMLLINT, "--list-files", "."], cwd=root, check=True, stdout=subprocess.PIPE, text=True)
    now = digests(root, listed.stdout.splitlines())
    before = set(passed.read_text(encoding="ascii").split()) if passed.exists() else set()
    changed = [name for name, digest in now.items() if digest not in before]
    code = subprocess.run([YAMLLINT, "--strict", *changed], cwd=root, check=False).returncode if changed else 0
    if code == 0:
        passed.parent.mkdir(exist_ok=True)
        passed.write_text("\n".join(now.values()), encoding="ascii")
    return code


if __name__ == "__main__":
    sys.exit(lint())

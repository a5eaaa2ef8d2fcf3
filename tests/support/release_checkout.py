# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A copy of this checkout in a repository of its own, of which a release is made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from . import cluster

_GIT = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]


def make(copy: Path) -> Path:
    """Make a repository whose only commit is what is in this checkout, or on its way into its repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=cluster.ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        path, target = cluster.ROOT / name, copy / name
        # The operator has a link to a folder.
        if not path.is_file() and not path.is_symlink():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)
    (copy / ".venv").symlink_to(cluster.ROOT / ".venv")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "collections").symlink_to(cluster.ROOT / ".cache" / "collections")
    subprocess.run([*_GIT, "init", "--quiet"], cwd=copy, check=True)
    (copy / ".git" / "info").mkdir(exist_ok=True)
    (copy / ".git" / "info" / "exclude").write_text(".venv\n", encoding="utf-8")
    commit(copy, "All")
    return copy


def commit(copy: Path, message: str) -> None:
    """Commit all changes."""
    subprocess.run([*_GIT, "add", "."], cwd=copy, check=True)
    subprocess.run([*_GIT, "commit", "--quiet", "--message", message], cwd=copy, check=True)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The files that a release is made of: a commit, with the version written into it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import addresses
import yaml
from steps import BIN, COLLECTIONS, ROOT

PYTHON = str(BIN / "python")


@dataclass(frozen=True)
class Source:
    """A clone of the repository.

    :param root: path of the clone.
    :param commit: 40 hexadecimal digits.
    :param epoch: when the commit was made, in seconds since 1970: the time of all files in archives.
    """

    root: Path
    commit: str
    epoch: int
    version: str
    published: addresses.Addresses

    @property
    def created(self) -> str:
        """The time of the commit, as formats of OCI and SPDX have it."""
        return f"{dt.datetime.fromtimestamp(self.epoch, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the tools that make archives of the clone."""
        collections = self.root.parents[2]
        return {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "ANSIBLE_COLLECTIONS_PATH": f"{collections}{os.pathsep}{COLLECTIONS}",
            "ANSIBLE_HOME": str(collections / "home"),
            # Sets of strings otherwise have another order in each process.
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": str(self.epoch),
            # As the sidecar is built; its bill of materials says it.
            "CGO_ENABLED": "0",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str) -> None:
        """Run a command in the clone; its output is shown if it fails.

        :raises SystemExit: it failed.
        """
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if done.returncode:
            sys.exit(f"{done.stdout}\nFailed with exit status {done.returncode}: {' '.join(command)}")


def prepare(folder: Path, version: str) -> Source:
    """Clone the commit that is checked out, and write the version into all files that contain it.

    :param folder: an empty folder for the clone.
    :raises SystemExit: the checkout has changes that are in no commit.
    """
    if _git(ROOT, "status", "--porcelain"):
        sys.exit("A release is made of a commit. Commit the changes of this checkout first: git status shows them.")
    commit = _git(ROOT, "rev-parse", "HEAD")
    # Ansible finds a collection by the names of its folders.
    root = folder / "ansible_collections" / "mcp" / "kubernetes"
    root.parent.mkdir(parents=True)
    _git(ROOT, "clone", "--quiet", "--no-checkout", str(ROOT), str(root))
    _git(root, "checkout", "--quiet", "--detach", commit)
    epoch = int(_git(root, "log", "-1", "--format=%ct"))
    source = Source(root, commit, epoch, version, addresses.settings(root))
    source.run(PYTHON, "tests/tools/version.py", version)
    source.run(PYTHON, "tests/tools/install_yaml.py")
    source.run(PYTHON, "tests/tools/chart_readme.py")
    _release_changelog(source)
    return source


def _release_changelog(source: Source) -> None:
    """Collect the fragments as the changes of this version, unless a commit has done it."""
    file = source.root / "changelogs" / "changelog.yaml"
    if source.version in yaml.safe_load(file.read_text(encoding="utf-8"))["releases"]:
        return
    date = dt.datetime.fromtimestamp(source.epoch, dt.UTC).date().isoformat()
    source.run(PYTHON, "tests/tools/fragments.py")
    source.run(str(BIN / "antsibull-changelog"), "release", "--version", source.version, "--date", date)


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stderr}\nA release is made of a commit of a git repository, and git {words[0]} failed.")
    return done.stdout.strip()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The private data directory of a run: in memory, readable by its owner only, and removed after the run.

After a failed run the end of its output is kept in ``failed/``, for the last few failed runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import sys
import typing as t
from pathlib import Path

from .run_request import RunRequest

_OUTPUT = 64 * 1024
_FAILED = "failed"
# Ansible and Python create Unix sockets in subdirectories, and the path of a socket is limited to 107 characters.
_LONGEST_ROOT = 48


class RunDirectory:
    """The directory of one run, in the layout of ansible-runner.

    :param root: the parent directory of all runs.
    :param ident: the ID of the run.
    """

    def __init__(self, root: Path, ident: str) -> None:
        self.root = root
        self.ident = ident
        self.path = root / ident

    @property
    def inventory(self) -> Path:
        """The inventory file; the inventory plugin recognizes it by its suffix."""
        return self.path / "inventory" / "objects.mcp.json"

    @property
    def _output(self) -> Path:
        return self.path / "artifacts" / self.ident / "stdout"

    def fill(self, request: RunRequest) -> str:
        """Write the inventory, the variables and, for a role, a playbook; return the playbook to run.

        :raises OSError: a file cannot be written, for example because the file system is full.
        """
        # Created separately: parents=True would create it with default permissions.
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700)
        for folder in ("inventory", "env", "project", "tmp"):
            (self.path / folder).mkdir(mode=0o700)
        connection = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        hosts = {name: {**variables, **connection} for name, variables in request.hosts.items()}
        _write(self.inventory, {"hosts": hosts})
        if request.extra_vars:
            _write(self.path / "env" / "extravars", request.extra_vars)
        if request.content.playbook is not None:
            return request.content.playbook
        # JSON is valid YAML, and needs no quoting of names.
        playbook = self.path / "project" / "role.yml"
        _write(playbook, [{"hosts": "all", "roles": [{"role": request.content.role}]}])
        return str(playbook)

    def keep_output(self, most: int) -> None:
        """Keep the end of a failed run's output, and remove the oldest beyond ``most`` outputs."""
        folder = self.root / _FAILED
        with contextlib.suppress(OSError):
            if most > 0 and self._output.is_file():
                folder.mkdir(mode=0o700, exist_ok=True)
                with self._output.open("rb") as output:
                    output.seek(max(0, self._output.stat().st_size - _OUTPUT))
                    _write_bytes(folder / f"{self.ident}.txt", output.read(_OUTPUT))
            kept = sorted(folder.glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
            for path in kept[: max(0, len(kept) - most)]:
                path.unlink()

    def remove(self) -> None:
        """Remove the directory and everything that the run created in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def prepare_root(root: Path) -> None:
    """Create the parent directory of all runs, and remove directories left behind by a killed operator.

    :raises ValueError: the path is too long, or leads to what another user created.
    :raises OSError: the directory cannot be created.
    """
    if len(str(root)) > _LONGEST_ROOT:
        raise ValueError(f"{root} is longer than {_LONGEST_ROOT} characters; Ansible's sockets need the rest.")
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = root.lstat()
    # Where all users can create files, such as /dev/shm of a shared machine, another user may have been first.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), 0):
        raise ValueError(f"{root} is not a directory of this user or of root. Remove it, or choose another one.")
    if found.st_uid == os.geteuid():
        root.chmod(0o700)
    for path in root.iterdir():
        if path.is_dir() and path.name != _FAILED:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, value: t.Any) -> None:
    _write_bytes(path, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _write_bytes(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Make the checkout ready to work in: the virtual environment and the collections beside ours.

Everything lands in ``.venv`` and ``.cache`` of this checkout; the user's own ``~/.ansible`` is never touched.
Doing it again costs next to nothing while the lock files stay the same. Standard library only: nothing is
installed yet when this runs.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
COLLECTIONS = ROOT / ".cache" / "collections" / "ansible_collections"
MACHINE_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mcp-kubernetes"
DEV_LOCK = ROOT / "requirements" / "dev.txt"
COLLECTIONS_LOCK = ROOT / "requirements" / "collections.txt"


def main() -> None:
    """Bring every part up to date, one process at a time."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    with alone(ROOT / ".cache" / "bootstrap.lock"):
        # Python's own name for the interpreter behind a virtual environment, so that this works from within one.
        make_virtual_environment(VENV, DEV_LOCK, getattr(sys, "_base_executable", sys.executable))
        extract_kubernetes_core()
        link_checkout()


def make_virtual_environment(venv: Path, lock: Path, python: str) -> None:
    """Install exactly what a lock names into a virtual environment, which is made with an interpreter."""
    stamp = venv / ".lock-installed"
    wanted = digest(lock)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not runs(venv / "bin" / "python"):
        with progress(f"Making the virtual environment {venv.name} with {python}"):
            run([python, "-m", "venv", "--clear", str(venv)])
    with progress(f"Installing {lock.name} into {venv.name} (about a minute the first time)"):
        run([*pip(venv), "install", "--require-hashes", "--requirement", str(lock)])
    stamp.write_text(wanted, encoding="utf-8")


def pip(venv: Path) -> list[str]:
    """Return the beginning of a command of a virtual environment's pip."""
    return [str(venv / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]


def extract_kubernetes_core() -> None:
    """Take kubernetes.core out of the ``ansible`` package, because not everybody can reach Ansible Galaxy.

    Installing that package would bring in dozens of collections (over 400 MB) that slow every Ansible tool down.
    """
    target = COLLECTIONS / "kubernetes" / "core"
    stamp = target.parent / ".core-extracted-from"
    wanted = digest(COLLECTIONS_LOCK)
    if target.is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    wheels = MACHINE_CACHE / "wheels" / wanted
    if not any(wheels.glob("*.whl")):
        with progress("Downloading the package that carries kubernetes.core (about 50 MB)"):
            download_wheel(wheels)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        prefix = "ansible_collections/kubernetes/core/"
        with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
            wheel.extractall(scratch, [name for name in wheel.namelist() if name.startswith(prefix)])
        shutil.rmtree(target, ignore_errors=True)
        (Path(scratch) / prefix).rename(target)
    stamp.write_text(wanted, encoding="utf-8")


def download_wheel(wheels: Path) -> None:
    """Fill ``wheels`` in one step, so that a broken download leaves nothing behind that looks complete."""
    wheels.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wheels.parent) as scratch:
        landing = Path(scratch) / "wheels"
        download = [*pip(VENV), "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        run([*download, "--dest", str(landing), "--requirement", str(COLLECTIONS_LOCK)])
        shutil.rmtree(wheels, ignore_errors=True)
        landing.rename(wheels)


def link_checkout() -> None:
    """Let Ansible and Python find this checkout as the collection ``mcp.kubernetes``."""
    link = COLLECTIONS / "mcp" / "kubernetes"
    if not link.is_symlink():
        link.parent.mkdir(parents=True, exist_ok=True)
        # Relative, so that the checkout can be moved.
        link.symlink_to(Path(os.path.relpath(ROOT, link.parent)), target_is_directory=True)


def digest(path: Path) -> str:
    """Return a short name for the content of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def runs(python: Path) -> bool:
    """Tell whether an interpreter starts: a virtual environment outlives the Python that it was made from."""
    return python.exists() and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Keep out other processes that hold the same file."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Say what is going on, and how long it took; standard output is for answers."""
    print(f">> {what} ...", file=sys.stderr, flush=True)
    start = time.monotonic()
    yield
    print(f"   done in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def run(command: list[str]) -> None:
    """Run a command; its own words are the best explanation of a failure."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"bootstrap: failed: {' '.join(command)}")


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The oracle's own virtual environment: made on demand, once per machine, beside the images in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from imagebuilder import cache
from imagebuilder.errors import BuildError
from imagebuilder.progress import say

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
INSTALL_DEADLINE = 600


def describe(url: str, transport: str, timeout: float) -> int:
    """Run the oracle on a server; its JSON goes to standard output."""
    command = [str(python()), str(HERE / "describe.py"), url, transport, str(timeout)]
    try:
        # It keeps its own deadline; this one is for an oracle that hangs in its clean-up.
        return subprocess.run(command, check=False, timeout=timeout + 30).returncode
    except subprocess.TimeoutExpired:
        raise BuildError(f"The oracle did not end {timeout + 30:.0f} s after it was asked about {url}.") from None


def python() -> Path:
    """Return the interpreter of the environment, made when it is missing."""
    identity = f"{sys.version_info.major}.{sys.version_info.minor}\n".encode() + REQUIREMENTS.read_bytes()
    folder = cache.folder().parent / "oracle" / hashlib.sha256(identity).hexdigest()[:16]
    interpreter = folder / "bin" / "python"
    if not interpreter.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not interpreter.exists():
                _make(folder)
    return interpreter


def _make(folder: Path) -> None:
    say("making the oracle's environment (about 30 s, once)")
    # The interpreter appears under its final name last: what a killed predecessor left is not taken for whole.
    partial = folder.with_suffix(".partial")
    for leftover in (partial, folder):
        shutil.rmtree(leftover, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(partial)])
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    _run([str(partial / "bin" / "python"), *install, "-r", str(REQUIREMENTS)])
    partial.replace(folder)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_DEADLINE)
    except subprocess.TimeoutExpired:
        raise BuildError(f"{' '.join(command[:4])} was not done after {INSTALL_DEADLINE} s.") from None
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command[:4])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The oracles' own environments: made on demand, once per machine, beside the images in the cache."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from imagebuilder import cache
from imagebuilder.errors import BuildError
from imagebuilder.progress import say

HERE = Path(__file__).resolve().parent
SERVERS = HERE.parent
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


def python(requirements: Path = REQUIREMENTS) -> Path:
    """Return the interpreter of the environment of some requirements, made when it is missing."""
    identity = f"{sys.version_info.major}.{sys.version_info.minor}\n".encode() + requirements.read_bytes()

    def make(folder: Path) -> None:
        run([sys.executable, "-m", "venv", str(folder)])
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        run([str(folder / "bin" / "python"), *install, "-r", str(requirements)])

    return made(identity, make, f"the environment of {requirements.parent.name} (about 30 s, once)") / "bin" / "python"


def node_modules(source: Path = HERE / "node") -> Path:
    """Return a folder with some npm packages, installed when it is missing; a new enough node is one of them.

    :param source: the folder of ``package.json`` and its lock, by default the official SDKs and npm servers.
    """
    lock = source / "package-lock.json"

    def make(folder: Path) -> None:
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, folder)
        # What runs at installation would download; node itself comes as a file of its package.
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)])

    return made(lock.read_bytes(), make, f"the npm packages of {source.name} (up to a minute, once)")


def go_server() -> Path:
    """Return the Go SDK's server, built when it is missing."""
    return _go_program(SERVERS / "images" / "go", "./cmd/clock-server", "the Go SDK's server")


def sidecar() -> Path:
    """Return the project's stdio sidecar, built when it is missing."""
    return _go_program(SERVERS.parents[1] / "sidecar", "./cmd/mcp-sidecar", "the sidecar")


def pod_security() -> Path:
    """Return Kubernetes' own checks of the Pod Security Standards as a program, built when it is missing."""
    return _go_program(HERE / "pod_security", "./cmd/pod-security", "Kubernetes' checks of Pod Security")


def health() -> Path:
    """Return the health checks of kpt, Flux and Argo CD as a program, built when it is missing."""
    return _go_program(HERE / "health", "./cmd/health", "the health checks of GitOps tools")


def _go_program(module: Path, package: str, what: str) -> Path:
    sources = sorted(module.rglob("*.*"))
    identity = b"\0".join(path.read_bytes() for path in sources if path.is_file())

    def make(folder: Path) -> None:
        folder.mkdir()
        run(["go", "build", "-C", str(module), "-o", str(folder), package])

    return made(identity, make, f"{what} (about a minute, once)") / Path(package).name


def made(identity: bytes, make: Callable[[Path], None], what: str) -> Path:
    """Return the folder of this content in the machine's cache."""
    folder = cache.folder().parent / "oracle" / hashlib.sha256(identity).hexdigest()[:16]
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            say(f"making {what}")
            # It appears under its final name last: what a killed predecessor left is not taken for whole.
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            make(partial)
            partial.replace(folder)
    return folder


def run(command: list[str], cwd: Path | None = None) -> None:
    """Run a command of an installation.

    :raises BuildError: it failed, or did not end within ten minutes.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_DEADLINE, cwd=cwd)
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise BuildError(f"{' '.join(command[:4])} did not run to its end: {exc}.") from None
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command[:4])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

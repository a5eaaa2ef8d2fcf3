# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which engine builds here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from . import cache
from .buildah import Buildah
from .catalogue import Image
from .docker import Docker
from .errors import BuildError
from .process import Runner
from .progress import say

PACKAGES = {"buildah": "buildah", "mmdebstrap": "mmdebstrap", "unshare": "util-linux"}
KEYRING = "debian-archive-keyring"


class Engine(Protocol):
    """Builds images into archives."""

    def build(self, image: Image, archive: Path) -> None: ...

    def finish(self) -> None: ...


def choose(wanted: str) -> str:
    """Return the engine that can work here: "buildah" or "docker".

    What is there goes before what must be installed first.
    """
    if wanted != "auto":
        return wanted
    root = os.geteuid() == 0
    if root and not missing_packages():
        return "buildah"
    if docker_answers():
        return "docker"
    if root and shutil.which("apt-get"):
        return "buildah"
    raise BuildError(
        "No way to build images here: Docker's engine does not answer, and buildah with mmdebstrap needs root on "
        "Debian or Ubuntu. Start Docker, or run this as root there."
    )


def make(name: str, runner: Runner, work: Path, secrets: Mapping[str, Path]) -> Engine:
    if name == "docker":
        return Docker(runner, secrets)
    require_buildah(runner)
    return Buildah(runner, cache.folder() / "storage", work, secrets)


def require_buildah(runner: Runner) -> None:
    """Install what buildah needs.

    :raises BuildError: it cannot build here.
    """
    if os.geteuid() != 0:
        raise BuildError("buildah with mmdebstrap needs root here. Run this as root, or use --engine docker.")
    install_packages(runner)


def missing_packages() -> list[str]:
    return sorted(package for program, package in PACKAGES.items() if not shutil.which(program))


def docker_answers() -> bool:
    try:
        command = ["docker", "version", "--format", "{{.Server.Version}}"]
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_packages(runner: Runner) -> None:
    missing = missing_packages()
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise BuildError(f"{', '.join(missing)} must be installed first: this is neither Debian nor Ubuntu.")
    say(f"installing {', '.join(missing)} (about 30 s, once)")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # Somebody else may be installing at this moment.
    apt = ["apt-get", "--option", "DPkg::Lock::Timeout=300"]
    runner.run([*apt, "update"], step="apt-get update", seconds=20, environment=quiet)
    install = [*apt, "install", "--yes", "--no-install-recommends", KEYRING, *missing]
    runner.run(install, step="apt-get install", seconds=30, environment=quiet)

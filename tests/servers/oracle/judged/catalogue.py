# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The list of servers: ``servers/*.yaml``, one file for each ecosystem.

A file has ``servers``, each with the keys of :class:`Judged` in the plural where one entry stands for several servers,
and ``reasons``, each with ``servers`` (a pattern), ``code`` or ``client``, and ``why``.
"""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
STREAMABLE = "streamable-http"


@dataclasses.dataclass(frozen=True)
class Judged:
    """A server: the packages that it needs, how it is started, and where it answers."""

    name: str
    ecosystem: str
    version: str
    packages: dict[str, list[str]]  # by installer: pypi, npm, go, cargo, maven, debian
    command: tuple[str, ...]  # placeholders: see place.py
    transport: str = STREAMABLE
    path: str = "/mcp"
    program: str = ""  # a folder of programs/ that is built with the packages
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    front: tuple[str, ...] = ()  # the command of a reverse proxy; its configuration is in fronts/
    tls: bool = False
    token: str = ""  # the bearer token that it requires
    handshake: bool = True  # it supports a revision before 2026-07-28
    fresh: bool = False  # it is started anew for each client


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why the validator and a client may differ about servers."""

    servers: str  # a pattern of names
    why: str
    code: str = ""  # an issue of level error, of a server that clients can use
    client: str = ""  # a client that fails on a server that passes

    def explains(self, name: str) -> bool:
        """Tell whether the reason is about a server."""
        return fnmatch.fnmatchcase(name, self.servers)


def load(folder: Path = HERE / "servers") -> tuple[list[Judged], list[Reason]]:
    """Read all files and return the servers and the reasons.

    :raises ValueError: two servers have one name.
    """
    servers: list[Judged] = []
    reasons: list[Reason] = []
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        servers += [server for entry in content["servers"] for server in _expand(path.stem, dict(entry))]
        reasons += [Reason(**entry) for entry in content.get("reasons", [])]
    names = [server.name for server in servers]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"Several servers have the name {', '.join(sorted(twice))}.")
    return servers, reasons


def _expand(ecosystem: str, entry: dict[str, Any]) -> Iterator[Judged]:
    """Return a server for each version and variant of an entry."""
    versions = entry.pop("versions")
    variants = entry.pop("variants", [{}])
    for version in map(str, versions):
        for variant in variants:
            fields = {**entry, **variant}
            suffix = fields.pop("suffix", "")
            name = f"{fields.pop('name')}-{version}{'-' if suffix else ''}{suffix}"
            packages = {
                installer: [package.replace("{version}", version) for package in packages]
                for installer, packages in fields.pop("packages").items()
            }
            fields["command"] = tuple(fields["command"])
            fields["front"] = tuple(fields.get("front", ()))
            yield Judged(name, ecosystem, version, packages, **fields)

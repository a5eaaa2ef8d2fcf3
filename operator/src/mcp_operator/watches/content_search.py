# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Where the playbooks and roles are that ``watches.yaml`` names. They are looked for once, at the start."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

_COLLECTIONS = ("/usr/share/ansible/collections", "~/.ansible/collections")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPath:
    """Where to look.

    :param base: the folder that relative paths begin at.
    """

    base: Path
    collections: tuple[Path, ...]
    roles: tuple[Path, ...]

    @classmethod
    def of(cls, base: Path, environment: t.Mapping[str, str]) -> SearchPath:
        """Return what Ansible's environment variables say."""
        collections = _paths(environment.get("ANSIBLE_COLLECTIONS_PATH", "")) or _paths(":".join(_COLLECTIONS))
        return cls(base=base, collections=collections, roles=_paths(environment.get("ANSIBLE_ROLES_PATH", "")))

    def playbook(self, name: str) -> str | None:
        """Return a playbook's absolute path, or its name where it is in a collection; None if there is none."""
        path = self.base / name  # an absolute name replaces the base
        if path.is_file():
            return str(path)
        if not _NAME.fullmatch(name):
            return None
        namespace, collection, *folders, play = name.split(".")
        for root in self._roots(namespace, collection):
            if any(root.joinpath("playbooks", *folders, f"{play}{ending}").is_file() for ending in (".yml", ".yaml")):
                return name
        return None

    def role(self, name: str) -> str | None:
        """Return a role's absolute path, or its name where it is in a collection; None if there is none."""
        if Path(name).is_absolute():
            return name if Path(name).is_dir() else None
        if _NAME.fullmatch(name) and name.count(".") == 2:
            namespace, collection, role = name.split(".")
            if any((root / "roles" / role).is_dir() for root in self._roots(namespace, collection)):
                return name
        places = [place for path in self.roles for place in (path / name, path / "roles" / name)]
        return next((str(place) for place in [*places, self.base / "roles" / name] if place.is_dir()), None)

    def collection(self, name: str) -> list[Path]:
        """Return where the collection of a playbook's or role's name is: the first that Ansible would find."""
        namespace, collection, *_rest = name.split(".")
        return [root for root in self._roots(namespace, collection) if root.is_dir()][:1]

    def _roots(self, namespace: str, collection: str) -> t.Iterator[Path]:
        for path in self.collections:
            # Ansible takes the folder itself, too.
            inner = path if path.name == "ansible_collections" else path / "ansible_collections"
            yield inner / namespace / collection


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(Path(part).expanduser().absolute() for part in text.split(":") if part)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Find the playbooks and roles that ``watches.yaml`` names, once at the start."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

_COLLECTIONS = ("/usr/share/ansible/collections", "~/.ansible/collections")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPath:
    """The search paths.

    :param base: the directory of relative paths.
    """

    base: Path
    collections: tuple[Path, ...]
    roles: tuple[Path, ...]

    @classmethod
    def of(cls, base: Path, environment: t.Mapping[str, str]) -> SearchPath:
        """Return the search paths from Ansible's environment variables."""
        collections = _paths(environment.get("ANSIBLE_COLLECTIONS_PATH", "")) or _paths(":".join(_COLLECTIONS))
        return cls(base=base, collections=collections, roles=_paths(environment.get("ANSIBLE_ROLES_PATH", "")))

    def playbook(self, name: str) -> str | None:
        """Return the absolute path of a playbook, or its name if it is in a collection; None if it does not exist."""
        path = self.base / name  # an absolute path replaces the base
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
        """Return the absolute path of a role, or its name if it is in a collection; None if it does not exist."""
        if Path(name).is_absolute():
            return name if Path(name).is_dir() else None
        if _NAME.fullmatch(name) and name.count(".") == 2:
            namespace, collection, role = name.split(".")
            if any((root / "roles" / role).is_dir() for root in self._roots(namespace, collection)):
                return name
        places = [place for path in self.roles for place in (path / name, path / "roles" / name)]
        return next((str(place) for place in [*places, self.base / "roles" / name] if place.is_dir()), None)

    def collection(self, name: str) -> list[Path]:
        """Return the directory of the collection of a playbook or role: the first one that Ansible would find."""
        namespace, collection, *_rest = name.split(".")
        return [root for root in self._roots(namespace, collection) if root.is_dir()][:1]

    def _roots(self, namespace: str, collection: str) -> t.Iterator[Path]:
        for path in self.collections:
            # As in Ansible, the path may be that of the directory itself.
            inner = path if path.name == "ansible_collections" else path / "ansible_collections"
            yield inner / namespace / collection


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(Path(part).expanduser().absolute() for part in text.split(":") if part)

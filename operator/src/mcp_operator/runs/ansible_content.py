# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a watch runs, and whether it is written for many hosts or, as for ansible-operator, for localhost alone."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

import yaml

from ..watches.definition import Watch
from .run_request import Content

_COLLECTION_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*){2,}", re.ASCII)
_LOCALHOST = frozenset({"localhost", "127.0.0.1"})
_FOLDER = "ansible_collections"
# Folders beside a playbook from which Ansible takes variables of hosts and groups.
_VARIABLES = ("group_vars", "host_vars")


def content_of(watch: Watch, *, finalizing: bool) -> Content:
    """Return what runs for the objects of a watch."""
    what = watch.finalizer if finalizing and watch.finalizer else watch
    return Content(playbook=what.playbook, role=what.role)


def is_for_localhost(content: Content) -> bool:
    """Whether a play of the playbook names localhost: then each object has a run, and is localhost in it."""
    path = playbook_path(content)
    if path is None:
        return False
    try:
        plays = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derived from the safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False  # Ansible says more exactly what is wrong with it
    return isinstance(plays, list) and any(isinstance(play, dict) and _names_localhost(play) for play in plays)


def has_variables_beside(content: Content) -> bool:
    """Whether Ansible has to look for variables of hosts beside the playbook, which costs it calls for every task."""
    path = playbook_path(content)
    return path is not None and any((path.parent / name).is_dir() for name in _VARIABLES)


def playbook_path(content: Content) -> Path | None:
    """Return the file of the playbook; None for a role, or a collection's playbook that is not found here."""
    if content.playbook is None:
        return None
    if not _COLLECTION_NAME.fullmatch(content.playbook):
        return Path(content.playbook)
    namespace, collection, *names = content.playbook.split(".")
    for root in _collection_paths():
        base = root.joinpath("ansible_collections", namespace, collection, "playbooks", *names)
        for suffix in (".yml", ".yaml"):
            if (path := base.with_suffix(suffix)).is_file():
                return path
    return None


def collection_of(content: Content) -> str | None:
    """Return the collection that a content is of, by its name or its place; None for one that is of none."""
    text = content.playbook or content.role or ""
    parts = text.split(".") if _COLLECTION_NAME.fullmatch(text) else Path(text).parts
    if _FOLDER in parts:
        parts = parts[parts.index(_FOLDER) + 1 :]
    elif os.sep in text:
        return None
    return ".".join(parts[:2]) if len(parts) > 2 else None


def _collection_paths() -> list[Path]:
    default = "~/.ansible/collections:/usr/share/ansible/collections"
    texts = os.environ.get("ANSIBLE_COLLECTIONS_PATH", default).split(":")
    return [Path(text).expanduser() for text in texts if text]


def _names_localhost(play: dict[str, t.Any]) -> bool:
    hosts = play.get("hosts")
    return (
        hosts in _LOCALHOST
        if isinstance(hosts, str)
        else isinstance(hosts, list) and bool(_LOCALHOST & set(map(str, hosts)))
    )


class _Loader(yaml.SafeLoader):
    """Reads a playbook whose values may carry Ansible's tags: only its hosts are of interest."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)

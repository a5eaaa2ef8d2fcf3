# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbook or role of a watch, and whether it supports many hosts or, as for ansible-operator, only localhost."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

import yaml

from ..watches.definition import Watch
from .run_request import AnsibleContent

_COLLECTION_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*){2,}", re.ASCII)
_LOCALHOST = frozenset({"localhost", "127.0.0.1"})
_COLLECTIONS_DIRECTORY = "ansible_collections"
# Directories beside a playbook from which Ansible loads variables of hosts and groups.
_VARIABLE_DIRECTORIES = ("group_vars", "host_vars")


def content_of(watch: Watch, *, finalizing: bool) -> AnsibleContent:
    """Return the playbook or role that runs for the objects of a watch."""
    definition = watch.finalizer if finalizing and watch.finalizer else watch
    return AnsibleContent(playbook=definition.playbook, role=definition.role)


def is_for_localhost(content: AnsibleContent) -> bool:
    """Return whether a play of the playbook targets localhost: then each object gets a run of its own, as localhost."""
    path = playbook_path(content)
    if path is None:
        return False
    try:
        plays = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derived from the safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False  # Ansible reports the error in more detail
    return isinstance(plays, list) and any(isinstance(play, dict) and _names_localhost(play) for play in plays)


def has_variables_beside(content: AnsibleContent) -> bool:
    """Return whether group_vars or host_vars exist beside the playbook; looking for them slows down every task."""
    path = playbook_path(content)
    return path is not None and any((path.parent / name).is_dir() for name in _VARIABLE_DIRECTORIES)


def playbook_path(content: AnsibleContent) -> Path | None:
    """Return the file of the playbook; None for a role, or for a collection's playbook that is not installed."""
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


def collection_of(content: AnsibleContent) -> str | None:
    """Return the collection that contains a playbook or role, from its name or path; None if there is none."""
    text = content.playbook or content.role or ""
    parts = text.split(".") if _COLLECTION_NAME.fullmatch(text) else Path(text).parts
    if _COLLECTIONS_DIRECTORY in parts:
        parts = parts[parts.index(_COLLECTIONS_DIRECTORY) + 1 :]
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
    """Load a playbook whose values may have Ansible's tags; only its hosts are used."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)

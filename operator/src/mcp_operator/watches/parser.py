# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Reads ``watches.yaml``: every key of ansible-operator's format, with its meaning there.

Three things differ on purpose. Unknown keys are named in a warning instead of being passed over in silence. Playbooks
may be named as Ansible names them in collections. And ``markUnsafe`` is on unless it is turned off: without it
whoever may write an object may run code in the operator, since Ansible would read the object's strings as templates.

And one key is ours. ansible-operator finds out what a playbook makes because everything goes through a proxy of its
own; here ``x-mcp-operator: {children: [...]}`` says it, and a file with that key still works there.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from ..errors import WatchesInvalid
from .content_search import SearchPath
from .definition import DEFAULT_MAX_RUNNER_ARTIFACTS, Child, Finalizer, GroupVersionKind, Watch
from .entry import Entry, EntryInvalid
from .environment import per_kind
from .expansion import expand
from .selectors import query_of

# A file of ours has a few hundred bytes; whatever is larger than this is not one.
_MAX_BYTES = 1024 * 1024
_OURS = "x-mcp-operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the operator's settings say for entries that say nothing."""

    reconcile_period: float = 10 * 3600.0
    max_concurrent_reconciles: int | None = None
    ansible_verbosity: int = 0


@dataclass(slots=True)
class Parsed:
    """The watches of a file, and what its author should know about it."""

    watches: list[Watch] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def load(path: Path, *, environment: t.Mapping[str, str], defaults: Defaults) -> Parsed:
    """Read a file.

    :raises WatchesInvalid: it cannot be used; the error says where and why.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        text = data.decode()
    except (OSError, UnicodeDecodeError) as exc:
        raise WatchesInvalid(f"{path} cannot be read: {exc}.", "Name the file with --watches-file.") from None
    if len(data) > _MAX_BYTES:
        raise WatchesInvalid(f"{path} is larger than {_MAX_BYTES} bytes.")
    search = SearchPath.of(Path.cwd(), environment)
    return parse(text, name=str(path), environment=environment, defaults=defaults, search=search)


def parse(text: str, *, name: str, environment: t.Mapping[str, str], defaults: Defaults, search: SearchPath) -> Parsed:
    """Parse the text of a file; see :func:`load`."""
    try:
        entries = yaml.safe_load(expand(text, environment))
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise WatchesInvalid(f"{name} is not YAML: {' '.join(str(exc).split())}.") from None
    if not isinstance(entries, list) or not entries:
        raise WatchesInvalid(f"{name} is not a list of watches.", "Begin it with `- version: v1`.")
    parsed = Parsed()
    for number, content in enumerate(entries, start=1):
        try:
            watch = _Reader(Entry(content), environment, defaults, search, parsed.warnings).watch()
        except EntryInvalid as exc:
            raise WatchesInvalid(f"{name}, entry {number}: {exc}.") from None
        if watch.gvk in [other.gvk for other in parsed.watches]:
            raise WatchesInvalid(f"{name}, entry {number}: {watch.gvk} is watched twice.")
        parsed.watches.append(watch)
    return parsed


class _Reader:
    """Reads one entry."""

    def __init__(
        self,
        entry: Entry,
        environment: t.Mapping[str, str],
        defaults: Defaults,
        search: SearchPath,
        warnings: list[str],
    ) -> None:
        self._entry = entry
        self._environment = environment
        self._defaults = defaults
        self._search = search
        self._warnings = warnings

    def watch(self) -> Watch:
        """Return the watch.

        :raises EntryInvalid: the entry means none.
        """
        entry = self._entry
        gvk = _kind_of(entry)
        name = str(gvk)
        watch = Watch(
            group=gvk.group,
            version=gvk.version,
            kind=gvk.kind,
            vars=entry.map("vars"),
            manage_status=entry.boolean("manageStatus", default=True),
            watch_dependent_resources=entry.boolean("watchDependentResources", default=True),
            watch_cluster_scoped_resources=entry.boolean("watchClusterScopedResources", default=False),
            watch_annotations_changes=entry.boolean("watchAnnotationsChanges", default=False),
            snake_case_parameters=entry.boolean("snakeCaseParameters", default=True),
            mark_unsafe=entry.boolean("markUnsafe", default=True),
            # 0 means unset, there as here: only the flag or an annotation turns the periodic run off.
            reconcile_period=entry.duration("reconcilePeriod") or self._defaults.reconcile_period,
            max_runner_artifacts=entry.whole_number("maxRunnerArtifacts") or DEFAULT_MAX_RUNNER_ARTIFACTS,
            max_concurrent_reconciles=per_kind(
                self._environment, gvk, "MAX_CONCURRENT_RECONCILES", self._warnings, old="WORKER", least=1
            )
            or self._defaults.max_concurrent_reconciles,
            selector=_selector(entry),
            blacklist=tuple(_kind_of(item) for item in entry.entries("blacklist")),
        )
        verbosity = per_kind(self._environment, gvk, "ANSIBLE_VERBOSITY", self._warnings, most=7)
        watch = replace(watch, ansible_verbosity=self._defaults.ansible_verbosity if verbosity is None else verbosity)
        playbook, role = self._target(entry)
        if playbook is None and role is None:
            raise EntryInvalid(f"{name} names neither a playbook nor a role")
        watch = replace(watch, playbook=playbook, role=role)
        watch = replace(watch, finalizer=self._finalizer(watch), children=self._children(watch))
        self._warnings += [f"{name}: unknown key {key} is ignored" for key in entry.unread()]
        if not watch.mark_unsafe:
            self._warnings.append(f"{name}: markUnsafe is off, so whoever may write such an object may run code here")
        return watch

    def _finalizer(self, watch: Watch) -> Finalizer | None:
        entry = self._entry.entry("finalizer")
        if entry is None:
            return None
        name = entry.text("name")
        if not name:
            raise EntryInvalid("a finalizer must have a name")
        playbook, role = self._target(entry)
        variables = entry.map("vars")
        if playbook is None and role is None:
            if not variables:
                raise EntryInvalid(f"finalizer {name} has neither a playbook, nor a role, nor vars")
            playbook, role = watch.playbook, watch.role
        self._warnings += [f"{watch.gvk}: unknown key finalizer.{key} is ignored" for key in entry.unread()]
        return Finalizer(name=name, playbook=playbook, role=role, vars=variables)

    def _target(self, entry: Entry) -> tuple[str | None, str | None]:
        playbook, role = entry.text("playbook"), entry.text("role")
        if playbook:  # it wins where both are given
            found = self._search.playbook(playbook)
            if found is None:
                raise EntryInvalid(f"there is no playbook {playbook}, neither as a file nor in a collection")
            return found, None
        if role:
            found = self._search.role(role)
            if found is None:
                raise EntryInvalid(f"there is no role {role}, neither in a collection nor on the roles' path")
            return None, found
        return None, None

    def _children(self, watch: Watch) -> tuple[Child, ...]:
        ours = self._entry.entry(_OURS)
        if ours is None:
            return ()
        children: list[Child] = []
        for entry in ours.entries("children"):
            gvk = _kind_of(entry)
            if gvk in [child.gvk for child in children]:
                raise EntryInvalid(f"{gvk} is a child twice")
            metadata_only = entry.boolean("metadataOnly", default=False)
            children.append(Child(gvk=gvk, selector=_selector(entry), metadata_only=metadata_only))
            self._warnings += [f"{watch.gvk}: unknown key {key} of child {gvk} is ignored" for key in entry.unread()]
        self._warnings += [f"{watch.gvk}: unknown key {_OURS}.{key} is ignored" for key in ours.unread()]
        if not watch.watch_dependent_resources:
            return ()
        return tuple(child for child in children if child.gvk not in watch.blacklist)


def _selector(entry: Entry) -> str:
    try:
        return query_of(entry.map("selector"))
    except ValueError as exc:
        raise EntryInvalid(f"selector: {exc}") from None


def _kind_of(entry: Entry) -> GroupVersionKind:
    group, version, kind = entry.text("group"), entry.text("version"), entry.text("kind")
    if not version or not kind:
        raise EntryInvalid("version and kind must not be empty")
    return GroupVersionKind(group, version, kind)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Parse ``watches.yaml`` in the format of ansible-operator.

There are three deliberate differences. Unknown keys cause a warning. Playbooks may be named by their names in
collections. ``markUnsafe`` is always true: if Ansible evaluated strings of an object as templates, everyone who may
write an object could run code in the operator.

There is one additional key. ansible-operator learns the kinds of dependents from its proxy, through which playbooks
send all requests; here ``x-mcp-operator: {children: [...]}`` lists them. ansible-operator ignores that key.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from ..errors import WatchesInvalid
from .content_search import SearchPath
from .definition import Child, Finalizer, GroupVersionKind, Watch
from .entry import Entry, EntryInvalid
from .environment import KindVariables, expand
from .selectors import query_of

# A usual file has a few hundred bytes.
_MAX_BYTES = 1024 * 1024
_EXTENSION = "x-mcp-operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """Values from the operator's settings for keys that an entry does not set."""

    reconcile_period: float = 10 * 3600.0
    max_concurrent_reconciles: int | None = None
    ansible_verbosity: int = 0


@dataclass(slots=True)
class Parsed:
    """The watches of a file, and warnings for its author."""

    watches: list[Watch] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def load(path: Path, *, environment: t.Mapping[str, str], defaults: Defaults) -> Parsed:
    """Read and parse a file.

    :raises WatchesInvalid: the file is missing or invalid; the error says where and why.
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
    """Parse the text of a file; see :func:`load`.

    :param name: the name of the file for error messages.
    """
    try:
        entries = yaml.safe_load(expand(text, environment))
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise WatchesInvalid(f"{name} is not YAML: {' '.join(str(exc).split())}.") from None
    if not isinstance(entries, list) or not entries:
        raise WatchesInvalid(f"{name} is not a list of watches.", "Begin it with `- version: v1`.")
    parsed = Parsed()
    for number, content in enumerate(entries, start=1):
        try:
            watch = _EntryParser(Entry(content), environment, defaults, search, parsed.warnings).watch()
        except EntryInvalid as exc:
            raise WatchesInvalid(f"{name}, entry {number}: {exc}.") from None
        if watch.gvk in [other.gvk for other in parsed.watches]:
            raise WatchesInvalid(f"{name}, entry {number}: {watch.gvk} is watched twice.")
        parsed.watches.append(watch)
    return parsed


class _EntryParser:
    """Parses one entry."""

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

        :raises EntryInvalid: the entry is invalid.
        """
        entry = self._entry
        gvk = _kind_of(entry)
        name = str(gvk)
        variables = KindVariables(self._environment, gvk, self._warnings)
        # Accepted without an effect.
        marks_unsafe = entry.boolean("markUnsafe", default=True)
        entry.boolean("watchClusterScopedResources", default=False)
        entry.whole_number("maxRunnerArtifacts")
        watch = Watch(
            group=gvk.group,
            version=gvk.version,
            kind=gvk.kind,
            vars=entry.map("vars"),
            manage_status=entry.boolean("manageStatus", default=True),
            watch_dependent_resources=entry.boolean("watchDependentResources", default=True),
            watch_annotations_changes=entry.boolean("watchAnnotationsChanges", default=False),
            snake_case_parameters=entry.boolean("snakeCaseParameters", default=True),
            # As in ansible-operator, 0 means unset: only the flag or an annotation disables periodic runs.
            reconcile_period=entry.duration("reconcilePeriod") or self._defaults.reconcile_period,
            max_concurrent_reconciles=variables.number("MAX_CONCURRENT_RECONCILES", "WORKER", least=1)
            or self._defaults.max_concurrent_reconciles,
            selector=_selector(entry),
            blacklist=tuple(_kind_of(item) for item in entry.entries("blacklist")),
        )
        verbosity = variables.number("ANSIBLE_VERBOSITY", most=7)
        watch = replace(watch, ansible_verbosity=self._defaults.ansible_verbosity if verbosity is None else verbosity)
        playbook, role = self._target(entry)
        if playbook is None and role is None:
            raise EntryInvalid(f"{name} names neither a playbook nor a role")
        watch = replace(watch, playbook=playbook, role=role)
        watch = replace(watch, finalizer=self._finalizer(watch), children=self._children(watch))
        self._warnings += [f"{name}: unknown key {key} is ignored" for key in entry.unread()]
        if not marks_unsafe:
            self._warnings.append(f"{name}: markUnsafe: false has no effect; strings of objects are never templates")
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
        if playbook:  # takes precedence
            found = self._search.playbook(playbook)
            if found is None:
                raise EntryInvalid(f"there is no playbook {playbook}, neither as a file nor in a collection")
            return found, None
        if role:
            found = self._search.role(role)
            if found is None:
                raise EntryInvalid(f"there is no role {role}, neither in a collection nor on the roles path")
            return None, found
        return None, None

    def _children(self, watch: Watch) -> tuple[Child, ...]:
        extension = self._entry.entry(_EXTENSION)
        if extension is None:
            return ()
        children: list[Child] = []
        for entry in extension.entries("children"):
            gvk = _kind_of(entry)
            if gvk in [child.gvk for child in children]:
                raise EntryInvalid(f"{gvk} is a child twice")
            metadata_only = entry.boolean("metadataOnly", default=False)
            optional = entry.boolean("optional", default=False)
            child = Child(gvk=gvk, selector=_selector(entry), metadata_only=metadata_only, optional=optional)
            children.append(child)
            self._warnings += [f"{watch.gvk}: unknown key {key} of child {gvk} is ignored" for key in entry.unread()]
        self._warnings += [f"{watch.gvk}: unknown key {_EXTENSION}.{key} is ignored" for key in extension.unread()]
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

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The definition of a watch: an entry of ``watches.yaml`` with defaults and environment applied."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

Variables = t.Mapping[str, t.Any]


@dataclass(frozen=True, slots=True)
class GroupVersionKind:
    """A kind of the API; ``group`` is empty for kinds of the core group."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """The kind's ``apiVersion``, as manifests name it."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def __str__(self) -> str:
        return f"{self.kind}.{self.version}.{self.group}" if self.group else f"{self.kind}.{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalizer:
    """What to run before an object is deleted.

    :param name: the name of the finalizer in ``metadata.finalizers``.
    :param playbook: the parser sets it to that of the watch if the finalizer has neither a playbook nor a role.
    :param role: likewise.
    :param vars: variables that override those of the watch.
    """

    name: str
    playbook: str | None = None
    role: str | None = None
    vars: Variables = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A kind of dependents: objects that runs create. A change of one reconciles its owner.

    :param selector: a label selector in the syntax of API queries; empty for all objects.
    :param metadata_only: request only ``metadata`` from the API server, for kinds whose status is not used.
    :param optional: the cluster may not serve the kind, or not let the operator list it.
    """

    gvk: GroupVersionKind
    selector: str = ""
    metadata_only: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One kind of objects, and the playbook or role that reconciles them; exactly one of the two is set.

    :param playbook: an absolute path, or the name of a playbook in a collection (``namespace.collection.playbook``).
    :param role: an absolute path, or the name of a role in a collection (``namespace.collection.role``).
    :param vars: variables that override those from the object's ``spec``.
    :param reconcile_period: seconds after which an unchanged object is reconciled again; 0 for never.
    :param selector: a label selector in the syntax of API queries; empty for all objects.
    :param blacklist: kinds of dependents that are not watched.
    :param children: kinds of dependents that are watched; none of them is on the blacklist.
    :param max_concurrent_reconciles: limit of the objects of this kind in all runs; None for no limit.
    """

    group: str
    version: str
    kind: str
    playbook: str | None = None
    role: str | None = None
    vars: Variables = field(default_factory=dict, hash=False)
    finalizer: Finalizer | None = None
    reconcile_period: float = 0.0
    manage_status: bool = True
    watch_dependent_resources: bool = True
    watch_annotations_changes: bool = False
    snake_case_parameters: bool = True
    selector: str = ""
    blacklist: tuple[GroupVersionKind, ...] = ()
    children: tuple[Child, ...] = ()
    max_concurrent_reconciles: int | None = None
    ansible_verbosity: int = 0

    @property
    def gvk(self) -> GroupVersionKind:
        """The watched kind."""
        return GroupVersionKind(self.group, self.version, self.kind)

    @property
    def api_version(self) -> str:
        """The kind's ``apiVersion``, as manifests name it."""
        return self.gvk.api_version

    @property
    def id(self) -> str:
        """The ID of this watch in keys, logs and metrics. A file contains each kind at most once."""
        return str(self.gvk)

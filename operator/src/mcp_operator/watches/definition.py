# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an entry of ``watches.yaml`` says, after defaults, environment and checks."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

Variables = t.Mapping[str, t.Any]

DEFAULT_MAX_RUNNER_ARTIFACTS = 20


@dataclass(frozen=True, slots=True)
class GroupVersionKind:
    """A kind of the API; ``group`` is empty for the core kinds."""

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
    """What runs before an object may go.

    Without a playbook and a role, those of the watch run again with ``vars`` on top: the parser has filled them in.
    """

    name: str
    playbook: str | None = None
    role: str | None = None
    vars: Variables = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A kind of objects that runs make, watched so that a change of one brings its owner back into a run.

    :param selector: a label selector as the API takes it in queries; empty for everything.
    :param metadata_only: let the API server send no more than ``metadata``, for kinds whose status nobody needs.
    """

    gvk: GroupVersionKind
    selector: str = ""
    metadata_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One kind of objects and what reconciles them. Exactly one of ``playbook`` and ``role`` is given.

    :param plural: the kind's name in the API's paths; None until discovery has asked the API server for it.
    :param playbook: an absolute path, or the name of a playbook in a collection (``namespace.collection.playbook``).
    :param role: an absolute path, or the name of a role in a collection (``namespace.collection.role``).
    :param vars: go on top of the variables that the object's ``spec`` makes.
    :param reconcile_period: seconds after which an unchanged object is reconciled again; 0 for never.
    :param mark_unsafe: what comes from the object is data, never a template.
    :param selector: a label selector as the API takes it in queries; empty for everything.
    :param blacklist: kinds whose objects are not watched for their owner's sake.
    :param children: kinds whose objects are; none of them is on the blacklist.
    :param max_concurrent_reconciles: how many objects of this kind may be in a run at once; None for no limit of its
        own.
    """

    group: str
    version: str
    kind: str
    plural: str | None = None
    playbook: str | None = None
    role: str | None = None
    vars: Variables = field(default_factory=dict, hash=False)
    finalizer: Finalizer | None = None
    reconcile_period: float = 0.0
    manage_status: bool = True
    watch_dependent_resources: bool = True
    watch_cluster_scoped_resources: bool = False
    watch_annotations_changes: bool = False
    snake_case_parameters: bool = True
    mark_unsafe: bool = True
    selector: str = ""
    blacklist: tuple[GroupVersionKind, ...] = ()
    children: tuple[Child, ...] = ()
    max_runner_artifacts: int = DEFAULT_MAX_RUNNER_ARTIFACTS
    max_concurrent_reconciles: int | None = None
    ansible_verbosity: int = 0

    @property
    def gvk(self) -> GroupVersionKind:
        """The kind that is watched."""
        return GroupVersionKind(self.group, self.version, self.kind)

    @property
    def api_version(self) -> str:
        """The kind's ``apiVersion``, as manifests name it."""
        return self.gvk.api_version

    @property
    def id(self) -> str:
        """The name of this watch in keys, logs and metrics: no file can have the same kind twice."""
        return str(self.gvk)

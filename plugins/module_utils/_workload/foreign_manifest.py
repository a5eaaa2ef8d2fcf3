# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""From a manifest of another project that runs MCP servers to one of an MCPServer."""

from __future__ import annotations

import re
import typing as t

from .._util import as_mapping, clean
from . import foreign_kmcp, foreign_lifecycle, foreign_toolhive
from .errors import ForeignManifestInvalid
from .foreign_fields import ForeignFields, ImportReport
from .foreign_pod import ForeignPod, read_metadata
from .manifest import check_tree
from .names import KIND
from .registry_entry import Imported, targets_of

_PROJECTS: t.Final = {
    foreign_kmcp.GROUP: ("kmcp", foreign_kmcp.read),
    foreign_toolhive.GROUP: ("ToolHive", foreign_toolhive.read),
    foreign_lifecycle.GROUP: ("mcp-lifecycle-operator", foreign_lifecycle.read),
}
_NAME: t.Final = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_MAX_OBJECTS: t.Final = 1000


def objects_of(documents: t.Iterable[t.Any]) -> tuple[list[dict[str, t.Any]], list[str]]:
    """Return the objects of other projects that can be imported, and the kinds of the other objects.

    :param documents: the decoded documents of a file; a ``List`` stands for its items.
    :raises ForeignManifestInvalid: there are too many, or none.
    """
    pending = list(documents)
    found: list[dict[str, t.Any]] = []
    others: list[str] = []
    while pending:
        document = as_mapping(pending.pop(0))
        items = document.get("items")
        if str(document.get("kind")).endswith("List") and isinstance(items, list):
            pending[:0] = items
        elif _group(document) in _PROJECTS:
            found.append(document)
        elif document:
            name = as_mapping(document.get("metadata")).get("name")
            others.append(f"{clean(document.get('kind'), 60)} {clean(name, 100)}")
        if len(found) + len(others) + len(pending) > _MAX_OBJECTS:
            raise ForeignManifestInvalid(f"There are more than {_MAX_OBJECTS} objects.", "Import them in several runs.")
    if not found:
        raise ForeignManifestInvalid(
            f"There is no object of {', '.join(project for project, _read in _PROJECTS.values())}.",
            f"apiVersion must be of the group {', '.join(_PROJECTS)}.",
        )
    return found, others


def manifest_of_foreign(document: t.Mapping[str, t.Any], name: str = "") -> Imported:
    """Return the manifest of an MCPServer for an object of another project.

    :param document: the object; nothing in it is trusted, followed or executed.
    :param name: of the MCPServer; by default that of the object.
    :raises ForeignManifestInvalid: it is not an MCPServer.
    :raises ManifestError: it has values that no manifest can have.
    """
    check_tree(document)
    project, read = _PROJECTS[_group(document)]
    kind = document.get("kind")
    if kind != KIND:
        remote = kind in foreign_toolhive.REMOTE_KINDS and project == "ToolHive"
        raise ForeignManifestInvalid(
            f"The kind {clean(kind, 60)} of {project} starts no server.",
            "Validate its URL with mcp-operator validate." if remote else "Only MCPServers can be imported.",
        )
    report = ImportReport()
    fields = ForeignFields(document, "", report)
    fields.ignore("apiVersion", "kind", "status")
    metadata = read_metadata(ForeignFields(fields.take("metadata", dict), "metadata", report), name)
    if not _NAME.fullmatch(metadata["name"]):
        raise ForeignManifestInvalid(
            f"The name {clean(repr(metadata['name']), 100)} is not that of an MCPServer.", "Choose one with --name."
        )
    pod = ForeignPod(metadata["name"], report)
    spec = ForeignFields(fields.take("spec", dict), "spec", report)
    read(spec, pod)
    spec.end()
    fields.end()
    return Imported(pod.finished(metadata), tuple(report.missing), tuple(report.notes), tuple(report.dropped))


def targets_of_foreign(
    document: t.Mapping[str, t.Any],
) -> tuple[list[dict[str, t.Any]], tuple[str, ...], tuple[str, ...]]:
    """Return the URL of a remote server of ToolHive as :func:`targets_of` does.

    :raises ForeignManifestInvalid: the object is no remote server.
    :raises RegistryEntryInvalid: its URL cannot be used.
    """
    if document.get("kind") not in foreign_toolhive.REMOTE_KINDS:
        raise ForeignManifestInvalid("The object has no remote URL.", "Import it without --remotes.")
    metadata, spec = as_mapping(document.get("metadata")), as_mapping(document.get("spec"))
    return targets_of(
        {
            "name": f"{metadata.get('namespace') or 'default'}/{metadata.get('name')}",
            "remotes": [
                {
                    "type": spec.get("transport"),
                    "url": spec.get("remoteUrl"),
                    "headers": foreign_toolhive.headers(as_mapping(spec.get("headerForward"))),
                }
            ],
        }
    )


def _group(document: t.Mapping[str, t.Any]) -> str:
    return str(document.get("apiVersion")).partition("/")[0]

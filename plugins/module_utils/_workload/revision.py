# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check a ControllerRevision before its Pod template is applied.

Users who cannot change MCPServers may be allowed to create ControllerRevisions. So one is used only if the MCPServer
controls it, its template has the fingerprint under which it was recorded, and its Pods get no access to the node.
"""

from __future__ import annotations

import typing as t

from .._util import as_mapping
from . import names
from .objects import fingerprint
from .ownership import is_owned_by
from .pod_security import violations


def revision_defect(revision: t.Mapping[str, t.Any], server: t.Mapping[str, t.Any], mark: str) -> str:
    """Return why the template of a ControllerRevision must not be applied, as a clause; empty if it may be.

    :param mark: the fingerprint that the template must have.
    """
    has_controller = any(owner.get("controller") for owner in revision["metadata"].get("ownerReferences") or [])
    if not is_owned_by(revision, server) or (server["metadata"].get("uid") and not has_controller):
        return "it does not belong to this MCPServer"
    template = as_mapping(as_mapping(revision.get("data")).get("template"))
    if _fingerprint(template, mark) != mark:
        return "its Pod template has been changed"
    found = violations(template)
    return f"{found[0].path} in its Pod template is not allowed: {found[0].why}" if found else ""


def _fingerprint(template: t.Mapping[str, t.Any], mark: str) -> str:
    """Return the fingerprint of a template; that of a template with a gate does not include its own label."""
    meta = as_mapping(template.get("metadata"))
    labels = as_mapping(meta.get("labels"))
    if labels.get(names.TEMPLATE_LABEL) == mark:
        others = {key: value for key, value in labels.items() if key != names.TEMPLATE_LABEL}
        template = {**template, "metadata": {**meta, "labels": others}}
    return fingerprint(template)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check a finished Pod template: the right to write MCPServers must not give access to the node.

Whatever the namespace enforces, a Pod gets no more than the profile "baseline" of the Pod Security Standards allows.
Everything that becomes part of the template has been merged before the check, so no field of a manifest can bypass it.
"""

from __future__ import annotations

import typing as t

from .errors import ManifestError
from .pod_fields import POD_TEMPLATE

if t.TYPE_CHECKING:
    from .pod_rules import Violation


def violations(template: t.Mapping[str, t.Any]) -> list[Violation]:
    """Return the parts of a Pod template that are not allowed.

    :param template: ``metadata`` and ``spec`` of the Pods, as JSON data.
    """
    return list(POD_TEMPLATE(template, ""))


def check_template(template: t.Mapping[str, t.Any]) -> None:
    """Check a finished Pod template.

    :param template: ``metadata`` and ``spec`` of the Pods, as JSON data.
    :raises ManifestError: a part of it is not allowed.
    """
    found = violations(template)
    if found:
        more = f" {len(found) - 1} more fields are not allowed either." if found[2:] else ""
        if len(found) == 2:
            more = " One more field is not allowed either."
        raise ManifestError(
            f"{found[0].path} in the Pod template is not allowed: {found[0].why}.{more}",
            "Remove it from spec.podTemplate.",
        )

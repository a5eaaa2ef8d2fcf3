# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A fingerprint of the ConfigMaps and Secrets that a Pod refers to; their content goes nowhere else."""

from __future__ import annotations

import typing as t

from ..module_utils._kube.errors import ApiForbidden
from ..module_utils._workload import config
from ..module_utils._workload.fingerprint import fingerprint

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# What of them Pods see.
_CONTENT = ("data", "binaryData")


def config_hash(client: Client, namespace: str, pod: t.Mapping[str, t.Any]) -> str:
    """Return the fingerprint; what is not there counts as that, and a Pod that needs it says so itself.

    :param pod: a Pod's spec.
    :raises ApiForbidden: one of them must not be read.
    """
    seen = []
    for kind, name in config.references(pod):
        try:
            found = client.find("v1", kind, namespace, name)
        except ApiForbidden:
            field = "configMaps" if kind == config.CONFIG_MAP else "secrets"
            raise ApiForbidden(
                f"spec.podTemplate.configHash needs to read {kind} {namespace}/{name}, and nobody allows it.",
                f"Name it in the chart's value configHash: [{{namespace: {namespace}, {field}: [{name}]}}], or give "
                "the operator's ServiceAccount a Role with this resourceName; or switch configHash off.",
                code="CONFIG_FORBIDDEN",
                status=403,
            ) from None
        seen.append([kind, name, None if found is None else [found.get(field) for field in _CONTENT]])
    return fingerprint(seen)

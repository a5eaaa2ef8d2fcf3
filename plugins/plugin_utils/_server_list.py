# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""List the MCPServers of one cluster."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.namespaces import require_namespace
from ..module_utils._kube.errors import ApiNotFound
from ..module_utils._workload import names
from ._prerequisite_errors import crd_missing

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client


def read_servers(client: Client, namespace: str | None, **selectors: str) -> list[dict[str, t.Any]]:
    """Return the MCPServers of a namespace.

    :param namespace: None for all.
    :param selectors: ``labelSelector`` and ``fieldSelector``.
    :raises ApiNotFound: the cluster has no CustomResourceDefinition, or there is no such namespace.
    """
    try:
        found = list(client.list(names.API_VERSION, names.KIND, namespace, **selectors))
    except ApiNotFound:
        raise crd_missing() from None
    if namespace and not found:
        # The API server lists a namespace that does not exist as an empty one.
        require_namespace(client, namespace)
    return found

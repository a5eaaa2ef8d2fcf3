# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What is not there, without which nothing can be applied."""

from __future__ import annotations

from ..module_utils._kube.errors import ApiNotFound


def missing(exc: ApiNotFound, namespace: str) -> ApiNotFound:
    """Return the error that says whether a namespace or the kind is missing, and how to make it."""
    return namespace_missing(namespace) if "namespaces" in exc.seen else crd_missing()


def namespace_missing(namespace: str) -> ApiNotFound:
    """Return the error of a namespace that does not exist."""
    return ApiNotFound(
        f"The namespace {namespace} does not exist.",
        f"Create it: kubectl create namespace {namespace}; or run deploy with -e mcp_create_namespaces=true.",
        code="NAMESPACE_MISSING",
    )


def crd_missing() -> ApiNotFound:
    """Return the error of a cluster that does not know MCPServers."""
    return ApiNotFound(
        "The cluster does not know MCPServers: their CustomResourceDefinition is not installed.",
        "Run deploy with -e mcp_install_crd=true (this needs cluster-admin), let an administrator install it, or do "
        "without it: -e mcp_apply=workload.",
        code="CRD_MISSING",
    )

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Errors of a missing namespace or CustomResourceDefinition."""

from __future__ import annotations

from ..module_utils._kube.errors import ApiNotFound


def option(name: str, value: str, *, variable: str = "") -> str:
    """Return how to set an option, in playbooks and in the module mcpserver.

    :param variable: that of the playbooks, if it has another name.
    """
    return f"-e {variable or f'mcp_{name}'}={value} for the playbook, {name}={value} for the module"


def without_operator() -> str:
    """Return how to apply the workload where no operator does."""
    return option("apply", "workload", variable="mcp_mode")


def missing(exc: ApiNotFound, namespace: str) -> ApiNotFound:
    """Return the error of what a response lacks: the namespace or the CustomResourceDefinition."""
    return namespace_missing(namespace) if "namespaces" in exc.seen else crd_missing()


def namespace_missing(namespace: str, *, creates: bool = True) -> ApiNotFound:
    """Return the error of a missing namespace.

    :param creates: whether creating it is what the user can do.
    """
    create = f"Create it: kubectl create namespace {namespace}; or run deploy with -e mcp_create_namespaces=true."
    return ApiNotFound(
        f"The namespace {namespace} does not exist.",
        create if creates else "Check mcp_namespace and the context.",
        code="NAMESPACE_MISSING",
    )


def crd_missing(
    otherwise: str = f"let an administrator install it, or deploy without it: {without_operator()}",
) -> ApiNotFound:
    """Return the error of a missing CustomResourceDefinition.

    :param otherwise: what else the user can do.
    """
    return ApiNotFound(
        "The CustomResourceDefinition of MCPServers is not installed in the cluster.",
        f"Run deploy with -e mcp_install_crd=true (this needs cluster-admin), {otherwise}.",
        code="CRD_MISSING",
    )

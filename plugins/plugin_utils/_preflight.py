# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Asks the cluster, before anything is changed, whether what follows can work."""

from __future__ import annotations

import typing as t

from ..module_utils._kube.errors import ApiForbidden, ApiNotFound, KubeError
from ..module_utils._workload import names

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# purpose -> what it does in a namespace: verb, API group, resource, subresource.
_NEEDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "deploy": (
        ("patch", names.GROUP, names.PLURAL, ""),
        ("patch", names.GROUP, names.PLURAL, "status"),
        ("list", names.GROUP, names.PLURAL, ""),
        ("patch", "apps", "deployments", ""),
        ("list", "apps", "deployments", ""),
        ("patch", "", "services", ""),
        ("patch", "", "serviceaccounts", ""),
        ("get", "autoscaling", "horizontalpodautoscalers", ""),
        ("list", "", "pods", ""),
        ("create", "", "pods", "portforward"),
    ),
    "validate": (
        ("list", names.GROUP, names.PLURAL, ""),
        ("patch", names.GROUP, names.PLURAL, "status"),
        ("list", "apps", "deployments", ""),
        ("list", "", "pods", ""),
        ("create", "", "pods", "portforward"),
    ),
    "undeploy": (
        ("list", names.GROUP, names.PLURAL, ""),
        ("delete", names.GROUP, names.PLURAL, ""),
    ),
}


def preflight(
    client: Client, *, namespaces: t.Iterable[str], require_crd: bool, require_namespaces: bool, purpose: str
) -> dict[str, t.Any]:
    """Return the server's version, and whether the CustomResourceDefinition is there.

    :raises KubeError: something is missing without which the rest cannot work.
    """
    version = client.request("GET", "/version", what="read the API server's version")
    crd = _crd_is_there(client)
    if require_crd and not crd:
        raise ApiNotFound(
            "The cluster does not know MCPServers: their CustomResourceDefinition is not installed.",
            "Run deploy with -e mcp_install_crd=true (this needs cluster-admin), or let an administrator install it.",
            code="CRD_MISSING",
        )
    for namespace in namespaces:
        if require_namespaces:
            _check_namespace(client, namespace)
        _check_rights(client, namespace, purpose)
    return {"server_version": str(version.get("gitVersion", "")), "crd": crd}


def _crd_is_there(client: Client) -> bool:
    try:
        found = client.request("GET", f"/apis/{names.API_VERSION}", what="look for MCPServers")
    except ApiNotFound:
        return False
    return any(resource.get("name") == names.PLURAL for resource in found.get("resources") or [])


def _check_namespace(client: Client, namespace: str) -> None:
    try:
        found = client.request("GET", f"/api/v1/namespaces/{namespace}", what=f"read namespace {namespace}")
    except ApiNotFound:
        raise ApiNotFound(
            f"The namespace {namespace} does not exist.",
            f"Create it: kubectl create namespace {namespace}; or run deploy with -e mcp_create_namespaces=true.",
            code="NAMESPACE_MISSING",
        ) from None
    except ApiForbidden:
        return  # a tenant may work in a namespace that they may not read
    if (found.get("status") or {}).get("phase") == "Terminating":
        raise KubeError(
            f"The namespace {namespace} is being deleted.",
            "Wait until it is gone and create it again.",
            code="NAMESPACE_TERMINATING",
        )


def _check_rights(client: Client, namespace: str, purpose: str) -> None:
    missing = []
    for verb, group, resource, subresource in _NEEDS[purpose]:
        if not client.allowed(verb, group, resource, namespace, subresource):
            name = f"{resource}/{subresource}" if subresource else resource
            missing.append(f"{verb} {name}" + (f" ({group})" if group else ""))
    if missing:
        raise ApiForbidden(
            f"In the namespace {namespace} you may not: {', '.join(missing)}.",
            "Ask for a Role with these rights, or use other credentials.",
        )

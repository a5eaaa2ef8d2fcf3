# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check, before anything is changed, that a cluster has the prerequisites of a playbook."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.namespaces import find_namespace
from ..module_utils._kube.errors import ApiForbidden, ApiNotFound, KubeError
from ..module_utils._workload import names
from ._apply_mode import OBJECT, ApplyModes
from ._per_cluster import require_api_server
from ._prerequisite_errors import crd_missing, namespace_missing

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

# purpose -> rights in a namespace: verb, API group, resource, subresource.
_NEEDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "deploy": (
        ("patch", names.GROUP, names.PLURAL, ""),
        ("patch", names.GROUP, names.PLURAL, "status"),
        ("list", names.GROUP, names.PLURAL, ""),
        ("patch", "apps", "deployments", ""),
        ("patch", "apps", "controllerrevisions", ""),
        ("list", "apps", "controllerrevisions", ""),
        ("list", "apps", "deployments", ""),
        ("list", "apps", "replicasets", ""),
        ("patch", "", "services", ""),
        ("patch", "", "serviceaccounts", ""),
        ("get", "autoscaling", "horizontalpodautoscalers", ""),
        ("get", "policy", "poddisruptionbudgets", ""),
        ("list", "", "pods", ""),
        ("create", "", "pods", "portforward"),
    ),
    "validate": (
        ("list", names.GROUP, names.PLURAL, ""),
        ("patch", names.GROUP, names.PLURAL, "status"),
        ("list", "apps", "deployments", ""),
        ("list", "apps", "replicasets", ""),
        ("list", "", "pods", ""),
        ("create", "", "pods", "portforward"),
    ),
    "undeploy": (
        ("list", names.GROUP, names.PLURAL, ""),
        ("delete", names.GROUP, names.PLURAL, ""),
    ),
}


# Documented in plugins/modules/mcpserver_preflight.py.
REQUIRED: dict[str, dict[str, t.Any]] = {
    "require_crd": {"type": "bool", "default": True},
    "require_namespaces": {"type": "bool", "default": True},
    "purpose": {"type": "str", "choices": list(_NEEDS), "default": "deploy"},
}


def check_targets(
    connect: t.Callable[[dict[str, t.Any]], Client],
    targets: t.Sequence[t.Mapping[str, t.Any]],
    options: dict[str, t.Any],
) -> dict[str, t.Any]:
    """Check each cluster, and return what :func:`preflight` returns about the last one.

    :param connect: returns a client for connection options.
    :param targets: ``namespace``, ``kubeconfig``, ``context`` and ``api_server``, each optional. Without any, the
        cluster of the options is checked.
    :param options: the connection options, ``apply`` and those of :data:`REQUIRED`.
    :raises KubeError: a prerequisite is missing.
    """
    found: dict[str, t.Any] = {}
    clusters: dict[tuple[str, ...], set[str]] = {}
    for target in targets or [{}]:
        place = tuple(str(target.get(name) or "") for name in ("kubeconfig", "context", "api_server"))
        clusters.setdefault(place, set()).update([target["namespace"]] if target.get("namespace") else [])
    for (kubeconfig, context, api_server), namespaces in clusters.items():
        own = {"kubeconfig": kubeconfig or options["kubeconfig"], "context": context or options["context"]}
        client = connect({**options, **own})
        require_api_server(client, api_server)
        found = preflight(
            client,
            ApplyModes(client, options["apply"]),
            namespaces=sorted(namespaces),
            require_crd=options["require_crd"],
            require_namespaces=options["require_namespaces"],
            purpose=options["purpose"],
        )
    return found


def preflight(
    client: Client,
    modes: ApplyModes,
    *,
    namespaces: t.Iterable[str],
    require_crd: bool,
    require_namespaces: bool,
    purpose: str,
) -> dict[str, t.Any]:
    """Return the API server's version, and whether the CustomResourceDefinition is installed.

    :raises KubeError: a prerequisite is missing.
    """
    version = client.request("GET", "/version", what="read the API server's version")
    crd = _crd_is_installed(client)
    if require_crd and not crd:
        raise crd_missing()
    for namespace in namespaces:
        if require_namespaces:
            _check_namespace(client, namespace, creates=purpose == "deploy")
        _check_rights(client, namespace, _needs(purpose, modes.of(namespace), crd=crd or require_crd))
    return {"server_version": str(version.get("gitVersion", "")), "crd": crd}


def _crd_is_installed(client: Client) -> bool:
    try:
        found = client.request("GET", f"/apis/{names.API_VERSION}", what="list the resources of MCPServers")
    except ApiNotFound:
        return False
    return any(resource.get("name") == names.PLURAL for resource in found.get("resources") or [])


def _check_namespace(client: Client, namespace: str, *, creates: bool) -> None:
    """Check that a namespace exists.

    :param creates: there can be a reason to create it.
    """
    try:
        found = find_namespace(client, namespace)
    except ApiForbidden:
        return  # tenants may use a namespace that they may not read
    if found is None:
        raise namespace_missing(namespace, creates=creates)
    if (found.get("status") or {}).get("phase") == "Terminating":
        raise KubeError(
            f"The namespace {namespace} is being deleted.",
            "Wait until it is deleted and create it again.",
            code="NAMESPACE_TERMINATING",
        )


def _needs(purpose: str, mode: str, *, crd: bool) -> t.Iterable[tuple[str, str, str, str]]:
    """Return the rights for a purpose, except those that the operator has instead, or that concern a missing kind."""
    for need in _NEEDS[purpose]:
        for_servers, for_status = need[1] == names.GROUP, need[3] == "status"
        if for_servers and not crd:
            continue
        if mode == OBJECT and (for_status or (purpose == "deploy" and not for_servers)):
            continue
        yield need


def _check_rights(client: Client, namespace: str, needs: t.Iterable[tuple[str, str, str, str]]) -> None:
    missing = []
    for verb, group, resource, subresource in needs:
        if not client.allowed(verb, group, resource, namespace, subresource):
            name = f"{resource}/{subresource}" if subresource else resource
            missing.append(f"{verb} {name}" + (f" ({group})" if group else ""))
    if missing:
        raise ApiForbidden(
            f"You do not have these rights in the namespace {namespace}: {', '.join(missing)}.",
            "Ask your administrator for a Role with these rights, or use other credentials.",
        )

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Removes what the installation of vitorbari/mcp-operator leaves after its Deployment is gone.

Its manifests (config/ of v0.1.0-alpha.21) share most names with this collection's operator, whose installation replaces
those objects. The objects here remain: one of them binds rights to the ServiceAccount that both operators use.
"""

from __future__ import annotations

import typing as t

import yaml

from ..module_utils._kube.body import JsonPatch
from ..module_utils._kube.errors import ApiConflict, ApiForbidden, ApiNotFound

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Item = dict[str, t.Any]

LEASE = "4058338e.mcp-operator.io"
_PORT = 8443
_PREFIX = "mcp-operator-"
_MANAGER = f"{_PREFIX}controller-manager"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
_AUTH_ROLE = f"{_PREFIX}metrics-auth-role"
_READER = f"{_PREFIX}metrics-reader"
_AUTH_RULES = [("authentication.k8s.io", "tokenreviews"), ("authorization.k8s.io", "subjectaccessreviews")]


class _Object(t.NamedTuple):
    """An object of the installation.

    :param resource: its resource as kubectl names it.
    :param path: of its collection.
    :param is_theirs: tells whether an object of this name has the content of that installation.
    """

    kind: str
    resource: str
    path: str
    name: str
    is_theirs: t.Callable[[Item], bool]


def objects(namespace: str) -> list[_Object]:
    """Return the objects to remove, the binding before its role.

    :param namespace: of that operator.
    """
    subject = {"kind": "ServiceAccount", "name": _MANAGER, "namespace": namespace}

    def is_binding(item: Item) -> bool:
        return item["roleRef"]["name"] == _AUTH_ROLE and item.get("subjects") == [subject]

    leases = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases"
    monitors = f"/apis/monitoring.coreos.com/v1/namespaces/{namespace}/servicemonitors"
    services = f"/api/v1/namespaces/{namespace}/services"
    bindings = f"{_RBAC}/clusterrolebindings"
    return [
        _Object("ClusterRoleBinding", "clusterrolebinding", bindings, f"{_PREFIX}metrics-auth-rolebinding", is_binding),
        _Object("ClusterRole", "clusterrole", f"{_RBAC}/clusterroles", _AUTH_ROLE, _is_auth_role),
        _Object("ClusterRole", "clusterrole", f"{_RBAC}/clusterroles", _READER, _is_reader),
        _Object("Lease", "lease", leases, LEASE, lambda _item: True),
        _Object("ServiceMonitor", "servicemonitor", monitors, f"{_MANAGER}-metrics-monitor", _is_monitor),
        _Object("Service", "service", services, f"{_MANAGER}-metrics-service", _has_port),
    ]


def remove_installation(client: Client, namespace: str, *, dry_run: bool) -> Item:
    """Remove the objects, and from the Service of both operators only the port that no program serves any more.

    Objects of Helm are left: ``helm upgrade`` of the release removes them. Without the right to remove an object, it is
    left with the command that removes it.

    :param namespace: of that operator, which does not run.
    :return: ``changed``, ``installation`` (``kind``, ``name``, ``action``, ``hint`` of each object), ``diff``.
    """
    result: Item = {"changed": False, "installation": [], "diff": []}
    for wanted in objects(namespace):
        path = f"{wanted.path}/{wanted.name}"
        where = f" --namespace {namespace}" if "/namespaces/" in path else ""
        command = f"kubectl delete {wanted.resource} {wanted.name}{where}"
        try:
            item = client.request("GET", path, what=f"read {wanted.kind} {wanted.name}")
            if not wanted.is_theirs(item):
                continue
            action, hint = _action(client, wanted, item)
            if action != "kept":
                if not dry_run:
                    _remove(client, wanted, path, item, action)
                result["changed"] = True
                result["diff"].append(_diff(wanted, item, action))
        except ApiNotFound:
            continue
        except ApiForbidden:
            action, hint = "kept", f"You may not remove it. As an administrator, run: {command}"
        except ApiConflict:
            action, hint = "kept", "It has just been changed. Run this again."
        result["installation"].append({"kind": wanted.kind, "name": wanted.name, "action": action, "hint": hint})
    return result


def _action(client: Client, wanted: _Object, item: Item) -> tuple[str, str]:
    if (item["metadata"].get("labels") or {}).get("app.kubernetes.io/managed-by") == "Helm":
        return "kept", "helm upgrade of its release removes it."
    if wanted.name == _READER:
        users = [
            binding["metadata"]["name"]
            for binding in client.request("GET", f"{_RBAC}/clusterrolebindings", what="list ClusterRoleBindings")[
                "items"
            ]
            if binding["roleRef"]["name"] == _READER
        ]
        if users:
            return "kept", f"ClusterRoleBindings refer to it: {', '.join(users)}."
    if wanted.kind == "Service" and len(item["spec"]["ports"]) > 1:
        return "configured", f"Port {_PORT} is removed."
    return "deleted", ""


def _remove(client: Client, wanted: _Object, path: str, item: Item, action: str) -> None:
    meta = item["metadata"]
    what = f"remove {wanted.kind} {wanted.name}"
    if action == "configured":
        index = [port["port"] for port in item["spec"]["ports"]].index(_PORT)
        patch = [
            {"op": "test", "path": f"/spec/ports/{index}/port", "value": _PORT},
            {"op": "replace", "path": "/metadata/resourceVersion", "value": meta["resourceVersion"]},
            {"op": "remove", "path": f"/spec/ports/{index}"},
        ]
        client.request("PATCH", path, what=what, body=JsonPatch(patch))
        return
    preconditions = {"uid": meta["uid"], "resourceVersion": meta["resourceVersion"]}
    client.request("DELETE", path, what=what, body={"preconditions": preconditions})


def _diff(wanted: _Object, item: Item, action: str) -> Item:
    header = f"{wanted.kind} {wanted.name}"
    before = {key: value for key, value in item.items() if key not in ("metadata", "status")}
    after: Item = {}
    if action == "configured":
        ports = [port for port in item["spec"]["ports"] if port["port"] != _PORT]
        after = {**before, "spec": {**item["spec"], "ports": ports}}
    return {
        "before": yaml.safe_dump(before, sort_keys=True),
        "after": yaml.safe_dump(after, sort_keys=True) if after else "",
        "before_header": header,
        "after_header": header,
    }


def _is_auth_role(item: Item) -> bool:
    rules = item.get("rules") or []
    found = sorted(
        (group, resource)
        for rule in rules
        for group in rule.get("apiGroups", ())
        for resource in rule.get("resources", ())
    )
    return found == _AUTH_RULES and all(rule["verbs"] == ["create"] for rule in rules)


def _is_reader(item: Item) -> bool:
    return bool(item.get("rules") == [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}])


def _is_monitor(item: Item) -> bool:
    return [endpoint.get("port") for endpoint in item["spec"].get("endpoints") or []] == ["https"]


def _has_port(item: Item) -> bool:
    ports = [(port.get("name"), port["port"]) for port in item["spec"].get("ports") or []]
    return ("https", _PORT) in ports and item["spec"].get("selector", {}).get("control-plane") == "controller-manager"

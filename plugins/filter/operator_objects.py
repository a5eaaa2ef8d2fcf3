# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: operator_objects
short_description: The objects that the operator is installed by
version_added: 0.1.0
author: The mcp.kubernetes authors (@mcp-kubernetes)
description:
  - Makes of the objects of C(install.yaml) those for another image, namespace, number of replicas or set of watched
    namespaces. All else is left as it is; the Helm chart can change more.
options:
  _input:
    description: The objects of C(install.yaml).
    type: list
    elements: dict
    required: true
  namespace:
    description: Where the operator is to live.
    type: str
    default: mcp-operator-system
  image:
    description: Its image. That of C(install.yaml) if empty.
    type: str
    default: ""
  replicas:
    description: How many of it there are to be.
    type: int
    default: 1
  bridge_images:
    description:
      - Images that contain the bridge of MCPServers with C(transport.type=stdio), C(inject) and C(package).
      - Those of the role P(mcp.kubernetes.mcpserver#role) if empty.
    type: dict
    default: {}
    version_added: 0.2.0
  watch_namespaces:
    description:
      - The namespaces whose MCPServers it is to look after. All of them if empty.
      - It gets its rights in each of them, and none elsewhere.
    type: list
    elements: str
    default: []
  network_default:
    description:
      - The mode of MCPServers without C(spec.network), V(isolated) or V(open), as C(network.default) of the chart.
      - If it is set, the operator gets permission to read namespaces, whose labels take precedence.
    type: str
    choices:
      - ""
      - isolated
      - open
    default: ""
    version_added: 0.2.0
"""

EXAMPLES = r"""
- name: Show what would be installed
  ansible.builtin.debug:
    msg: "{{ (install | from_yaml)['items'] | mcp.kubernetes.operator_objects(replicas=2) }}"
  vars:
    install: "{{ lookup('ansible.builtin.file', 'install.yaml') }}"
"""

RETURN = r"""
_value:
  description: The objects.
  type: list
  elements: dict
"""

import copy
import typing as t

from ansible.errors import AnsibleFilterError

_NAMESPACE = "mcp-operator-system"
_MANAGER_BINDING = "mcp-operator-manager-rolebinding"
_NAMESPACE_READER = "mcp-operator-namespace-reader"
_NETWORK_DEFAULTS = ("", "isolated", "open")


def operator_objects(
    objects: t.Iterable[t.Mapping[str, t.Any]],
    namespace: str = _NAMESPACE,
    image: str = "",
    replicas: int = 1,
    watch_namespaces: t.Sequence[str] = (),
    bridge_images: t.Mapping[str, str] | None = None,
    network_default: str = "",
) -> list[dict[str, t.Any]]:
    """Return the objects with what was asked for in them.

    :raises AnsibleFilterError: the default of network policies has another value.
    """
    if network_default not in _NETWORK_DEFAULTS:
        raise AnsibleFilterError(f"network_default is {network_default!r}. Use isolated or open, or leave it empty.")
    watched = list(dict.fromkeys(watch_namespaces))
    found: list[dict[str, t.Any]] = []
    for given in objects:
        made = copy.deepcopy(dict(given))
        _move(made, namespace)
        if made["kind"] == "Deployment":
            made["spec"]["replicas"] = int(replicas)
            values = {"WATCH_NAMESPACE": ",".join(watched), "MCP_OPERATOR_NETWORK_DEFAULT": network_default}
            _adjust(made["spec"]["template"]["spec"], image, values, bridge_images or {})
        if watched and made["kind"] == "ClusterRoleBinding" and made["metadata"]["name"] == _MANAGER_BINDING:
            found += [_binding(made, name) for name in watched]
        else:
            found.append(made)
        if network_default and made["kind"] == "ClusterRoleBinding" and made["metadata"]["name"] == _MANAGER_BINDING:
            found += _namespace_reader(made)
    return found


def _move(made: dict[str, t.Any], namespace: str) -> None:
    meta = made["metadata"]
    if made["kind"] == "Namespace":
        meta["name"] = namespace
    if meta.get("namespace") == _NAMESPACE:
        meta["namespace"] = namespace
    if made["kind"] == "ValidatingAdmissionPolicy":
        for condition in made["spec"].get("matchConditions", []):
            # In the name of a user, and by itself.
            for mark in (":", "'"):
                named, moved = f"{mark}{_NAMESPACE}{mark}", f"{mark}{namespace}{mark}"
                condition["expression"] = condition["expression"].replace(named, moved)
    for subject in made.get("subjects", []):
        if subject.get("namespace") == _NAMESPACE:
            subject["namespace"] = namespace


def _adjust(pod: dict[str, t.Any], image: str, values: t.Mapping[str, str], bridge_images: t.Mapping[str, str]) -> None:
    (container,) = pod["containers"]
    if image:
        container["image"] = image
    values = {
        **values,
        "MCP_OPERATOR_VALIDATION_IMAGE": container["image"],
        "MCP_OPERATOR_BRIDGE_INJECT_IMAGE": bridge_images.get("inject", ""),
        "MCP_OPERATOR_BRIDGE_PACKAGE_IMAGE": bridge_images.get("package", ""),
    }
    for variable in container["env"]:
        variable["value"] = values.get(variable["name"], variable.get("value"))


def _binding(everywhere: t.Mapping[str, t.Any], namespace: str) -> dict[str, t.Any]:
    """Return the binding of one namespace: that of all of them, within it."""
    made = copy.deepcopy(dict(everywhere))
    made["kind"] = "RoleBinding"
    made["metadata"]["namespace"] = namespace
    return made


def _namespace_reader(binding: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """Return the permission to read the labels of namespaces, as the chart has it.

    :param binding: of the operator's permissions on MCPServers, in all namespaces.
    """
    meta = {"name": _NAMESPACE_READER, "labels": binding["metadata"]["labels"]}
    group = "rbac.authorization.k8s.io"
    rule = {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "list", "watch"]}
    role = {"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": meta, "rules": [rule]}
    reference = {"apiGroup": group, "kind": "ClusterRole", "name": _NAMESPACE_READER}
    return copy.deepcopy([role, {**binding, "metadata": meta, "roleRef": reference}])


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return them by name."""
        return {"operator_objects": operator_objects}

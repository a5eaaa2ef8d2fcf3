# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Keep the image of the sidecar in Pods that run, so that an upgrade rolls none of them.

The default images have the version of the collection as their tag. If nothing but this tag would change in a Pod
template, the template keeps the tag that it has, until something else in it changes. Images that the manifest names are
always taken.
"""

from __future__ import annotations

import copy
import typing as t

from .._workload import names
from .._workload.fields import mapping
from .._workload.objects import fingerprint
from .._workload.ownership import is_owned_by

if t.TYPE_CHECKING:
    from .._kube.client import Client
    from .workload_state import Item, WorkloadState


def with_running_images(
    client: Client, defaults: t.Iterable[str], children: t.Sequence[Item], server: Item, state: WorkloadState
) -> list[Item]:
    """Return the objects of an MCPServer, its Deployment with the images of the sidecar that its Pods have.

    :param defaults: the images of the sidecar of this version. The same names and tags in other registries count, too.
    :raises KubeError: the Deployment could not be read or compared.
    """
    current = {_name(image) for image in defaults}
    return [
        _kept(client, current, child, server)
        if child["kind"] == "Deployment" and not state.is_unchanged(child) and _may_exist(child, server, state)
        else child
        for child in children
    ]


def _may_exist(child: Item, server: Item, state: WorkloadState) -> bool:
    """Tell whether the Deployment may exist, without a request: most MCPServers of a new fleet have none yet."""
    return state.reads or state.find_owned(child, server) is not None


def _kept(client: Client, current: t.Collection[str], child: Item, server: Item) -> Item:
    named = _named(server["spec"])
    wanted = {name: image for name, image in _images(child).items() if _name(image) in current and image not in named}
    if not wanted:
        return child
    meta = child["metadata"]
    found = client.find("apps/v1", "Deployment", meta["namespace"], meta["name"])
    if found is None or not is_owned_by(found, server):
        return child
    running = _images(found)
    older = {
        name: running[name]
        for name, image in wanted.items()
        if name in running and running[name] != image and _repository(running[name]) == _repository(image)
    }
    if not older:
        return child
    kept = copy.deepcopy(child)
    template = kept["spec"]["template"]
    for container in _containers(template):
        container["image"] = older.get(container["name"], container["image"])
    labels = template["metadata"]["labels"]
    if labels.pop(names.TEMPLATE_LABEL, ""):
        labels[names.TEMPLATE_LABEL] = fingerprint(template)
    # The API server knows the defaults of all fields, and the fields of other clients.
    after = client.apply(kept, field_manager=names.FIELD_MANAGER, dry_run=True)
    return kept if after["spec"]["template"] == found["spec"]["template"] else child


def _named(spec: t.Mapping[str, t.Any]) -> set[t.Any]:
    """Return the images in a manifest."""
    bridge = mapping(mapping(mapping(spec, "transport"), "config"), "stdio")
    return {spec.get("image"), mapping(spec, "sidecar").get("image"), bridge.get("bridgeImage")}


def _images(deployment: Item) -> dict[str, str]:
    return {str(one["name"]): str(one["image"]) for one in _containers(deployment["spec"]["template"])}


def _containers(template: Item) -> list[Item]:
    spec = mapping(template, "spec")
    return [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]


def _name(image: str) -> str:
    """Return the last part of a reference, with its tag or digest."""
    return image.rpartition("/")[2]


def _repository(image: str) -> str:
    """Return a reference without its tag and digest."""
    registry, slash, name = image.partition("@")[0].rpartition("/")
    return f"{registry}{slash}{name.partition(':')[0]}"

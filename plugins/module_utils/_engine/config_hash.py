# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A digest of the ConfigMaps and Secrets that a Pod refers to. Their content is not kept.

The digest is in an annotation, which more people may read than the Secrets. So it is salted: equal digests of two
MCPServers do not show that their Secrets are equal, and no table that was computed once serves for all of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import typing as t

from .._kube.errors import ApiForbidden
from .._workload import config, gate, names
from .._workload.fields import mapping
from .._workload.objects import fingerprint
from .._workload.ownership import is_owned_by

if t.TYPE_CHECKING:
    from .._kube.client import Client

# The fields that Pods see.
_CONTENT = ("data", "binaryData")
_LENGTH = 32  # hexadecimal digits: 128 bits

Object = t.Mapping[str, t.Any]


def config_hash(client: Client, server: Object, pod: Object) -> str:
    """Return the digest. A missing object is part of it; a Pod that needs the object reports that itself.

    An earlier form of the digest is kept until the content changes, so that an upgrade rolls no Pod: the unsalted one,
    and the one that is salted by the name, from before the cluster had the CustomResourceDefinition.

    :param pod: a Pod's spec.
    :raises ApiForbidden: an object may not be read.
    """
    meta = server["metadata"]
    content = _content(client, meta["namespace"], pod)
    by_name = _digest(f"{meta['namespace']}/{meta['name']}", content)
    wanted = _digest(str(meta["uid"]), content) if meta.get("uid") else by_name
    earlier = {by_name, fingerprint(content)}
    return next((found for found in _present(client, server) if found in earlier), wanted)


def _digest(salt: str, content: t.Sequence[t.Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def _present(client: Client, server: Object) -> t.Iterator[str]:
    """Yield the digests in the Deployment, and in the template that was rolled back, which must not be tried again."""
    meta = server["metadata"]
    deployment = client.find("apps/v1", "Deployment", meta["namespace"], meta["name"])
    if deployment is not None and is_owned_by(deployment, server):
        yield _annotation(mapping(mapping(deployment, "spec"), "template"))
    failed = mapping(mapping(server, "status"), "rollback").get("template")
    if failed:
        name = gate.revision_name(meta["name"], str(failed))
        revision = client.find("apps/v1", "ControllerRevision", meta["namespace"], name)
        if revision is not None and is_owned_by(revision, server):
            yield _annotation(mapping(mapping(revision, "data"), "template"))


def _annotation(template: Object) -> str:
    return str(mapping(mapping(template, "metadata"), "annotations").get(names.CONFIG_ANNOTATION, ""))


def _content(client: Client, namespace: str, pod: Object) -> list[t.Any]:
    seen: list[t.Any] = []
    for kind, name in config.references(pod):
        try:
            found = client.find("v1", kind, namespace, name)
        except ApiForbidden:
            field = "configMaps" if kind == config.CONFIG_MAP else "secrets"
            raise ApiForbidden(
                f"spec.podTemplate.configHash needs to read {kind} {namespace}/{name}, which is not allowed.",
                f"Name it in the chart's value configHash: [{{namespace: {namespace}, {field}: [{name}]}}], or give "
                "the operator's ServiceAccount a Role with this resourceName; or switch configHash off.",
                code="CONFIG_FORBIDDEN",
                status=403,
            ) from None
        seen.append([kind, name, None if found is None else [found.get(field) for field in _CONTENT]])
    return seen

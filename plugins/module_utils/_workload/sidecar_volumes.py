# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The Secrets and ConfigMaps with certificates that mcp-sidecar reads. It reads them again when they change."""

from __future__ import annotations

import typing as t

from . import names, tls
from .fields import mapping

# Readable for the Pod's fsGroup, and for no other user.
_MODE = 0o440

Object = t.Mapping[str, t.Any]


def volumes(server: Object) -> tuple[list[dict[str, t.Any]], list[dict[str, t.Any]]]:
    """Return the Pod's volumes, and their mounts in the container that runs mcp-sidecar."""
    authority = _authority(names.AUTH_CA_VOLUME, mapping(mapping(server["spec"], "auth"), "caConfigMapRef"), {})
    found = [volume for volume in (*_of_tls(server), authority) if volume]
    paths = {names.TLS_VOLUME: names.TLS_PATH, names.CLIENT_CA_VOLUME: names.CLIENT_CA_PATH}
    paths[names.AUTH_CA_VOLUME] = names.AUTH_CA_PATH
    mounts = [{"name": each["name"], "mountPath": paths[each["name"]], "readOnly": True} for each in found]
    return found, mounts


def _of_tls(server: Object) -> t.Iterator[dict[str, t.Any]]:
    settings = tls.of_sidecar(server["spec"])
    if settings is None:
        return
    yield {
        "name": names.TLS_VOLUME,
        "secret": {"secretName": tls.secret_name(server, settings), "defaultMode": _MODE},
    }
    if settings.get("mode") == tls.MUTUAL:
        yield _authority(
            names.CLIENT_CA_VOLUME, mapping(settings, "clientCAConfigMapRef"), mapping(settings, "clientCASecretRef")
        )


def _authority(volume: str, config_map: Object, secret: Object) -> dict[str, t.Any]:
    """Return a volume with the certificates of an authority as ca.crt; empty if there is no reference."""
    reference = config_map or secret
    if not reference:
        return {}
    items = [{"key": str(reference.get("key")), "path": "ca.crt"}]
    if config_map:
        source = {"configMap": {"name": str(reference.get("name")), "items": items, "defaultMode": _MODE}}
    else:
        source = {"secret": {"secretName": str(reference.get("name")), "items": items, "defaultMode": _MODE}}
    return {"name": volume, **source}

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads the approved digest of an MCPServer from a lock file in a ConfigMap: ``spec.validation.tools.configMapRef``."""

from __future__ import annotations

import functools
import typing as t

from .._kube.errors import ApiForbidden
from .._mcp.errors import McpError
from .._mcp.offers.kept_items import pack
from .._mcp.offers.lock_file import read_lock
from .._util import clean
from .._workload.fields import mapping
from .._workload.offers import Pin, pin_of

if t.TYPE_CHECKING:
    from .._kube.client import Client

_KEY: t.Final = "mcp-lock.yaml"
# A tenant writes the ConfigMap, and the operator parses it.
_LARGEST: t.Final = 256 * 1024  # characters
_FIELD: t.Final = "spec.validation.tools.configMapRef"

Object = t.Mapping[str, t.Any]


class Approved(t.NamedTuple):
    """What a lock file says about one server.

    :param packed: the approved offers, see :mod:`.._mcp.offers.kept_items`; empty if they are not known.
    """

    pin: Pin
    packed: bytes = b""


def lock_reference(server: Object) -> Object:
    """Return the reference to the ConfigMap; empty if there is none."""
    return mapping(mapping(mapping(server["spec"], "validation"), "tools"), "configMapRef")


def read_pin(client: Client, server: Object) -> Pin | None:
    """Return what a server may offer, with the digest of the lock file; None if the manifest says nothing.

    :raises KubeError: the API server did not answer, so it is unknown what there is.
    """
    found = read_approved(client, server)
    return None if found is None else found.pin


def read_approved(client: Client, server: Object) -> Approved | None:
    """Return what a server may offer as :func:`read_pin` does, with the texts of the lock file.

    What is wrong with the ConfigMap is the problem of the result.

    :raises KubeError: the API server did not answer, so it is unknown what there is.
    """
    pin = pin_of(server)
    reference = lock_reference(server)
    if pin is None or not reference:
        return None if pin is None else Approved(pin)
    approved, problem, packed = _read(client, server["metadata"], reference)
    return Approved(pin._replace(approved=approved, problem=problem), packed)


def _read(client: Client, meta: Object, reference: Object) -> tuple[str, str, bytes]:
    """Return the approved digest, or why it is not known, and the approved offers."""
    server, name, key = f"{meta['namespace']}/{meta['name']}", reference.get("name"), reference.get("key") or _KEY
    where = f"ConfigMap {meta['namespace']}/{clean(name)} of {_FIELD}"
    try:
        found = client.find("v1", "ConfigMap", str(meta["namespace"]), str(name))
        text = mapping(found or {}, "data").get(key)
        if found is None:
            problem = f"{where} does not exist."
        elif not isinstance(text, str) or len(text) > _LARGEST:
            problem = f"{where} has no key {clean(key)}, or it has more than {_LARGEST} characters."
        else:
            entries, invalid = _entries(text)
            digest, packed = entries.get(server, ("", b""))
            problem = f"{where}: {invalid}" if invalid else "" if digest else f"{where} has no entry {server}."
            return digest, problem, packed
    except ApiForbidden:
        problem = f"{where} may not be read. Name it in the chart's value validationAccess."
    return "", problem, b""


@functools.lru_cache(maxsize=16)
def _entries(text: str) -> tuple[dict[str, tuple[str, bytes]], str]:
    """Return digests and packed entries of a lock file, and what is wrong with it.

    The MCPServers of a fleet share one, and read it every minute, also if it is invalid.
    """
    try:
        return {name: (str(entry["digest"]), pack(entry)) for name, entry in read_lock(text).items()}, ""
    except McpError as exc:
        return {}, exc.seen

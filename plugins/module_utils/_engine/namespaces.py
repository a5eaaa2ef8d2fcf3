# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads namespaces."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._kube.errors import ApiForbidden, ApiNotFound
from .._util import clean

if t.TYPE_CHECKING:
    from .._kube.client import Client


def find_namespace(client: Client, name: str) -> dict[str, t.Any] | None:
    """Return a namespace, or None.

    :raises ApiForbidden: it may not be read.
    """
    try:
        path = f"/api/v1/namespaces/{quote(name, safe='')}"
        return t.cast("dict[str, t.Any]", client.request("GET", path, what=f"read namespace {name}"))
    except ApiNotFound:
        return None


def require_namespace(client: Client, name: str) -> None:
    """Raise an error if a namespace does not exist. Users may use a namespace that they may not read.

    :raises ApiNotFound: it does not exist.
    """
    try:
        found = find_namespace(client, name)
    except ApiForbidden:
        return
    if found is None:
        seen = f"There is no namespace {clean(name, 63)}."
        raise ApiNotFound(seen, "Check the namespace and the context.", status=404)

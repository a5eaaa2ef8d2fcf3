# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Completion of the names of MCPServers by those in the cluster."""

from __future__ import annotations

import argparse
import json
import os
import typing as t

from .._vendor._kube.resources import collection_path
from .._vendor._workload import names
from .cluster_flags import client_of, namespace_of
from .named_servers import is_name

# Seconds: a shell waits for completions.
_TIMEOUT: t.Final = 2.0
_LIMIT: t.Final = 500
_MAX_BYTES: t.Final = 2 * 1024 * 1024
# Names only, since a list of whole objects can be megabytes long.
_METADATA: t.Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


def completes_names(action: argparse.Action) -> None:
    """Let argcomplete complete the values of an argument, ``NAME`` or ``NAMESPACE/NAME``."""
    setattr(action, "completer", _names)  # noqa: B010 - argparse does not know the attribute


def _names(prefix: str, parsed_args: argparse.Namespace, **_more: object) -> list[str]:
    """Return the names that begin with a prefix; none if the cluster does not answer."""
    namespace, slash, _name = prefix.rpartition("/")
    try:
        found = _list(parsed_args, namespace)
    except Exception:  # noqa: BLE001 - no shell shows why there are no completions
        return []
    # The shell inserts them into a command line.
    return [f"{namespace}{slash}{name}" for name in found if is_name(name)]


def _list(flags: argparse.Namespace, namespace: str) -> list[str]:
    client = client_of(flags, os.environ, _TIMEOUT)
    path = collection_path(names.API_VERSION, names.KIND, namespace or namespace_of(flags, os.environ))
    query = {"limit": str(_LIMIT)}
    response = client.open(path, what="list names", query=query, accept=_METADATA, timeout=_TIMEOUT)
    try:
        items = json.loads(response.read(_MAX_BYTES))["items"]
    finally:
        response.close()
    return [str(item["metadata"]["name"]) for item in items]

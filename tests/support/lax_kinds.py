# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Kinds of other projects that admit every content, for tests of admission alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import plural

from . import cluster

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def lax_crd(api_version: str, kind: str) -> dict[str, Any]:
    """Return a CustomResourceDefinition without restrictions."""
    group, version = api_version.split("/")
    names = {"kind": kind, "plural": plural(api_version, kind), "singular": kind.lower()}
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        # The API server wants this annotation on kinds of protected groups.
        "metadata": {
            "name": f"{names['plural']}.{group}",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": names,
            "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


@contextmanager
def served(
    client: Client, *kinds: tuple[str, str], manifests: Sequence[dict[str, Any]] | None = None
) -> Iterator[None]:
    """Serve kinds for a while; those that the cluster has already stay as they are.

    :param manifests: the CustomResourceDefinitions of the kinds, instead of those without restrictions.
    """
    made: list[str] = []
    try:
        for (api_version, kind), manifest in zip(kinds, manifests or [lax_crd(*one) for one in kinds], strict=True):
            path = f"{CRDS}/{manifest['metadata']['name']}"
            if cluster.found(client, path) is None:
                client.request("POST", CRDS, what="create a kind", body=manifest)
                made.append(path)
            _until_served(client, f"/apis/{api_version}/{plural(api_version, kind)}")
        yield
    finally:
        for path in made:
            client.request("DELETE", path, what="delete a kind")
            _until_gone(client, path)


def _until_served(client: Client, path: str) -> None:
    cluster.until("the kind is served", lambda: cluster.found(client, path), 30)


def _until_gone(client: Client, path: str) -> None:
    cluster.until("the kind is gone", lambda: cluster.found(client, path) is None, 30)

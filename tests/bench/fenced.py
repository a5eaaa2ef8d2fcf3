# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A ServiceAccount that the chart's default admission policies judge, for the operator that is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster, policies

_ACCOUNT = "operator"


@contextmanager
def account(client: Client, folder: Path) -> Iterator[str]:
    """Yield the path of a kubeconfig whose user has all rights and is judged by the policies.

    :param folder: where the kubeconfig is written.
    """
    with cluster.namespace(client) as namespace:
        user = f"system:serviceaccount:{namespace}:{_ACCOUNT}"
        accounts = f"/api/v1/namespaces/{namespace}/serviceaccounts"
        metadata = {"name": _ACCOUNT, "namespace": namespace}
        body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
        client.request("POST", accounts, what="make a ServiceAccount", body=body)
        group = "rbac.authorization.k8s.io"
        rights = {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": namespace},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", **metadata}],
        }
        optional = "mcp-operator-fence-owner"
        copies = policies.copies(user, namespace)
        made = [rights, *[item for item in copies if not item["metadata"]["name"].startswith(optional)]]
        try:
            for manifest in made:
                policies.apply(client, manifest)
            token = policies.token(client, f"{accounts}/{_ACCOUNT}")
            path = folder / "fenced.kubeconfig"
            path.touch(mode=0o600)
            path.write_text(json.dumps(_kubeconfig(client, token)), encoding="utf-8")
            yield str(path)
        finally:
            for manifest in made:
                policies.delete(client, manifest)


def _kubeconfig(client: Client, token: str) -> dict[str, object]:
    configuration = client.configuration
    server = {"server": configuration.host, "certificate-authority": configuration.ssl_ca_cert}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "fenced",
        "contexts": [{"name": "fenced", "context": {"cluster": "fenced", "user": "fenced"}}],
        "clusters": [{"name": "fenced", "cluster": server}],
        "users": [{"name": "fenced", "user": {"token": token}}],
    }

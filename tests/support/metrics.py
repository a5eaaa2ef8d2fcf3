# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The metrics of the installed operator, which only a token with permission can read."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

from .forward import forward
from .operator import NAMESPACE

PORT = 8080
_ACCOUNTS = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts"
_BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
_RBAC = "rbac.authorization.k8s.io"
_ROLE = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": "mcp-operator-metrics-reader-role"}


@contextmanager
def reader(client: Client) -> Iterator[str]:
    """Yield the token of a ServiceAccount that can read the metrics while the block runs."""
    name = f"mcp-tests-metrics-{uuid.uuid4().hex[:8]}"
    meta = {"metadata": {"name": name}}
    subject = {"kind": "ServiceAccount", "name": name, "namespace": NAMESPACE}
    binding = {**meta, "roleRef": _ROLE, "subjects": [subject]}
    client.request("POST", _ACCOUNTS, what="create a ServiceAccount", body=meta)
    try:
        client.request("POST", _BINDINGS, what="let it read metrics", body=binding)
        request = {"spec": {"expirationSeconds": 3600}}
        made = client.request("POST", f"{_ACCOUNTS}/{name}/token", what="create a token", body=request)
        yield made["status"]["token"]
    finally:
        for path in (f"{_BINDINGS}/{name}", f"{_ACCOUNTS}/{name}"):
            with contextlib.suppress(ApiNotFound):
                client.request("DELETE", path, what="clean up")


def read(client: Client, pod: str, token: str) -> str:
    """Return the metrics of a Pod of the operator; an empty text while it refuses them."""
    # The certificate is self-signed.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with forward(client, NAMESPACE, pod, PORT) as address:
        connection = http.client.HTTPSConnection(address, timeout=10, context=context)
        try:
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
            response = connection.getresponse()
            return response.read().decode() if response.status == http.HTTPStatus.OK else ""
        finally:
            connection.close()

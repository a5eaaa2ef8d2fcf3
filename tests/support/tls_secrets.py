# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Secrets with certificates for sidecars and for validation."""

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from zoo.certificates import Certificates


def make_secret(
    client: Client,
    namespace: str,
    certificates: Certificates,
    name: str,
    labels: dict[str, str] | None = None,
    host: str = "localhost",
) -> None:
    """Create a Secret of the type kubernetes.io/tls with the certificate of its name.

    :param host: for which the certificate is.
    """
    key, certificate = certificates.leaf(name, host).read_text(encoding="utf-8").split("-----BEGIN CERTIFICATE", 1)
    data = {
        "tls.key": key,
        "tls.crt": f"-----BEGIN CERTIFICATE{certificate}",
        "ca.crt": certificates.authority.read_text(encoding="utf-8"),
    }
    meta = {"name": name, "labels": labels or {}}
    body = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "metadata": meta, "stringData": data}
    client.request("POST", f"/api/v1/namespaces/{namespace}/secrets", what="make a Secret", body=body)

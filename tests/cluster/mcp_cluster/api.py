# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""As much of the Kubernetes API as bringing a cluster up takes."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import suppress
from typing import Any

from .addresses import API_PORT, NODE
from .certificates import Certificates
from .errors import ClusterError
from .machine.netns import NetworkNamespace

FIELD_MANAGER = "mcp-testbed"
MAX_ANSWER = 32 * 1024 * 1024

Manifest = dict[str, Any]

_PATHS = {
    "Namespace": "/api/v1/namespaces",
    "Node": "/api/v1/nodes",
    "ServiceAccount": "/api/v1/namespaces/{namespace}/serviceaccounts",
    "Service": "/api/v1/namespaces/{namespace}/services",
    "EndpointSlice": "/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices",
    "APIService": "/apis/apiregistration.k8s.io/v1/apiservices",
    "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
}


class NotFoundError(ClusterError):
    """The API server has no such object."""


class _Connection(http.client.HTTPConnection):
    """HTTP to a port inside the cluster's network namespace, encrypted if a context is given."""

    def __init__(
        self, namespace: NetworkNamespace, host: str, port: int, timeout: float, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, timeout=timeout)
        self._namespace = namespace
        self._tls = tls
        self._seconds = timeout

    def connect(self) -> None:
        plain = self._namespace.connect((self.host, self.port), self._seconds)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain


def probe(namespace: NetworkNamespace, url: str, timeout: float = 2) -> str:
    """Why a health endpoint inside the namespace does not answer 200; empty if it does.

    Certificates are not checked: it is asked only whether the process that was just started has come up.
    """
    scheme, _, rest = url.partition("://")
    place, _, path = rest.partition("/")
    host, _, port = place.partition(":")
    tls = None
    if scheme == "https":
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    connection = _Connection(namespace, host, int(port), timeout, tls)
    try:
        connection.request("GET", "/" + path)
        answer = connection.getresponse()
        body = answer.read(4096)
        return "" if answer.status == 200 else f"HTTP {answer.status}: {body.decode(errors='replace').strip()[:300]}"
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()


class Api:
    """The API server as its administrator sees it; dialled inside the namespace, so it does not depend on the door."""

    def __init__(self, namespace: NetworkNamespace, certificates: Certificates) -> None:
        self._namespace = namespace
        self._tls = ssl.create_default_context(cafile=str(certificates.certificate("ca")))
        self._tls.load_cert_chain(certificates.certificate("admin"), certificates.key("admin"))

    def request(
        self, method: str, path: str, body: object = None, content_type: str = "application/json", timeout: float = 10
    ) -> Any:
        connection = _Connection(self._namespace, NODE, API_PORT, timeout, self._tls)
        headers = {"Accept": "application/json", "Content-Type": content_type}
        try:
            content = body if body is None or isinstance(body, str) else json.dumps(body)
            connection.request(method, path, None if content is None else content.encode(), headers)
            answer = connection.getresponse()
            text = answer.read(MAX_ANSWER).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise ClusterError(f"The API server does not answer: {error!r}.") from error
        finally:
            connection.close()
        if answer.status >= 400:
            kind = NotFoundError if answer.status == 404 else ClusterError
            raise kind(f"{method} {path}: HTTP {answer.status}.", details=text[:500])
        try:
            return json.loads(text)
        except ValueError:
            return text

    def get(self, path: str) -> Any:
        return self.request("GET", path)

    def apply(self, manifest: Manifest) -> None:
        """Server-side apply: the same for an object that is there and one that is not."""
        meta = manifest["metadata"]
        collection = _PATHS[manifest["kind"]].format(namespace=meta.get("namespace"))
        path = f"{collection}/{meta['name']}?fieldManager={FIELD_MANAGER}&force=true"
        self.request("PATCH", path, manifest, "application/apply-patch+yaml")

    def apply_definition(self, name: str, text: str) -> None:
        """Server-side apply of a CustomResourceDefinition in YAML."""
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}?fieldManager={FIELD_MANAGER}&force=true"
        self.request("PATCH", path, text, "application/apply-patch+yaml")

    def delete(self, kind: str, name: str) -> None:
        with suppress(NotFoundError):
            self.request("DELETE", f"{_PATHS[kind]}/{name}")

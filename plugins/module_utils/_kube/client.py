# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Plain JSON calls to the API server on the official client's pooled connections.

The generated client turns each answer into model objects and back, which costs more than the call; its connection
pool, TLS and authentication (exec plugins included) are what we take from it.
"""

from __future__ import annotations

import json
import re
import time
import typing as t
from http import HTTPStatus
from urllib.parse import urlencode

from .auth import configuration
from .encoding import to_json
from .errors import ApiNotFound, ApiUnreachable, KubeError, from_status
from .resources import collection_path, describe, object_path, path_of

try:
    import kubernetes.client
    import urllib3
    from urllib3.exceptions import HTTPError
except ImportError:  # auth.configuration says which package is missing
    pass

if t.TYPE_CHECKING:
    from kubernetes.client import Configuration
    from urllib3.response import BaseHTTPResponse

JSON = "application/json"
APPLY = "application/apply-patch+yaml"
# The largest answer that is read; a page of LIST_LIMIT objects stays far below it.
MAX_BODY_BYTES = 64 * 1024 * 1024
LIST_LIMIT = 500
# Answers after which the same idempotent call may succeed. 500 is in it: etcd's leader elections end in one.
_RETRIED = frozenset({429, 500, 502, 503, 504})
_TRIES = 4
# Seconds after which a call that gets no answer at all is not made again.
_PATIENCE = 20.0


class Client:
    """A thread-safe client of one API server.

    :param options: kubernetes.core's authentication options, see :func:`auth.configuration`.
    :param timeout: seconds that one call may take, retries not counted.
    :param observe: is told the method and the status of every answer, 0 for none.
    """

    def __init__(
        self,
        options: t.Mapping[str, t.Any] | None = None,
        *,
        timeout: float = 20.0,
        observe: t.Callable[[str, int], None] | None = None,
    ) -> None:
        self.configuration: Configuration = configuration(options or {})
        self._timeout = timeout
        self._observe = observe or (lambda _method, _status: None)
        self._pool = kubernetes.client.ApiClient(self.configuration).rest_client.pool_manager
        self._basic: dict[str, str] = {}
        if self.configuration.username and self.configuration.password:
            credentials = f"{self.configuration.username}:{self.configuration.password}"
            self._basic = dict(urllib3.make_headers(basic_auth=credentials))

    @property
    def api_server(self) -> str:
        """The address of the API server, without any credentials that it was written with."""
        return re.sub(r"//[^/@]*@", "//", str(self.configuration.host).rstrip("/"))

    def request(
        self,
        method: str,
        path: str,
        *,
        what: str,
        query: t.Mapping[str, str] | None = None,
        body: t.Any = None,
        content_type: str = JSON,
        retry: bool = True,
    ) -> t.Any:
        """Make a call and return the decoded JSON.

        :param what: what is being asked, for the error's text, for example ``apply Deployment default/wikipedia``.
        :param retry: repeat the call after an answer that says that it may succeed later; only for idempotent calls.
        :raises KubeError: any answer but 2xx, or none.
        """
        url = self.configuration.host.rstrip("/") + path
        if query:
            url += "?" + urlencode(query)
        payload = None if body is None else to_json(body).encode()
        error: KubeError | None = None
        give_up = time.monotonic() + _PATIENCE
        for attempt in range(_TRIES if retry else 1):
            if attempt:
                time.sleep(min(0.25 * 2**attempt, 2.0))
            try:
                status, data = self._once(method, url, payload, content_type)
            except (HTTPError, OSError) as exc:
                error = self._unreachable(exc)
                if isinstance(exc, urllib3.exceptions.NewConnectionError) and attempt >= 1:
                    break  # nobody listens there: waiting on helps nobody
                if time.monotonic() > give_up:
                    break
                continue
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return _decode(data)
            error = from_status(status, _decode(data), what)
            if status not in _RETRIED:
                break
        raise t.cast("KubeError", error)

    def open(
        self, path: str, *, what: str, query: t.Mapping[str, str] | None = None, accept: str = JSON, timeout: float
    ) -> BaseHTTPResponse:
        """Make one GET and return its answer unread, for what is too large or too long to be read at once.

        Whoever opens it closes it.

        :param accept: the media type that is asked for.
        :param timeout: seconds without a byte after which reading fails with urllib3's ``HTTPError``.
        :raises KubeError: any answer but 2xx, or none.
        """
        url = self.configuration.host.rstrip("/") + path
        if query:
            url += "?" + urlencode(query)
        try:
            response = self._send("GET", url, None, {"Accept": accept}, timeout)
            if response.status < HTTPStatus.MULTIPLE_CHOICES:
                return response
            try:
                data = response.read(MAX_BODY_BYTES)
            finally:
                response.close()
        except (HTTPError, OSError) as exc:
            raise self._unreachable(exc) from None
        raise from_status(response.status, _decode(data), what, response.headers.get("Retry-After"))

    def _once(self, method: str, url: str, payload: bytes | None, content_type: str) -> tuple[int, bytes]:
        headers = {} if payload is None else {"Content-Type": content_type}
        response = self._send(method, url, payload, headers, self._timeout)
        try:
            data = response.read(MAX_BODY_BYTES + 1)
        finally:
            response.release_conn()
        if len(data) > MAX_BODY_BYTES:
            raise KubeError(f"The API server's answer is larger than {MAX_BODY_BYTES} bytes.")
        return response.status, data

    def _send(
        self, method: str, url: str, payload: bytes | None, headers: t.Mapping[str, str], timeout: float
    ) -> BaseHTTPResponse:
        everything = {"Accept": JSON, "User-Agent": "mcp.kubernetes", **self._basic, **headers}
        # Asked each time: a token may have been renewed.
        settings: dict[str, t.Any] = dict(self.configuration.auth_settings())
        for setting in settings.values():
            if setting["in"] == "header" and setting["value"]:
                everything[setting["key"]] = setting["value"]
        try:
            response = self._pool.request(
                method,
                url,
                body=payload,
                headers=everything,
                timeout=urllib3.Timeout(connect=min(5.0, self._timeout), read=timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except (HTTPError, OSError):
            self._observe(method, 0)
            raise
        self._observe(method, response.status)
        return response

    def _unreachable(self, exc: Exception) -> ApiUnreachable:
        host = self.configuration.host
        text = str(getattr(exc, "reason", None) or exc).split(": ", 1)[-1].rstrip(".")
        if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
            return ApiUnreachable(
                f"The certificate of the API server {host} is not trusted: {text}.",
                "Give its CA with ca_cert, or correct certificate-authority in the kubeconfig.",
            )
        return ApiUnreachable(
            f"The API server {host} does not answer: {text}.",
            "Check that the cluster is up and that the kubeconfig's context points to it: kubectl cluster-info.",
        )

    def get(self, api_version: str, kind: str, namespace: str, name: str) -> dict[str, t.Any]:
        """Return one object.

        :raises ApiNotFound: there is none, or its kind is not installed.
        """
        path = object_path(api_version, kind, namespace, name)
        return t.cast("dict[str, t.Any]", self.request("GET", path, what=f"read {kind} {namespace}/{name}"))

    def find(self, api_version: str, kind: str, namespace: str, name: str) -> dict[str, t.Any] | None:
        """Return one object, or None."""
        try:
            return self.get(api_version, kind, namespace, name)
        except ApiNotFound:
            return None

    def list(
        self, api_version: str, kind: str, namespace: str | None, **selectors: str
    ) -> t.Iterator[dict[str, t.Any]]:
        """Yield the objects of a kind, page by page.

        :param namespace: None for all namespaces.
        :param selectors: ``labelSelector`` and ``fieldSelector``.
        """
        query = {"limit": str(LIST_LIMIT), **selectors}
        path = collection_path(api_version, kind, namespace)
        while True:
            page = self.request("GET", path, what=f"list {kind}s in {namespace or 'all namespaces'}", query=query)
            yield from page.get("items") or []
            token = (page.get("metadata") or {}).get("continue")
            if not token:
                return
            query["continue"] = token

    def apply(
        self,
        manifest: t.Mapping[str, t.Any],
        *,
        field_manager: str,
        subresource: str = "",
        dry_run: bool = False,
        force: bool = True,
    ) -> dict[str, t.Any]:
        """Apply a manifest server-side and return the object as it is afterwards.

        See https://kubernetes.io/docs/reference/using-api/server-side-apply/.
        """
        query = {"fieldManager": field_manager, "force": "true" if force else "false", "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        what = f"apply {describe(manifest)}" + (f" ({subresource})" if subresource else "")
        path = path_of(manifest, subresource)
        answer = self.request("PATCH", path, what=what, query=query, body=manifest, content_type=APPLY)
        return t.cast("dict[str, t.Any]", answer)

    def delete(self, api_version: str, kind: str, namespace: str, name: str, *, uid: str = "") -> None:
        """Delete one object; that there is none is fine.

        :param uid: of the only one that is meant.
        :raises ApiConflict: there is another one in its place.
        """
        body = {"preconditions": {"uid": uid}} if uid else None
        try:
            path = object_path(api_version, kind, namespace, name)
            self.request("DELETE", path, what=f"delete {kind} {namespace}/{name}", body=body)
        except ApiNotFound:
            pass

    def allowed(self, verb: str, group: str, resource: str, namespace: str, subresource: str = "") -> bool:
        """Ask the API server whether we may do this (SelfSubjectAccessReview)."""
        attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
        if subresource:
            attributes["subresource"] = subresource
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        answer = self.request("POST", path, what="ask what we may do", body=review)
        return bool(answer["status"].get("allowed"))


def _decode(data: bytes) -> t.Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return data[:300].decode("utf-8", "replace")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""JSON requests to the API server on the connection pool of the official client.

The official client's generated API converts each response into model objects, which costs more CPU time than the
request. This module uses only its connection pool, TLS and authentication, exec plugins included.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import typing as t
from http import HTTPStatus
from urllib.parse import urlencode

from . import official_client
from .auth import configuration
from .body import JSON, ApplyPatch, media_type, to_json
from .errors import ApiInvalid, ApiNotFound, ApiUnreachable, KindNotReady, KubeError, from_status
from .resources import collection_path, describe, object_path, path_of

with contextlib.suppress(ImportError):  # it comes with the client; auth.configuration reports that this is missing
    import urllib3

if t.TYPE_CHECKING:
    from kubernetes.client import Configuration
    from urllib3.response import BaseHTTPResponse

# The largest response that is read; a page of LIST_LIMIT objects stays far below it.
MAX_BODY_BYTES = 64 * 1024 * 1024
LIST_LIMIT = 500
# The most pages of one list: half a million objects.
MAX_PAGES = 1000
# Statuses after which the same idempotent request may succeed. An election of etcd's leader causes 500.
_RETRIED = frozenset({429, 500, 502, 503, 504})
_ATTEMPTS = 4
# Seconds after the first attempt from which on a request without any response is not repeated.
_RETRY_DEADLINE = 20.0


class Client:
    """A thread-safe client of one API server.

    :param options: kubernetes.core's authentication options, see :func:`auth.configuration`.
    :param timeout: seconds that one attempt of a request may take.
    :param observe: called with the method and the status of every response; the status is 0 if there was none.
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
        self._pool: urllib3.PoolManager = official_client.RestClient(self.configuration).pool_manager
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
        retry: bool = True,
    ) -> t.Any:
        """Send a request and return the decoded JSON of its response.

        :param what: the operation in words, for the error message: ``apply Deployment default/wikipedia``.
        :param body: a value that becomes JSON; a patch of the module ``body`` sets the media type.
        :param retry: repeat the request after a status that can be temporary; only for idempotent requests.
        :raises KubeError: there was no response, or its status is not 2xx.
        """
        url = self.configuration.host.rstrip("/") + path
        if query:
            url += "?" + urlencode(query)
        payload = None if body is None else to_json(body).encode()
        error: KubeError | None = None
        deadline = time.monotonic() + _RETRY_DEADLINE
        for attempt in range(_ATTEMPTS if retry else 1):
            if attempt:
                time.sleep(min(0.25 * 2**attempt, 2.0))
            try:
                status, data = self._send_once(method, url, payload, media_type(body))
            except (urllib3.exceptions.HTTPError, OSError) as exc:
                error = self._unreachable(exc)
                if isinstance(exc, urllib3.exceptions.NewConnectionError) and attempt >= 1:
                    break  # the port is closed: further attempts would fail, too
                if time.monotonic() > deadline:
                    break
                continue
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return _decode(data)
            error = from_status(status, _decode(data), what)
            if isinstance(error, ApiInvalid) or (status not in _RETRIED and not isinstance(error, KindNotReady)):
                break
        raise t.cast("KubeError", error)

    def open(
        self, path: str, *, what: str, query: t.Mapping[str, str] | None = None, accept: str = JSON, timeout: float
    ) -> BaseHTTPResponse:
        """Send one GET and return its response unread, to stream what is too large or too long to be read at once.

        The caller must close the response.

        :param accept: the media type to request.
        :param timeout: seconds without a byte after which reading fails with urllib3's ``HTTPError``.
        :raises KubeError: there was no response, or its status is not 2xx.
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
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            raise self._unreachable(exc) from None
        raise from_status(response.status, _decode(data), what, response.headers.get("Retry-After"))

    def _send_once(self, method: str, url: str, payload: bytes | None, content_type: str) -> tuple[int, bytes]:
        headers = {} if payload is None else {"Content-Type": content_type}
        response = self._send(method, url, payload, headers, self._timeout)
        try:
            data = response.read(MAX_BODY_BYTES + 1)
        finally:
            response.release_conn()
        if len(data) > MAX_BODY_BYTES:
            raise KubeError(f"The API server's response is larger than {MAX_BODY_BYTES} bytes.")
        return response.status, data

    def _send(
        self, method: str, url: str, payload: bytes | None, headers: t.Mapping[str, str], timeout: float
    ) -> BaseHTTPResponse:
        everything = {"Accept": JSON, "User-Agent": "mcp.kubernetes", **self._basic, **headers}
        # Read for each request: the token may have been renewed.
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
        except (urllib3.exceptions.HTTPError, OSError):
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

        :raises ApiNotFound: the object does not exist, or its kind is not installed.
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
        :raises KubeError: a page could not be read, or there are more than MAX_PAGES.
        """
        query = {"limit": str(LIST_LIMIT), **selectors}
        path = collection_path(api_version, kind, namespace)
        what = f"list {kind}s in {namespace or 'all namespaces'}"
        previous: list[t.Any] = []
        for _number in range(MAX_PAGES):
            page = self.request("GET", path, what=what, query=query)
            items = page.get("items") or []
            token = (page.get("metadata") or {}).get("continue")
            # The proxy of ansible-operator returns the whole list with the token "continue-not-supported" and ignores
            # the continue parameter, so the second page is the first one again. An API server's tokens all differ.
            if token and (token == query.get("continue") or (items and items == previous)):
                return
            yield from items
            if not token:
                return
            query["continue"], previous = token, items
        raise KubeError(f"Could not {what}: the API server returned more than {MAX_PAGES} pages.")

    def apply(
        self,
        manifest: t.Mapping[str, t.Any],
        *,
        field_manager: str,
        subresource: str = "",
        dry_run: bool = False,
        force: bool = True,
    ) -> dict[str, t.Any]:
        """Apply a manifest server-side and return the resulting object.

        See https://kubernetes.io/docs/reference/using-api/server-side-apply/.
        """
        query = {"fieldManager": field_manager, "force": "true" if force else "false", "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        what = f"apply {describe(manifest)}" + (f" ({subresource})" if subresource else "")
        path = path_of(manifest, subresource)
        answer = self.request("PATCH", path, what=what, query=query, body=ApplyPatch(manifest))
        return t.cast("dict[str, t.Any]", answer)

    def create(self, manifest: t.Mapping[str, t.Any], *, field_manager: str) -> dict[str, t.Any]:
        """Create an object and return it. An object that exists is not changed.

        :raises ApiConflict: an object of that name exists.
        """
        path = collection_path(manifest["apiVersion"], manifest["kind"], manifest["metadata"]["namespace"])
        query, what = {"fieldManager": field_manager, "fieldValidation": "Strict"}, f"create {describe(manifest)}"
        return t.cast("dict[str, t.Any]", self.request("POST", path, what=what, query=query, body=manifest))

    def delete(self, api_version: str, kind: str, namespace: str, name: str, *, uid: str = "") -> None:
        """Delete one object if it exists.

        :param uid: delete the object only if it has this UID.
        :raises ApiConflict: the object has another UID.
        """
        body = {"preconditions": {"uid": uid}} if uid else None
        try:
            path = object_path(api_version, kind, namespace, name)
            self.request("DELETE", path, what=f"delete {kind} {namespace}/{name}", body=body)
        except ApiNotFound:
            pass

    def allowed(self, verb: str, group: str, resource: str, namespace: str, subresource: str = "") -> bool:
        """Tell whether this client's user has a right (SelfSubjectAccessReview)."""
        attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
        if subresource:
            attributes["subresource"] = subresource
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        answer = self.request("POST", path, what="review the access rights", body=review)
        return bool(answer["status"].get("allowed"))


def _decode(data: bytes) -> t.Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return data[:300].decode("utf-8", "replace")

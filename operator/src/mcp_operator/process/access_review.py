# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Authentication and authorization of requests by the API server, as controller-runtime's metrics server does it.

A TokenReview authenticates the bearer token of a request, and a SubjectAccessReview authorizes its user to ``get`` the
path (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources, nonResourceURLs).
"""

from __future__ import annotations

import collections
import hashlib
import logging
import threading
import time
import typing as t
from http import HTTPStatus

from .._vendor._kube.errors import KubeError
from .http_server import Page, Request, Response

_log = logging.getLogger(__name__)

_TOKEN_REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"  # noqa: S105 - a path
_ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
# Seconds for which a decision is used again.
_ALLOWED_AGE, _DENIED_AGE = 60.0, 30.0
# Decisions that are kept.
_DECISIONS = 256
# Seconds for which an address whose token was not accepted waits for its next review, so that it cannot make the
# operator send many requests; and addresses that are kept.
_PAUSE, _ADDRESSES = 1.0, 1024

_UNAUTHORIZED = Response(HTTPStatus.UNAUTHORIZED, b"unauthorized\n", headers={"WWW-Authenticate": "Bearer"})
_TOO_MANY = Response(HTTPStatus.TOO_MANY_REQUESTS, b"too many rejected tokens\n", headers={"Retry-After": "1"})
_FAILED = Response(HTTPStatus.SERVICE_UNAVAILABLE, b"the API server could not review the request, see the log\n")


class Reviews(t.Protocol):
    """What is used of the client of the API server."""

    def request(self, method: str, path: str, *, what: str, body: t.Any = None, retry: bool = True) -> t.Any:
        """Send a request, see ``Client.request``."""


class _Decision(t.NamedTuple):
    """The response to requests that are not allowed; None if they are. It counts until a monotonic time."""

    refusal: Response | None
    until: float


class AccessReviewer:
    """Lets a page be served to users that the API server authorizes.

    :param client: with a short timeout, because a request waits for it.
    :param clock: returns monotonic seconds.
    """

    def __init__(self, client: Reviews, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        # By digest of token and path, the one that was used last at the end.
        self._decisions: collections.OrderedDict[bytes, _Decision] = collections.OrderedDict()
        # Until when an address waits.
        self._paused: collections.OrderedDict[str, float] = collections.OrderedDict()

    def protect(self, page: Page) -> Page:
        """Return a page that responds with 401, 403, 429 or 503 to requests that are not allowed."""

        def respond(request: Request) -> Response:
            return self._refusal(request) or page(request)

        return respond

    def _refusal(self, request: Request) -> Response | None:
        scheme, _, token = request.authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            return _UNAUTHORIZED
        key = hashlib.sha256(f"{request.path}\n{token}".encode()).digest()
        with self._lock:
            now = self._clock()
            known = self._decisions.get(key)
            if known is not None and now < known.until:
                self._decisions.move_to_end(key)
                return known.refusal
            if now < self._paused.get(request.peer, now):
                return _TOO_MANY
        try:
            refusal, authenticated = self._review(token, request.path)
        except KubeError as exc:
            _log.warning("A request for %s could not be reviewed: %s", request.path, exc)
            refusal, authenticated = _FAILED, False
        with self._lock:
            now = self._clock()
            if authenticated:
                age = _DENIED_AGE if refusal else _ALLOWED_AGE
                _remember(self._decisions, key, _Decision(refusal, now + age), _DECISIONS)
            else:
                _remember(self._paused, request.peer, now + _PAUSE, _ADDRESSES)
        return refusal

    def _review(self, token: str, path: str) -> tuple[Response | None, bool]:
        """Return the refusal, and whether the token is that of a user.

        :raises KubeError: the API server did not review the token or the user.
        """
        status = self._create(_TOKEN_REVIEWS, "TokenReview", "authentication", {"token": token})
        if not status.get("authenticated"):
            return _UNAUTHORIZED, False
        user = status.get("user") or {}
        spec = {
            "user": user.get("username"),
            "uid": user.get("uid"),
            "groups": user.get("groups"),
            "extra": user.get("extra"),
            "nonResourceAttributes": {"path": path, "verb": "get"},
        }
        status = self._create(
            _ACCESS_REVIEWS,
            "SubjectAccessReview",
            "authorization",
            {name: value for name, value in spec.items() if value},
        )
        if status.get("allowed"):
            return None, True
        text = f"forbidden: {user.get('username')!s:.200} has no permission to get {path}\n"
        return Response(HTTPStatus.FORBIDDEN, text.encode()), True

    def _create(self, path: str, kind: str, group: str, spec: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
        body = {"apiVersion": f"{group}.k8s.io/v1", "kind": kind, "spec": spec}
        made = self._client.request("POST", path, what=f"create a {kind}", body=body, retry=False)
        return (made or {}).get("status") or {}


def _remember[K, V](kept: collections.OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)

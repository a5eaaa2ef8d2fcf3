# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Errors of requests to the Kubernetes API server.

KubeError                       any response that is not a success
├── ClientMissing               the Python client is not installed
├── ConfigError                 no usable kubeconfig, context or credentials
├── ApiUnreachable              no HTTP answer at all
├── ApiUnauthorized             401
├── ApiForbidden                403
├── ApiNotFound                 404
├── ApiConflict                 409
├── ApiInvalid                  400, 415, 422, or a field that the version of Kubernetes does not have
├── KindNotReady                a CustomResourceDefinition that was just created
├── ForeignObject               an object of that name has another owner
└── StillManaged                another operator would revert the changes
"""

from __future__ import annotations

import typing as t

from .._errors import McpKubernetesError


class KubeError(McpKubernetesError):
    """The API server responded with an error.

    :param status: the HTTP status, 0 if there was no response.
    :ivar retry_after: seconds to wait before the next request (the header Retry-After), 0 without the header.
    """

    code = "API_ERROR"
    retry_after = 0.0

    def __init__(self, seen: str, action: str = "", *, status: int = 0, code: str | None = None) -> None:
        super().__init__(seen, action, code=code)
        self.status = status


class ClientMissing(KubeError):
    """The ``kubernetes`` Python package is missing on the controller."""

    code = "CLIENT_MISSING"


class ConfigError(KubeError):
    """The kubeconfig, the context or the credentials cannot be used."""

    code = "KUBECONFIG_INVALID"


class ApiUnreachable(KubeError):
    """The API server did not answer."""

    code = "API_UNREACHABLE"


class ApiUnauthorized(KubeError):
    """The API server does not accept the credentials."""

    code = "API_UNAUTHORIZED"


class ApiForbidden(KubeError):
    """The user of the credentials lacks the right."""

    code = "API_FORBIDDEN"


class ApiNotFound(KubeError):
    """The object or its kind does not exist."""

    code = "API_NOT_FOUND"


class ApiConflict(KubeError):
    """Another client changed the object, or owns the fields."""

    code = "API_CONFLICT"


class ApiInvalid(KubeError):
    """The API server rejects the content of the object."""

    code = "API_INVALID"


class ForeignObject(KubeError):
    """An object of that name exists and is not controlled by this MCPServer."""

    code = "FOREIGN_OBJECT"


class KindNotReady(KubeError):
    """Not every part of the API server has loaded the CustomResourceDefinition yet."""

    code = "KIND_NOT_READY"


class StillManaged(KubeError):
    """Another operator manages the same objects."""

    code = "STILL_MANAGED"


def crd_missing() -> ApiNotFound:
    """Return the error for a cluster that does not know MCPServers."""
    return ApiNotFound(
        "The CustomResourceDefinition of MCPServers is not installed.",
        "Install the operator, or deploy with -e mcp_install_crd=true.",
        status=404,
        code="CRD_MISSING",
    )


_BY_STATUS: dict[int, tuple[type[KubeError], str]] = {
    400: (ApiInvalid, "Correct the manifest."),
    401: (ApiUnauthorized, "Check the credentials of the kubeconfig, or K8S_AUTH_API_KEY: they may have expired."),
    403: (ApiForbidden, "Ask for a Role that allows it, or use other credentials."),
    404: (ApiNotFound, ""),
    409: (
        ApiConflict,
        "Run it again; if the conflict stays, see the object's other managers with --show-managed-fields.",
    ),
    415: (ApiInvalid, "The cluster is too old: Kubernetes 1.31 or later is needed."),
    422: (ApiInvalid, "Correct the manifest."),
    429: (KubeError, "The API server is overloaded: try again later."),
}


# Some parts of the API server learn of a new kind, or of its objects, a moment later: the admission of ownerReferences,
# and the policy mcp-operator-fence-owner, which reads the MCPServers.
_NOT_READY = (
    "no matches for kind",
    "failed to find resource referenced by paramKind",
    "not yet synced to use for admission",
    "no params found for policy binding",
)
# Server-side apply of a field that the kind does not have, for example one of a newer version of Kubernetes.
_UNKNOWN_FIELD = "field not declared in schema"


def from_status(status: int, body: t.Any, what: str, retry_after: str | None = None) -> KubeError:
    """Return the error for an HTTP status and its body.

    :param status: the HTTP status.
    :param body: the decoded body; a metav1.Status if the API server wrote it.
    :param what: the operation in words, for example ``apply Deployment default/wikipedia``.
    :param retry_after: the header of that name.
    """
    message = ""
    if isinstance(body, dict):
        message = str(body.get("message") or body.get("reason") or "")
    elif body:
        message = str(body)[:300]
    cls, action = _BY_STATUS.get(status, (KubeError, ""))
    if any(text in message for text in _NOT_READY):
        cls, action = KindNotReady, "Its kind is new to the API server: try again in some seconds."
    elif _UNKNOWN_FIELD in message:
        # The API server responds with 500, although no repetition helps.
        cls, action = (
            ApiInvalid,
            "This version of Kubernetes does not have the field: remove it, or upgrade the cluster.",
        )
    if cls is ApiForbidden and "exceeded quota" in message:
        action = "Ask for more quota in this namespace, or make the server's resources smaller."
    elif cls is ApiForbidden and "violates PodSecurity" in message:
        action = "Change spec.security or spec.podTemplate so that the namespace's Pod Security level allows it."
    elif cls is ApiForbidden and "being terminated" in message:
        action = "The namespace is being deleted: wait until it is gone and create it again."
    error = cls(f"Could not {what}: {message or 'HTTP ' + str(status)}.".replace("..", "."), action, status=status)
    if retry_after and retry_after.isascii() and retry_after.isdecimal() and len(retry_after) < 6:
        error.retry_after = float(retry_after)
    return error

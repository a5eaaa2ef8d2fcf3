# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Tokens that are issued for a while: by the API server for a ServiceAccount, or by an authorization server.

The authorization server is named by the manifest, so it is untrusted: HTTPS only, no redirects, a bounded answer, and
no addresses of this host, of its link or of a metadata service. Of its answer, only an error code is shown.
"""

from __future__ import annotations

import threading
import time
import typing as t

from .._kube.errors import ApiForbidden, ApiNotFound, KubeError
from .._kube.resources import object_path
from .._mcp.auth import access_token
from .._mcp.errors import McpError, TokenRefused
from .._mcp.options import ClientCredentials, Options
from .._mcp.transport.deadline import Deadline
from .._mcp.transport.outside import dial_outside
from .._util import clean, parse_time
from .._workload import names
from .._workload.errors import ProbeAccessError
from .._workload.fields import mapping
from .references import is_name

if t.TYPE_CHECKING:
    from .._errors import McpKubernetesError
    from .._kube.client import Client

# A token is renewed after this part of its lifetime.
_SHARE = 0.8
# Seconds that a failure is remembered: many Pods need the same token.
_PAUSE = 5.0
# The shortest lifetime that the API server issues, in seconds.
_ACCOUNT_SECONDS = 600
# Seconds for the authorization server.
_TIMEOUT = 10.0
_FIELD = "spec.validation.auth"
_FAILED = "AUTH_TOKEN_FAILED"

# Value, and seconds that it is valid.
Issue = t.Callable[[], tuple[str, float]]


class CachedToken:
    """A function that returns a token, issued again shortly before it expires. Thread-safe.

    :param issue: issues a token.
    :param clock: monotonic seconds.
    """

    def __init__(self, issue: Issue, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._issue = issue
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        self._error: t.Optional[McpKubernetesError] = None

    def __call__(self) -> str:
        """Return the token.

        :raises ProbeAccessError: there is none.
        """
        with self._lock:
            now = self._clock()
            if now >= self._until:
                try:
                    self._token, lifetime = self._issue()
                except ProbeAccessError as exc:
                    self._error, self._until = exc, now + _PAUSE
                else:
                    self._error, self._until = None, now + lifetime * _SHARE
            if self._error is not None:
                raise self._error
            return self._token


class AccountToken:
    """Requests tokens of a ServiceAccount (TokenRequest of authentication.k8s.io/v1).

    :param owned: the account is that of the server's own Pods, which may mount the same token. Another one must have
        the label of credentials.
    """

    def __init__(self, client: Client, namespace: str, account: str, audience: str, *, owned: bool) -> None:
        self._client = client
        self._namespace = namespace
        self._account = account
        self._audience = audience
        self._owned = owned
        self._checked = False

    def __call__(self) -> tuple[str, float]:
        """Return a token, and for how many seconds it is valid.

        :raises ProbeAccessError: there is none.
        """
        where = (
            f"ServiceAccount {self._namespace}/{clean(self._account, 253)}, which {_FIELD}.serviceAccountToken names"
        )
        if not is_name(self._account):  # it would be another path
            raise ProbeAccessError(f"{where}, cannot exist.", "Correct the name.")
        try:
            self._check(where)
            status = mapping(self._request([self._audience]), "status")
        except ApiForbidden:
            entry = f"namespace: {self._namespace}, serviceAccounts: [{self._account}]"
            raise ProbeAccessError(
                f"No token of {where}, may be requested.",
                f"Name it in the chart's value validationAccess: [{{{entry}}}], or give the operator's ServiceAccount "
                "a Role with this resourceName.",
            ) from None
        except ApiNotFound:
            raise ProbeAccessError(f"{where}, does not exist.", "Create it, or correct the name.") from None
        except KubeError as exc:  # no result for the server, whatever it is
            raise ProbeAccessError(f"No token of {where}, was issued: {exc.seen}", exc.action) from None
        expires = parse_time(status.get("expirationTimestamp"))
        lifetime = _ACCOUNT_SECONDS if expires is None else expires.timestamp() - time.time()
        return str(status.get("token") or ""), max(0.0, min(lifetime, _ACCOUNT_SECONDS))

    def _check(self, where: str) -> None:
        """Check once that the token is not one for the API server, which its server could use in place of the account.

        A request without audiences has those of the API server in its response.
        """
        if self._checked:
            return
        if not self._owned:
            account = self._client.get("v1", "ServiceAccount", self._namespace, self._account)
            if mapping(account["metadata"], "labels").get(names.CREDENTIALS_LABEL) != "true":
                raise ProbeAccessError(
                    f"{where}, has no label {names.CREDENTIALS_LABEL}.",
                    f"If the server may act as this account, label it: {names.CREDENTIALS_LABEL}=true.",
                )
        if self._audience in (mapping(self._request([]), "spec").get("audiences") or []):
            raise ProbeAccessError(
                f"The audience of {_FIELD}.serviceAccountToken is that of the API server, whose tokens are never "
                "sent to another server.",
                "Set the audience that the server expects.",
            )
        self._checked = True

    def _request(self, audiences: t.Sequence[str]) -> t.Mapping[str, t.Any]:
        wanted: dict[str, t.Any] = {"expirationSeconds": _ACCOUNT_SECONDS}
        if audiences:
            wanted["audiences"] = list(audiences)
        path = object_path("v1", "ServiceAccount", self._namespace, self._account, "token")
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": wanted}
        what = f"request a token of ServiceAccount {self._namespace}/{self._account}"
        return t.cast("t.Mapping[str, t.Any]", self._client.request("POST", path, what=what, body=body))


class ClientCredentialsToken:
    """Requests tokens with OAuth client credentials (RFC 6749 section 4.4) for one resource (RFC 8707).

    :param ca: PEM certificates to trust for the token endpoint; None for those of the system.
    """

    def __init__(self, credentials: ClientCredentials, resource: str, ca: t.Optional[str]) -> None:
        self._credentials = credentials
        self._resource = resource
        self._options = Options(request_timeout=_TIMEOUT, ca_data=ca)

    def __call__(self) -> tuple[str, float]:
        """Return a token, and for how many seconds it is valid.

        :raises ProbeAccessError: there is none.
        """
        url = str(self._credentials.token_url)
        if not url.startswith("https://"):
            raise ProbeAccessError(f"{_FIELD}.clientCredentials.tokenURL does not begin with https://.", "Use HTTPS.")
        try:
            issued = access_token.fetch_access_token(
                self._credentials, self._resource, self._options, Deadline(_TIMEOUT), dial_outside
            )
        except TokenRefused as exc:
            seen = f"The token endpoint refuses the client credentials with the error {exc.error!r}."
            raise ProbeAccessError(
                seen, "Correct the client, its secret, the scopes or the resource.", code=_FAILED
            ) from None
        except McpError as exc:  # its text may quote the answer of any host
            seen = f"The token endpoint issued no token ({exc.code})."
            raise ProbeAccessError(seen, f"Check {_FIELD}.clientCredentials.tokenURL.", code=_FAILED) from None
        return issued.value, issued.lifetime

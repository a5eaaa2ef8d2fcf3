# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""From an MCPServer to its entry in an MCP registry, and to its Server Card.

An entry has no package, no value of a header and no Secret: it says how to connect to a server that was validated.

Sources: https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json, and
https://github.com/modelcontextprotocol/experimental-ext-server-card/blob/8924e08/schema.json (SEP-2127, a draft)
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t

from .._util import clean, format_time, parse_time
from . import client_endpoint, reachability
from .errors import ClientConfigError
from .fields import mapping
from .names import GROUP

if t.TYPE_CHECKING:
    from .client_config import Endpoint

Object = t.Mapping[str, t.Any]

SCHEMA: t.Final = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
CARD_SCHEMA: t.Final = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
OFFICIAL: t.Final = "io.modelcontextprotocol.registry/official"
VALIDATION: t.Final = f"{GROUP}/validation"
# The annotation of Kubernetes for descriptions.
_DESCRIPTION: t.Final = "kubernetes.io/description"
_MAX_DESCRIPTION: t.Final = 100  # characters, by the schemas
_VERSION: t.Final = re.compile(r"v?[0-9][0-9A-Za-z.+_-]{0,100}")
# The schema rejects ranges.
_WILDCARD: t.Final = re.compile(r"(?:^|\.)[xX*](?:\.|$)")
_URL: t.Final = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_NO_VERSION: t.Final = "0.0.0"
_BEGIN: t.Final = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


class CatalogEntry(t.NamedTuple):
    """One server.

    :param server: as in a ``server.json``.
    :param meta: what the registry knows about it.
    :param card: its Server Card.
    :param updated: when validation last began to succeed.
    """

    namespace: str
    name: str
    server: dict[str, t.Any]
    meta: dict[str, t.Any]
    card: dict[str, t.Any]
    updated: dt.datetime

    @property
    def registry_name(self) -> str:
        """The name in the registry, of which the last part is that of the MCPServer."""
        return str(self.server["name"])

    @property
    def version(self) -> str:
        """The version that the server says it has."""
        return str(self.server["version"])


def entry(server: Object, domain: str, *, services: bool = False) -> CatalogEntry | None:
    """Return the entry of an MCPServer; None if clients cannot use it now.

    That is: its newest validation succeeded, and it was reached through its Gateway.

    :param domain: the domain of the publisher, which names begin with in reverse.
    :param services: list servers with the URL of their Service, too, which only clients in the cluster reach.
    """
    metadata, found = mapping(server, "metadata"), mapping(mapping(server, "status"), "validation")
    if found.get("state") != "Validated" or metadata.get("deletionTimestamp"):
        return None
    reached = _condition(server, reachability.CONDITION).get("status") == "True"
    if not reached and not services:
        return None
    try:
        endpoint = client_endpoint.endpoint(server, "" if reached else client_endpoint.SERVICE)
    except ClientConfigError:
        return None
    if not _URL.fullmatch(endpoint.url) or (not services and endpoint.url != client_endpoint.gateway_url(server)):
        return None
    return _entry(server, found, domain, endpoint)


def _entry(server: Object, found: Object, domain: str, endpoint: Endpoint) -> CatalogEntry:
    metadata = mapping(server, "metadata")
    namespace, name = clean(metadata.get("namespace")), clean(metadata.get("name"))
    described = clean(mapping(metadata, "annotations").get(_DESCRIPTION), _MAX_DESCRIPTION)
    info = mapping(found, "serverInfo")
    version = str(info.get("version") or "")
    known = {
        "name": f"{'.'.join(reversed(domain.split('.')))}.{namespace}/{name}",
        "description": described or clean(f"MCP server {name} of the namespace {namespace}", _MAX_DESCRIPTION),
        "version": version if _VERSION.fullmatch(version) and not _WILDCARD.search(version) else _NO_VERSION,
    }
    title = clean(info.get("name"), _MAX_DESCRIPTION)
    if title:
        known["title"] = title
    remote: dict[str, t.Any] = {"type": endpoint.transport, "url": endpoint.url}
    if found.get("requiresAuth") or mapping(server, "spec").get("auth"):
        description = "Bearer followed by an access token"
        remote["headers"] = [
            {"name": "Authorization", "description": description, "isRequired": True, "isSecret": True}
        ]
    versions = [clean(one, 40) for one in found.get("supportedVersions") or []]
    updated = _updated(server)
    return CatalogEntry(
        namespace,
        name,
        {"$schema": SCHEMA, **known, "remotes": [remote]},
        _meta(metadata, found, updated),
        {
            "$schema": CARD_SCHEMA,
            **known,
            "remotes": [{**remote, **({"supportedProtocolVersions": versions} if versions else {})}],
        },
        updated,
    )


def _meta(metadata: Object, found: Object, updated: dt.datetime) -> dict[str, t.Any]:
    published = parse_time(metadata.get("creationTimestamp")) or _BEGIN
    return {
        OFFICIAL: {
            "status": "active",
            "publishedAt": format_time(published),
            "updatedAt": format_time(updated),
            "isLatest": True,
        },
        VALIDATION: {
            "protocolVersion": clean(found.get("protocolVersion"), 40),
            "tools": found.get("toolCount") or 0,
            "resources": found.get("resourceCount") or 0,
            "prompts": found.get("promptCount") or 0,
        },
    }


def _updated(server: Object) -> dt.datetime:
    """Return since when validation succeeds. The time of the last validation would change every few minutes."""
    since = parse_time(_condition(server, "Validated").get("lastTransitionTime"))
    return since or parse_time(mapping(server, "metadata").get("creationTimestamp")) or _BEGIN


def _condition(server: Object, kind: str) -> Object:
    for condition in mapping(server, "status").get("conditions") or []:
        if condition.get("type") == kind:
            return t.cast("Object", condition)
    return {}

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The pages of the catalogue: read-only, without credentials, and from memory."""

from __future__ import annotations

import hashlib
import json
import typing as t
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

from .._vendor._workload.catalog_documents import CARD_TYPE, Catalogue
from .._vendor._workload.errors import CatalogQueryInvalid
from ..process.http_server import TEXT, Page, Request, Response

if t.TYPE_CHECKING:
    from .source import CatalogueCache

JSON: t.Final = "application/json"
_VERSIONS: t.Final = ("v0", "v0.1")
_MAX_FIELDS: t.Final = 20  # parameters of a query
# Browsers may read the documents, which have no credentials. Source: docs/discovery.md, see catalog_documents.
PREFLIGHT: t.Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
}
_HEADERS: t.Final = {
    **PREFLIGHT,
    "Access-Control-Expose-Headers": "ETag",
    "Cache-Control": "public, max-age=60",
    "X-Content-Type-Options": "nosniff",
}


def pages(cache: CatalogueCache) -> dict[str, Page]:
    """Return the pages by path."""

    def ready(_request: Request) -> Response:
        if cache.current() is None:
            return Response(HTTPStatus.SERVICE_UNAVAILABLE, b"The MCPServers were not listed.\n")
        return Response(HTTPStatus.OK, b"ok\n")

    return {
        "/healthz": lambda _request: Response(HTTPStatus.OK, b"ok\n", TEXT),
        "/readyz": ready,
        "": lambda request: _respond(cache.current(), request),
    }


def _respond(catalogue: Catalogue | None, request: Request) -> Response:
    if catalogue is None:
        return _error(HTTPStatus.SERVICE_UNAVAILABLE, "The MCPServers were not listed.")
    try:
        found = _encoded(catalogue, request)
    except (CatalogQueryInvalid, ValueError) as exc:
        return _error(HTTPStatus.BAD_REQUEST, str(exc))
    if found is None:
        return _error(HTTPStatus.NOT_FOUND, "Server not found")
    body, tag, media = found
    headers = {**_HEADERS, "ETag": tag}
    if tag in request.if_none_match:
        return Response(HTTPStatus.NOT_MODIFIED, b"", media, headers)
    return Response(HTTPStatus.OK, body, media, headers)


def encode(document: t.Mapping[str, t.Any]) -> bytes:
    """Return a document as JSON."""
    return json.dumps(document, ensure_ascii=True).encode() + b"\n"


def _encoded(catalogue: Catalogue, request: Request) -> tuple[bytes, str, str] | None:
    """Return the document of a path as JSON, its entity tag and its media type; None if there is none."""
    # The slash of a name can be percent-encoded.
    parts = unquote(request.path, errors="strict").strip("/").split("/")
    found: t.Mapping[str, t.Any] | None = None
    media = JSON
    match parts:
        case [".well-known", "mcp", "catalog.json"]:
            return _mcp_catalog(catalogue)
        case [".well-known", "ai-catalog.json"]:
            return _ai_catalog(catalogue)
        case ["server-cards", namespace, file] if file.endswith(".json"):
            found, media = catalogue.card(namespace, file.removesuffix(".json")), CARD_TYPE
        case [version, *rest] if version in _VERSIONS:
            found = _of_registry(catalogue, rest, request.query)
    return None if found is None else _tagged(found, media)


# These have all servers: they are encoded once for each catalogue that was read, however many clients request them.
@lru_cache(maxsize=1)
def _mcp_catalog(catalogue: Catalogue) -> tuple[bytes, str, str]:
    return _tagged(catalogue.mcp_catalog(), JSON)


@lru_cache(maxsize=1)
def _ai_catalog(catalogue: Catalogue) -> tuple[bytes, str, str]:
    return _tagged(catalogue.ai_catalog(), "application/ai-catalog+json")


def _tagged(document: t.Mapping[str, t.Any], media: str) -> tuple[bytes, str, str]:
    body = encode(document)
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', media


def _of_registry(catalogue: Catalogue, parts: t.Sequence[str], query: str) -> t.Mapping[str, t.Any] | None:
    match parts:
        case ["health"]:
            return {"status": "ok"}
        case ["servers"]:
            return catalogue.page(dict(parse_qsl(query, max_num_fields=_MAX_FIELDS)))
        # v0 had it in 2025; v0.1 has versions/latest.
        case ["servers", publisher, name]:
            return catalogue.version(f"{publisher}/{name}")
        case ["servers", publisher, name, "versions"]:
            return catalogue.versions(f"{publisher}/{name}")
        case ["servers", publisher, name, "versions", version]:
            return catalogue.version(f"{publisher}/{name}", version)
    return None


def _error(status: HTTPStatus, message: str) -> Response:
    return Response(status, encode({"error": message}), JSON, {**_HEADERS, "Cache-Control": "no-store"})

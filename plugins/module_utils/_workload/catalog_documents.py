# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The documents of a catalogue: the registry API, and the documents for discovery on a domain.

Sources:

* the API of an MCP registry, v0 and v0.1 (2025-12-01), without its endpoints to publish:
  https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/openapi.yaml
* /.well-known/mcp/catalog.json, the MCP Catalog of the draft extension of SEP-2127 until July 2026:
  https://github.com/modelcontextprotocol/experimental-ext-server-card/blob/92999cb/docs/discovery.md
* /.well-known/ai-catalog.json, by which the draft replaced it: the same file at 8924e08
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._util import clean, parse_time
from .errors import CatalogQueryInvalid

if t.TYPE_CHECKING:
    import datetime as dt

    from .catalog_entry import CatalogEntry

CARD_TYPE: t.Final = "application/mcp-server-card+json"
DEFAULT_LIMIT: t.Final = 30
MAX_LIMIT: t.Final = 100
LATEST: t.Final = "latest"

Document = dict[str, t.Any]


class Catalogue:
    """The listed servers.

    :param url: where the documents are served, for links between them.
    :param domain: of the publisher.
    """

    def __init__(self, entries: t.Iterable[CatalogEntry], url: str, domain: str) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.registry_name)
        self._url = url.rstrip("/")
        self._domain = domain
        self._by_name = {entry.registry_name: entry for entry in self.entries}

    def page(self, query: t.Mapping[str, str]) -> Document:
        """Return a page of the list of servers.

        :param query: the parameters ``cursor``, ``limit``, ``search``, ``updated_since`` and ``version``.
        :raises CatalogQueryInvalid: a parameter is invalid.
        """
        limit = _limit(query.get("limit", ""))
        since = _since(query.get("updated_since", ""))
        search, version = query.get("search", "").lower(), query.get("version", "")
        # The cursor is the name of the last server of the page before: it stays right when servers come and go.
        cursor = query.get("cursor", "")
        found = [
            entry
            for entry in self.entries
            if entry.registry_name > cursor
            and search in entry.registry_name.lower()
            and version in ("", LATEST, entry.version)
            and (since is None or entry.updated >= since)
        ]
        listed = found[:limit]
        metadata: Document = {"count": len(listed)}
        if len(found) > limit:
            metadata["nextCursor"] = listed[-1].registry_name
        return {"servers": [_response(entry) for entry in listed], "metadata": metadata}

    def whole_list(self) -> Document:
        """Return the list of all servers as one page."""
        return {"servers": [_response(entry) for entry in self.entries], "metadata": {"count": len(self.entries)}}

    def versions(self, name: str) -> Document | None:
        """Return the versions of a server, of which only the running one is known; None if there is none."""
        entry = self._by_name.get(name)
        return None if entry is None else {"servers": [_response(entry)], "metadata": {"count": 1}}

    def version(self, name: str, version: str = LATEST) -> Document | None:
        """Return a version of a server; None if there is none."""
        entry = self._by_name.get(name)
        return _response(entry) if entry is not None and version in (LATEST, entry.version) else None

    def card(self, namespace: str, name: str) -> Document | None:
        """Return the Server Card of an MCPServer; None if it is not listed."""
        for entry in self.entries:
            if (entry.namespace, entry.name) == (namespace, name):
                return entry.card
        return None

    def mcp_catalog(self) -> Document:
        """Return ``/.well-known/mcp/catalog.json``."""
        return {"specVersion": "draft", "entries": self._links()}

    def ai_catalog(self) -> Document:
        """Return ``/.well-known/ai-catalog.json``."""
        return {"specVersion": "1.0", "entries": self._links()}

    def _links(self) -> list[Document]:
        return [
            {
                "identifier": f"urn:air:{self._domain}:{entry.namespace}:{entry.name}",
                "displayName": entry.server.get("title") or entry.name,
                "type": CARD_TYPE,
                "url": f"{self._url}{card_path(entry)}",
            }
            for entry in self.entries
        ]


def card_path(entry: CatalogEntry) -> str:
    """Return the path of a Server Card."""
    return f"/server-cards/{quote(entry.namespace, safe='')}/{quote(entry.name, safe='')}.json"


def _response(entry: CatalogEntry) -> Document:
    return {"server": entry.server, "_meta": entry.meta}


def _limit(text: str) -> int:
    if not text:
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise CatalogQueryInvalid(f"limit is {clean(repr(text), 60)}.", f"Use a number from 1 to {MAX_LIMIT}.")
    return min(int(text), MAX_LIMIT)


def _since(text: str) -> dt.datetime | None:
    since = parse_time(text) if text else None
    if text and since is None:
        raise CatalogQueryInvalid(
            f"updated_since is {clean(repr(text), 60)}.", "Use a time such as 2026-01-31T12:00:00Z."
        )
    return since

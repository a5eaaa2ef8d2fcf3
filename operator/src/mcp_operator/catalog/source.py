# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read the MCPServers that the catalogue lists, and keep what was read."""

from __future__ import annotations

import logging
import threading
import time
import typing as t

from .._vendor._errors import McpKubernetesError
from .._vendor._kube.errors import ApiNotFound, crd_missing
from .._vendor._util import as_mapping
from .._vendor._workload import names
from .._vendor._workload.catalog_documents import Catalogue
from .._vendor._workload.catalog_entry import CatalogEntry, entry

if t.TYPE_CHECKING:
    from .._vendor._kube.client import Client

_log = logging.getLogger(__name__)

# So many servers are listed at most.
MAX_SERVERS: t.Final = 10_000
# After so many intervals without a successful read, nothing is served: what is listed must work.
_STALE_INTERVALS: t.Final = 10


class Publication(t.NamedTuple):
    """What is listed, and how.

    :param url: where the documents are served.
    :param domain: of the publisher.
    :param namespaces: of the MCPServers; empty for all.
    :param services: list URLs of Services, too.
    """

    url: str
    domain: str
    namespaces: tuple[str, ...] = ()
    services: bool = False


def read(client: Client, publication: Publication) -> Catalogue:
    """Return the catalogue of a cluster.

    :raises KubeError: the MCPServers cannot be listed.
    """
    try:
        found = _entries(client, publication)
    except ApiNotFound:
        raise crd_missing() from None
    return Catalogue(found, publication.url, publication.domain)


def _entries(client: Client, publication: Publication) -> list[CatalogEntry]:
    found: list[CatalogEntry] = []
    for namespace in publication.namespaces or (None,):
        for server in client.list(names.API_VERSION, names.KIND, namespace):
            try:
                listed = entry(server, publication.domain, services=publication.services)
            # Whatever another program writes into an MCPServer, it hides no other.
            except (McpKubernetesError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as exc:
                key = as_mapping(server.get("metadata"))
                _log.warning("%s/%s is not listed: %s", key.get("namespace"), key.get("name"), exc)
                continue
            if listed is not None:
                found.append(listed)
            if len(found) >= MAX_SERVERS:
                _log.warning("Only the first %d MCPServers are listed", MAX_SERVERS)
                return found
    return found


class CatalogueCache:
    """The catalogue, which is read again after an interval.

    :param read: returns a new catalogue.
    :param interval: seconds.
    :param clock: returns monotonic seconds.
    """

    def __init__(
        self, read: t.Callable[[], Catalogue], interval: float, clock: t.Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._interval = interval
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._catalogue: Catalogue | None = None

    def refresh(self) -> None:
        """Read the catalogue. If that fails, the one before is kept."""
        try:
            catalogue = self._read()
        except McpKubernetesError as exc:
            _log.warning("The MCPServers cannot be listed: %s", exc)
            return
        with self._lock:
            self._catalogue, self._read_at = catalogue, self._clock()

    def current(self) -> Catalogue | None:
        """Return the catalogue; None if it was not read, or too long ago."""
        with self._lock:
            fresh = self._clock() - self._read_at <= self._interval * _STALE_INTERVALS
            return self._catalogue if fresh else None

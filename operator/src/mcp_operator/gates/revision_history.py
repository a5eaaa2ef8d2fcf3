# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Mark Pod templates that passed validation in the revision history, in the background."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from .._vendor._engine.revision_history import RevisionHistory
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound, KubeError
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)


class RevisionMarker:
    """Writes in a thread of its own, so that observation never waits for it."""

    def __init__(self, client: Client) -> None:
        self._history = RevisionHistory(client)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="revisions")

    def stop(self) -> None:
        """Drop what is not written yet."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def mark_passed(self, key: Key, server: Object, template: str) -> None:
        """Mark a template as the newest one that passed."""
        self._pool.submit(self._write, key, server, template)

    def _write(self, key: Key, server: Object, template: str) -> None:
        try:
            self._history.mark_passed(template, server)
        except ApiNotFound:
            pass  # deleted meanwhile
        except KubeError as exc:
            _log.warning("MCPServer %s/%s: %s", key.namespace, key.name, exc)
        except Exception:
            _log.exception("Failed to mark a template of MCPServer %s/%s as passed", key.namespace, key.name)

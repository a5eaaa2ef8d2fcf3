# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps the templates that passed, in ControllerRevisions that runs have made: the newest few, and no other."""

from __future__ import annotations

import logging
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._kube.body import MergePatch
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound, KubeError
from .._vendor._kube.resources import object_path
from .._vendor._workload import gate, names
from .._vendor._workload.ownership import ours
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)

_API = ("apps/v1", "ControllerRevision")
# Nobody goes back further.
_KEPT = 3


class Keeper:
    """Works in one thread of its own."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="revisions")

    def stop(self) -> None:
        """Keep nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def passed(self, key: Key, server: Object, template: str) -> None:
        """Note a template that has passed as the newest one."""
        self._pool.submit(self._work, key, server, template)

    def _work(self, key: Key, server: Object, template: str) -> None:
        try:
            self._keep(key, server, template)
        except ApiNotFound:
            pass  # somebody has deleted it, or everything
        except KubeError as exc:
            _log.warning("MCPServer %s/%s: %s", key.namespace, key.name, exc)
        except Exception:
            _log.exception("The templates of MCPServer %s/%s cannot be kept", key.namespace, key.name)

    def _keep(self, key: Key, server: Object, template: str) -> None:
        selector = f"{names.INSTANCE_LABEL}={key.name},{names.TEMPLATE_LABEL}"
        found = [item for item in self._client.list(*_API, key.namespace, labelSelector=selector) if ours(item, server)]
        number = 1 + max((int(item["revision"]) for item in found), default=0)
        self._patch(key, gate.revision_name(key.name, template), number)
        others = [item for item in found if item["metadata"]["labels"][names.TEMPLATE_LABEL] != template]
        # Those that never passed have the number 0. One that is being tried now is none of them: this one is newer.
        others.sort(key=lambda item: -int(item["revision"]))
        good = [item for item in others if int(item["revision"])][: _KEPT - 1]
        for item in others:
            if item not in good:
                self._client.delete(*_API, key.namespace, item["metadata"]["name"])

    def _patch(self, key: Key, name: str, number: int) -> None:
        body: dict[str, t.Any] = {"metadata": {"labels": {names.PASSED_LABEL: "true"}}, "revision": number}
        path = object_path(*_API, key.namespace, name)
        self._client.request("PATCH", path, what=f"keep ControllerRevision {name}", body=MergePatch(body), retry=False)

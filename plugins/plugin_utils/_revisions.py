# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Pod templates that passed validation, kept to go back to.

Each is a ControllerRevision that belongs to the MCPServer, named after the template's fingerprint. Kubernetes' own
history of a Deployment does not say which of its ReplicaSets ever passed.
"""

from __future__ import annotations

import typing as t

from ..module_utils._workload import names
from ..module_utils._workload.fingerprint import fingerprint
from ..module_utils._workload.ownership import ours

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client
    from ._render import Renderer

_API = ("apps/v1", "ControllerRevision")
# Older ones are removed: nobody goes back further.
_KEPT = 3


class Revisions:
    """The templates that passed, of any MCPServer."""

    def __init__(
        self, client: Client, renderer: Renderer, default_resources: t.Mapping[str, t.Any] | None = None
    ) -> None:
        self._client = client
        self._renderer = renderer
        self._resources = default_resources

    def keep(self, server: t.Mapping[str, t.Any]) -> None:
        """Keep the MCPServer's template, which has just passed, as the newest one."""
        deployment = self._deployment(server)
        template = deployment["spec"]["template"]
        mark = fingerprint(template)
        kept = self._kept(server)
        if kept and kept[0]["metadata"]["labels"].get(names.TEMPLATE_LABEL) == mark:
            return
        meta = deployment["metadata"]
        revision = {
            "apiVersion": _API[0],
            "kind": _API[1],
            "metadata": {
                "name": f"{meta['name']}-{mark}",
                "namespace": meta["namespace"],
                "labels": {**meta["labels"], names.TEMPLATE_LABEL: mark},
                "ownerReferences": meta["ownerReferences"],
            },
            "revision": 1 + max((int(item["revision"]) for item in kept), default=0),
            "data": {"template": template},
        }
        self._client.apply(revision, field_manager=names.FIELD_MANAGER)
        for old in kept[_KEPT - 1 :]:
            if old["metadata"]["labels"].get(names.TEMPLATE_LABEL) != mark:
                self._client.delete(*_API, meta["namespace"], old["metadata"]["name"])

    def roll_back(self, server: t.Mapping[str, t.Any]) -> str:
        """Apply the last template that passed, or let nothing serve where none ever did; return what was done."""
        deployment = self._deployment(server)
        failed = fingerprint(deployment["spec"]["template"])
        earlier = [item for item in self._kept(server) if item["metadata"]["labels"][names.TEMPLATE_LABEL] != failed]
        if earlier:
            deployment["spec"]["template"] = earlier[0]["data"]["template"]
            done = "The last template that passed serves again."
        else:
            deployment["spec"]["replicas"] = 0
            done = "Nothing serves: no earlier template has passed."
        self._client.apply(deployment, field_manager=names.FIELD_MANAGER)
        return done

    def _deployment(self, server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        rendered = self._renderer.render(server, self._resources)
        return next(item for item in rendered if item["kind"] == "Deployment")

    def _kept(self, server: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
        """Return the templates that passed, the newest first."""
        meta = server["metadata"]
        selector = f"{names.INSTANCE_LABEL}={meta['name']},{names.TEMPLATE_LABEL}"
        found = self._client.list(*_API, meta["namespace"], labelSelector=selector)
        return sorted((item for item in found if ours(item, server)), key=lambda item: -int(item["revision"]))

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Keep the Pod templates that passed validation, and roll back to them, where no operator does."""

from __future__ import annotations

import typing as t

from ..module_utils._engine.revision_history import RevisionHistory
from ..module_utils._workload import names
from ..module_utils._workload.objects import fingerprint

if t.TYPE_CHECKING:
    from ..module_utils._engine.applier import Renderer
    from ..module_utils._kube.client import Client


class Rollbacks:
    """Renders again what ``deploy`` applied."""

    def __init__(
        self, client: Client, renderer: Renderer, default_resources: t.Mapping[str, t.Any] | None = None
    ) -> None:
        self._client = client
        self._renderer = renderer
        self._resources = default_resources
        self._history = RevisionHistory(client)

    def record_passed(self, server: t.Mapping[str, t.Any]) -> None:
        """Record the MCPServer's template, which has just passed, as the newest one."""
        deployment = self._deployment(server)
        self._history.record_passed(deployment, fingerprint(deployment["spec"]["template"]), server)

    def roll_back(self, server: t.Mapping[str, t.Any]) -> str:
        """Apply the last template that passed, or scale to zero where there is none; return a sentence about it.

        Where the template itself is the last one that passed, nothing is applied, as by the operator, and the sentence
        is empty: what changed is the server, or what validation requires of it.
        """
        deployment = self._deployment(server)
        mark = fingerprint(deployment["spec"]["template"])
        if self._history.is_latest_passed(mark, server):
            return ""
        earlier = self._history.latest_passed(server, other_than=mark)
        if earlier.template is not None:
            deployment["spec"]["template"] = earlier.template
            done = "The last template that passed serves again."
        else:
            deployment["spec"]["replicas"] = 0
            done = "Nothing serves: no earlier template has passed."
        self._client.apply(deployment, field_manager=names.FIELD_MANAGER)
        return " ".join([done, *earlier.ignored])

    def _deployment(self, server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        rendered = self._renderer.render(server, self._resources)
        return next(item for item in rendered if item["kind"] == "Deployment")

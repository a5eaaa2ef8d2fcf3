# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The role's templates, compiled once, rendered for many MCPServers.

Nothing of Ansible's templating takes part: a manifest is data, and no string of it is ever looked at for ``{{``.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import jinja2
import jinja2.sandbox
import yaml

from ..module_utils._kube.encoding import to_json
from ..module_utils._workload import server as workload

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Renderer:
    """Renders the manifests of MCPServers.

    :param folder: the folder of the templates; each file makes one object.
    """

    def __init__(self, folder: str) -> None:
        environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters = {"to_json": to_json}
        self._templates = {
            path.name.split(".", 1)[0]: environment.get_template(path.name)
            for path in sorted(Path(folder).glob("*.yaml.j2"))
        }

    def render(
        self, server: t.Mapping[str, t.Any], default_resources: t.Mapping[str, t.Any] | None = None
    ) -> list[dict[str, t.Any]]:
        """Return the manifests of an MCPServer's objects, in the order in which they are to be applied.

        :raises ManifestError: the MCPServer has a field of the wrong type.
        """
        view = workload.view(server, default_resources)
        wanted = ["serviceaccount"] if view["service_account"]["create"] else []
        wanted += ["service", "deployment"]
        if view["hpa"] is not None:
            wanted.append("horizontalpodautoscaler")
        texts = (self._templates[name].render(server=view) for name in wanted)
        return [yaml.load(text, Loader=_LOADER) for text in texts]  # noqa: S506 - it is a safe one

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The role's templates, compiled once, rendered for many MCPServers.

Nothing of Ansible's templating takes part: a manifest is data, and no string of it is ever looked at for ``{{``. Nor
does YAML see it: values are put into what was made of the template's own text, which is read once for all MCPServers
that it is the same for. Reading all of it as YAML took two thirds of the time of rendering.
"""

from __future__ import annotations

import functools
import json
import typing as t
from pathlib import Path

import jinja2
import jinja2.sandbox
import yaml

from ..module_utils._workload import config, gate, names, podspec
from ..module_utils._workload import server as workload
from ..module_utils._workload.fields import mapping

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The name under which a template has its values, and what stands for one of them; YAML keeps that sign for no use.
_VALUES = "_values"
_PLACE = "@"


class Renderer:
    """Renders the manifests of MCPServers.

    :param folder: the folder of the templates; each file makes one object.
    :param bridge_images: where the bridge of stdio servers comes from: ``inject`` and ``package``.
    """

    def __init__(self, folder: str, bridge_images: t.Mapping[str, t.Any] | None = None) -> None:
        self._bridge_images = bridge_images
        environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters = {"to_json": _place}
        self._templates = {
            path.name.split(".", 1)[0]: environment.get_template(path.name)
            for path in sorted(Path(folder).glob("*.yaml.j2"))
        }

    def render(
        self,
        server: t.Mapping[str, t.Any],
        default_resources: t.Mapping[str, t.Any] | None = None,
        *,
        gated: bool = False,
        config_hash: t.Callable[[t.Mapping[str, t.Any]], str] | None = None,
    ) -> list[dict[str, t.Any]]:
        """Return the manifests of an MCPServer's objects, in the order in which they are to be applied.

        :param gated: somebody is there who opens the gates of strict mode.
        :param config_hash: returns the fingerprint of what a Pod's spec refers to, where the MCPServer wants it.
        :raises ManifestError: the MCPServer has a field of the wrong type.
        """
        view = workload.view(server, default_resources, self._bridge_images)
        wanted = ["serviceaccount"] if view["service_account"]["create"] else []
        wanted += ["service", "deployment"]
        if view["hpa"] is not None:
            wanted.append("horizontalpodautoscaler")
        if view["disruption_budget"]:
            wanted.append("poddisruptionbudget")
        made = [_render(self._templates[name], view) for name in wanted]
        template = next(item for item in made if item["kind"] == "Deployment")["spec"]["template"]
        own = mapping(mapping(server["spec"], "podTemplate"), "spec")
        if own:
            template["spec"] = podspec.merge(template["spec"], own)
        if config_hash is not None and config.hashed(server):
            annotations = template["metadata"].setdefault("annotations", {})
            annotations[names.CONFIG_ANNOTATION] = config_hash(template["spec"])
        if gated and gate.wanted(server):
            return [gate.put_in(item, server) if item["kind"] == "Deployment" else item for item in made]
        return made


@jinja2.pass_context
def _place(context: jinja2.runtime.Context, value: t.Any) -> str:
    """Keep a value, as JSON has it, and return what stands for it."""
    values = context[_VALUES]
    values.append(json.loads(json.dumps(value, allow_nan=False)))
    return f'"{_PLACE}{len(values) - 1}"'


def _render(template: jinja2.Template, view: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    values: list[t.Any] = []
    text = template.render({"server": view, _VALUES: values})
    manifest: dict[str, t.Any] = _filled(_shape(text), values)
    return manifest


@functools.lru_cache(maxsize=256)
def _shape(text: str) -> t.Any:
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - it is a safe one


def _filled(shape: t.Any, values: t.Sequence[t.Any]) -> t.Any:
    if isinstance(shape, dict):
        return {_filled(key, values): _filled(item, values) for key, item in shape.items()}
    if isinstance(shape, list):
        return [_filled(item, values) for item in shape]
    if isinstance(shape, str) and shape.startswith(_PLACE):
        return values[int(shape[len(_PLACE) :])]
    return shape

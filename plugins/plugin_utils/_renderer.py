# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Render the role's templates, compiled once, for many MCPServers.

Ansible's templating takes no part: a manifest is data, and none of its strings is ever searched for ``{{``. Nor are
values read as YAML: they are put into what was parsed of the template's own text, which is read once for all MCPServers
for which it is the same. Reading everything as YAML took two thirds of the time of rendering.

The templates print every rule's result. One step follows them, :func:`_finish`: it needs the rendered Pod template.
"""

from __future__ import annotations

import functools
import json
import os
import typing as t

import jinja2
import jinja2.sandbox
import yaml

from ..module_utils._workload import config, domain_policy, gate, names, network, pod_security, podspec, port_collisions
from ..module_utils._workload import server as workload
from ..module_utils._workload.fields import mapping
from ..module_utils._workload.objects import fingerprint
from . import _role

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The name of the list of values in a template, and the sign of a placeholder for one; YAML reserves that sign.
_VALUES = "_values"
_PLACE = "@"
_SCALARS = frozenset({str, int, bool, type(None)})


class Renderer:
    """Renders the manifests of MCPServers.

    :param folder: the folder of the templates; each file makes one object.
    :param bridge_images: the images ``inject`` and ``package`` of the stdio bridge; those of the role if not set.
    :param network_settings: the settings of network policies; those of the role if not set.
    """

    def __init__(
        self,
        folder: str,
        bridge_images: t.Mapping[str, t.Any] | None = None,
        network_settings: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        self._bridge_images = _role.bridge_images(bridge_images)
        self.default_images: t.Sequence[str] = tuple(_role.bridge_images(None).values())
        self._network = _role.network(network_settings)
        self._environment = template_environment(folder)

    def render(
        self,
        server: t.Mapping[str, t.Any],
        default_resources: t.Mapping[str, t.Any] | None = None,
        *,
        gated: bool = False,
        config_hash: t.Callable[[t.Mapping[str, t.Any]], str] | None = None,
        network_default: str | None = None,
    ) -> list[dict[str, t.Any]]:
        """Return the manifests of an MCPServer's objects, in the order in which they are to be applied.

        :param gated: an operator sets the readiness gates of strict mode.
        :param config_hash: returns the fingerprint of what a Pod spec refers to; called where the MCPServer wants it.
        :param network_default: the mode of an MCPServer that sets none; None for that of the settings.
        :raises ManifestError: the MCPServer has a field of the wrong type, or its Pods would get more than they may.
        """
        gate_fields = gate.fields(server) if gated and gate.wanted(server) else None
        context = workload.template_context(
            server, _role.default_resources(default_resources), self._bridge_images, gate_fields
        )
        wanted = ["serviceaccount"] if context["service_account"]["create"] else []
        default = self._network["default"] if network_default is None else network_default
        context["network"] = network.rules(server, self._network, default)
        if context["network"] is not None:
            wanted.append("networkpolicy")  # before the Pods
            context["domain_policy"] = domain_policy.spec(server, self._network)
            if context["domain_policy"] is not None:
                wanted.append("ciliumnetworkpolicy")
        if context["certificate"]:
            wanted.append("certificate")  # before the Service, which stays as it is if there is no cert-manager
        wanted += ["service", "deployment"]
        if context["backend_tls"]:
            wanted.append("backendtlspolicy")  # before the route, which would forward without TLS
        if context["route"]:
            wanted.append("httproute")
        if context["registration"]:
            wanted.append("mcpserverregistration")
        if context["mcp_route"]:
            wanted.append("mcproute")
        if context["hpa"] is not None:
            wanted.append("horizontalpodautoscaler")
        if context["disruption_budget"]:
            wanted.append("poddisruptionbudget")
        made = [_render(self._environment.get_template(f"{name}.yaml.j2"), context) for name in wanted]
        deployment = next(item for item in made if item["kind"] == "Deployment")
        _finish(deployment["spec"]["template"], server, config_hash, gated=gate_fields is not None)
        return made


def template_environment(folder: str) -> jinja2.Environment:
    """Return the environment of the templates in a folder, which keeps those that are compiled.

    A template whose file has changed is compiled again.
    """
    return _environment(os.path.realpath(folder))


@functools.lru_cache(maxsize=8)
def _environment(folder: str) -> jinja2.Environment:
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters = {"to_json": _place}
    return environment


def _finish(
    template: dict[str, t.Any],
    server: t.Mapping[str, t.Any],
    config_hash: t.Callable[[t.Mapping[str, t.Any]], str] | None,
    *,
    gated: bool,
) -> None:
    """Complete a rendered Pod template with what depends on all of it.

    First the manifest's own ``podTemplate.spec`` is merged into it, as ``kubectl patch`` merges, and the result is
    checked; then come the hash of the ConfigMaps and Secrets that it refers to, and the label with the fingerprint of
    the whole template.
    """
    own = mapping(mapping(server["spec"], "podTemplate"), "spec")
    if own:
        template["spec"] = podspec.merge(template["spec"], own)
    # Nothing of the manifest is added after this check.
    pod_security.check_template(template)
    port_collisions.check(template)
    if config_hash is not None and config.hashed(server):
        template["metadata"].setdefault("annotations", {})[names.CONFIG_ANNOTATION] = config_hash(template["spec"])
    if gated:
        template["metadata"]["labels"][names.TEMPLATE_LABEL] = fingerprint(template)


@jinja2.pass_context
def _place(context: jinja2.runtime.Context, value: t.Any) -> str:
    """Store a value, as JSON has it, and return its placeholder."""
    values = context[_VALUES]
    # Most values are the same in JSON. Subclasses of these types, such as Ansible's tagged strings, are not.
    values.append(value if type(value) in _SCALARS else json.loads(json.dumps(value, allow_nan=False)))
    return f'"{_PLACE}{len(values) - 1}"'


def _render(template: jinja2.Template, context: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    values: list[t.Any] = []
    text = template.render({"server": context, _VALUES: values})
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

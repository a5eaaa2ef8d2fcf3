# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A string in any field of an MCPServer stays data: it becomes neither a template, nor structure, nor another value."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from mcp_operator.runs.ansible_plugins.inventory.mcp_objects import InventoryModule
from mcp_operator.runs.directory import RunDirectory
from mcp_operator.runs.run_request import AnsibleContent, RunRequest
from mcp_operator.runs.variables import host_name, host_variables
from mcp_operator.watches.definition import Watch

from support.hostile_server import texts
from support.yaml_files import load_yaml

ROOT = Path(__file__).resolve().parents[3]
RENDERER = Renderer(
    str(ROOT / "roles" / "mcpserver" / "templates"),
    {"inject": "bridge.example.com/b:1", "package": "bridge.example.com/p:1"},
)
CRD = load_yaml(ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml")
SCHEMA = CRD["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
HARMLESS = "harmless-value"
PAYLOADS = [
    "{{ 7 * 7 }}",
    "{% for i in range(9) %}x{% endfor %}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lookup('file', '/etc/passwd') }}",
    '"\n      hostNetwork: true\n#',
    "x\n---\napiVersion: v1\nkind: Secret",
    "a: [b, *c, &d {e: f}, !!python/name:os.system x]",
    # The renderer's own sign of a placeholder.
    "@0",
    "\u2028\u0085\x00\ufeff",
]

Place = tuple[str | int, ...]


def string_fields(schema: dict, place: Place = ()) -> Iterator[Place]:
    """Yield the place of each field that can hold free text: 0 for an item of a list, ``key`` for one of a map."""
    if "enum" in schema:
        return
    if schema.get("type") == "string" or schema.get("x-kubernetes-int-or-string"):
        yield place
    for name, inner in schema.get("properties", {}).items():
        yield from string_fields(inner, (*place, name))
    if "items" in schema:
        yield from string_fields(schema["items"], (*place, 0))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from string_fields(schema["additionalProperties"], (*place, "key"))


FIELDS = list(string_fields(SCHEMA))


def with_text(place: Place, text: str, spec: dict | None = None) -> dict:
    """Return a spec with a text at one place."""
    made = copy.deepcopy(spec or {"image": "registry.example.com/server:1"})
    node = made
    for index, step in enumerate(place):
        last = index == len(place) - 1
        following = text if last else [] if place[index + 1] == 0 else {}
        if step == 0:
            # Lists of objects are merged by name, and variables without one are refused by the API server.
            node.append({"name": "first", **following} if isinstance(following, dict) else following)
            node = node[-1]
        else:
            node[step] = following if last or step not in node else node[step]
            node = node[step]
    return made


def rendered(spec: dict) -> list[dict] | None:
    """Return the objects of an MCPServer; None where the manifest is refused."""
    server = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u-1"},
        "spec": spec,
    }
    try:
        return RENDERER.render(manifest.check(server))
    except (ManifestError, ValueError):
        return None


@functools.cache
def rendered_harmless(spec: str) -> list[dict] | None:
    return rendered(json.loads(spec))


def replaced(value, text):
    """Return plain data with the harmless text replaced."""
    if isinstance(value, dict):
        return {key: replaced(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, text) for item in value]
    return value.replace(HARMLESS, text) if isinstance(value, str) else value


def assert_stays_data(build, payload) -> bool:
    """Return whether the text is in the objects."""
    harmless, hostile = rendered_harmless(json.dumps(build(HARMLESS))), rendered(build(payload))
    if hostile is None:
        return False
    assert hostile == replaced(harmless, payload)
    return payload in texts(hostile)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_text_in_any_field_changes_anything_else(payload):
    shown = {place for place in FIELDS if assert_stays_data(functools.partial(with_text, place), payload)}
    assert {("args", 0), ("environment", 0, "value"), ("service", "annotations", "key")} <= shown
    assert len(shown) > 20


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("image", ["registry.example.com/server:1", None], ids=["inject", "package"])
def test_no_text_of_a_stdio_server_changes_anything_else(payload, image):
    settings = {"stdio": {"bridgeImage": "bridge.example.com/b:1"}}
    spec = {
        "command": ["uvx"],
        "transport": {"type": "stdio", "config": settings},
        **({"image": image} if image else {}),
    }
    for place in (("args", 0), ("environment", 0, "value"), ("transport", "config", "stdio", "bridgeImage")):
        assert assert_stays_data(functools.partial(with_text, place, spec=spec), payload)
    assert assert_stays_data(lambda text: {**spec, "command": [text]}, payload)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_text_in_a_piece_of_a_pod_spec_changes_anything_else(payload):
    def build(text):
        container = {"name": "mcp-server", "env": [{"name": "A", "value": text}], "workingDir": text}
        return {"image": "i:1", "podTemplate": {"spec": {"containers": [container], "priorityClassName": text}}}

    assert assert_stays_data(build, payload)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("field", ["name", "namespace"])
def test_a_name_with_other_characters_is_refused(payload, field):
    server = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "spec": {"image": "i:1"}}
    meta = {"name": "wiki", "namespace": "team", field: payload}
    with pytest.raises(ManifestError) as caught:
        manifest.check({**server, "metadata": meta})
    assert str(caught.value).isprintable()


def test_ansible_never_evaluates_what_an_mcpserver_says(tmp_path):
    watch = Watch(group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="mcp.kubernetes.mcpserver")
    spec = {"image": "{{ 7 * 7 }}", "args": PAYLOADS, "environment": [{"name": "A", "value": PAYLOADS[2]}]}
    marks = {"__ansible_vault": "x", "__ansible_unsafe": "{{ 7 * 7 }}", "ansible_connection": "ssh"}
    item = {"metadata": {"name": "wiki", "namespace": "team", "annotations": marks}, "spec": {**spec, **marks}}
    host = host_name("team", "wiki")
    directory = RunDirectory(tmp_path, "run")
    request = RunRequest(content=AnsibleContent(role=watch.role), hosts={host: host_variables(watch, item)})
    directory.fill(request)
    loader = DataLoader()
    inventory = InventoryManager(loader, sources=None)
    InventoryModule().parse(inventory._inventory, loader, str(directory.inventory))
    variables = inventory.get_host(host).vars
    assert variables["ansible_connection"] == "local"
    base = "_mcp_mcp_operator_io_mcpserver"
    assert json.loads(json.dumps(variables[base])) == item
    templar = Templar(loader, variables=variables)
    for name in ("image", "args", "environment", base, f"{base}_spec"):
        assert templar.template(variables[name]) == variables[name]

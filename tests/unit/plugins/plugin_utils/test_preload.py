# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import importlib
import shutil

import jinja2
import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _preload, _renderer, _role
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

SERVER = {
    "apiVersion": "mcp.mcp-operator.io/v1",
    "kind": "MCPServer",
    "metadata": {"name": "wikipedia", "namespace": "mcp", "uid": "u-1", "generation": 3},
    "spec": {"image": "wikipedia:1", "transport": {"config": {"http": {"port": 8080}}}},
}


@pytest.fixture
def counted(monkeypatch):
    """Counts the templates that are compiled and the YAML documents that are parsed."""
    importlib.import_module(_preload._PLUGIN)  # with Ansible, which compiles templates of its own
    counts = {"compiled": 0, "parsed": 0}

    def count(owner, name, what):
        original = getattr(owner, name)

        def counting(*args, **kwargs):
            counts[what] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(jinja2.Environment, "compile", "compiled")
    count(_renderer.yaml, "load", "parsed")
    _renderer._environment.cache_clear()
    _renderer._shape.cache_clear()
    _role._read.cache_clear()
    return counts


def test_after_the_preload_an_mcpserver_is_rendered_without_compiling_or_parsing(counted):
    _preload.preload()
    done = dict(counted)
    assert done["compiled"] == len(list((_role.ROLE / "templates").glob("*.j2")))
    Renderer(_role.TEMPLATES).render(SERVER, gated=True)
    assert counted == done


def test_the_preload_imports_the_plugin_of_the_playbook(monkeypatch):
    imported = []
    monkeypatch.setattr(_preload.importlib, "import_module", imported.append)
    _preload.preload()
    assert imported == [_preload._PLUGIN]
    tasks = (_role.ROLE / "tasks" / "reconcile.yml").read_text(encoding="utf-8")
    assert f"mcp.kubernetes.{_preload._PLUGIN.rpartition('.')[2]}:" in tasks


def test_kubeconfigs_are_prepared_where_one_is_used(monkeypatch, tmp_path):
    for name in ("KUBECONFIG", "K8S_AUTH_KUBECONFIG", "K8S_AUTH_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(_preload.auth.official_client, "kube_config", lambda: read.append(True))
    read = []
    _preload.preload()
    assert not read
    monkeypatch.setenv("K8S_AUTH_CONTEXT", "here")
    _preload.preload()
    assert read == [True]


def test_a_renderer_compiles_only_what_it_renders(counted):
    renderer = Renderer(_role.TEMPLATES)
    assert counted["compiled"] == 0
    renderer.render(SERVER)
    assert counted["compiled"] == 3
    Renderer(_role.TEMPLATES).render(SERVER)
    assert counted["compiled"] == 3


def test_a_changed_template_is_compiled_again(tmp_path):
    folder = tmp_path / "templates"
    shutil.copytree(_role.TEMPLATES, folder)
    Renderer(str(folder)).render(SERVER)
    service = folder / "service.yaml.j2"
    service.write_text(service.read_text().replace("kind: Service", "kind: Changed"))
    assert "Changed" in [item["kind"] for item in Renderer(str(folder)).render(SERVER)]


def test_changed_defaults_of_the_role_are_read_again(tmp_path, monkeypatch):
    shutil.copytree(_role.ROLE / "defaults", tmp_path / "defaults")
    monkeypatch.setattr(_role, "ROLE", tmp_path)
    _preload.preload()
    assert _role.validation_image(None) != "changed:1"
    path = tmp_path / "defaults" / "main.yml"
    path.write_text(path.read_text() + "\nmcpserver_validation_image: changed:1\n")
    assert _role.validation_image(None) == "changed:1"

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.context import context_name

KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "one",
    "clusters": [{"name": "c", "cluster": {"server": "https://one.example.com"}}],
    "contexts": [{"name": name, "context": {"cluster": "c", "user": "me"}} for name in ("one", "two")],
    "users": [{"name": "me", "user": {}}],
}


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(KUBECONFIG))
    return str(file)


def test_the_current_context_unless_another_is_named(path):
    assert context_name({"kubeconfig": path}) == "one"
    assert context_name({"kubeconfig": path, "context": "two"}) == "two"
    assert context_name({"kubeconfig": KUBECONFIG}) == "one"


def test_the_environments_kubeconfig_is_the_default(path, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", path)
    assert context_name({}) == "one"


def test_an_api_server_that_is_named_itself_is_no_contexts(path):
    assert context_name({"kubeconfig": path, "host": "https://other.example.com"}) == ""


def test_a_pod_has_no_context():
    assert context_name({}) == ""

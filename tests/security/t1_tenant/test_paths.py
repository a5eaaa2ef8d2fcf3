# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""No name that a tenant chooses leads to another file or to another object of the API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.config_hash import config_hash
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import object_path
from mcp_operator.runs.directory import RunDirectory, prepare_root
from mcp_operator.runs.run_request import AnsibleContent, RunRequest

NAMES = [
    "../../../../tmp/escaped",
    "..",
    ".",
    "a/../../namespaces/kube-system/secrets/b",
    "a?watch=true",
    "a#b",
    "a%2f..%2f..",
    "a\\..\\b",
    "a\r\nX-Injected: 1",
    "/etc/passwd",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_stays_one_segment_of_the_path_of_an_api_request(name):
    path = object_path("v1", "Secret", "team", name)
    root, _, segment = path.rpartition("/")
    assert root == "/api/v1/namespaces/team/secrets"
    assert not set(segment) & set("?#\\\r\n")
    assert object_path("v1", "Secret", name, "a").count("/") == path.count("/")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_the_secret_that_is_hashed_is_one_of_the_namespace(name):
    class Client:
        def find(self, api_version, kind, namespace, name):
            asked.append((kind, namespace, name, object_path(api_version, kind, namespace, name)))

    asked = []
    server = {"metadata": {"name": "wiki", "namespace": "team", "uid": "u"}}
    config_hash(Client(), server, {"volumes": [{"name": "v", "secret": {"secretName": name}}]})
    [(kind, namespace, found, path)] = [one for one in asked if one[0] == "Secret"]
    assert (kind, namespace, found) == ("Secret", "team", name)
    assert path.startswith("/api/v1/namespaces/team/secrets/")
    assert path.count("/") == 6


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_name_of_an_object_becomes_the_name_of_a_file(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    root = Path("runs")
    prepare_root(root)
    request = RunRequest(content=AnsibleContent(role=name), hosts={name: {"x": name}}, extra_vars={name: name})
    directory = RunDirectory(root, "abc")
    playbook = directory.fill(request)
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {f"runs/abc/{file}" for file in ("inventory/objects.mcp.json", "env/extravars", "project/role.yml")}
    assert playbook == str(directory.path / "project" / "role.yml")
    assert list(json.loads(directory.inventory.read_text(encoding="utf-8"))["hosts"]) == [name]

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the lazy loader of the official client imports, and what other users of the client find."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULE = "ansible_collections.mcp.kubernetes.plugins.module_utils._kube.official_client"
# pydantic comes with the models, requests with the reader of kubeconfigs.
HEAVY = ("pydantic", "requests", "websocket")


def python(program: str, before: str = "") -> object:
    """Run a program that prints JSON, in a process that has imported only the module, and before it what is given."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".cache" / "collections")}
    head = f"{before}\nimport json, sys\nfrom importlib import import_module\nofficial = import_module({MODULE!r})\n"
    command = [sys.executable, "-c", head + program]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


def test_requests_of_a_pod_need_none_of_the_packages_of_the_generated_api():
    program = f"""
pool = official.RestClient(official.Configuration()).pool_manager
print(json.dumps([type(pool).__name__, [name for name in {HEAVY} if name in sys.modules]]))
"""
    assert python(program) == ["PoolManager", []]


def test_a_kubeconfig_is_read_without_the_models():
    program = """
config = official.Configuration()
entries = {"clusters": [{"name": "a", "cluster": {"server": "https://a.example.com"}}], "users": []}
context = {"name": "a", "context": {"cluster": "a", "user": ""}}
entries.update({"contexts": [context], "current-context": "a"})
official.kube_config().load_kube_config_from_dict(entries, client_configuration=config)
print(json.dumps([config.host, "pydantic" in sys.modules]))
"""
    assert python(program) == ["https://a.example.com", False]


def test_the_client_is_complete_for_everything_else_in_the_process():
    program = """
official.kube_config()
import kubernetes
from kubernetes import dynamic
from kubernetes.client import ApiClient, Configuration, CoreV1Api, V1Pod
from kubernetes.client.api_client import ApiClient as Real
found = [
    kubernetes.__version__.count("."),
    ApiClient is Real and kubernetes.client.ApiClient is Real,
    Configuration is official.Configuration,
    CoreV1Api.__module__, V1Pod.__name__, dynamic.DynamicClient.__name__,
    kubernetes.config.load_kube_config.__name__, kubernetes.utils.create_from_yaml.__name__,
    isinstance(kubernetes.config.kube_config.ApiClient(), Real),
]
print(json.dumps(found))
"""
    api = "kubernetes.client.api.core_v1_api"
    names = ["V1Pod", "DynamicClient", "load_kube_config", "create_from_yaml"]
    assert python(program) == [2, True, True, api, *names, True]


def test_a_client_that_is_imported_already_is_used_as_it_is():
    program = """
import kubernetes
found = [type(kubernetes).__name__, kubernetes.client.Configuration is official.Configuration]
print(json.dumps([*found, official.kube_config() is kubernetes.config.kube_config]))
"""
    assert python(program, before="import kubernetes") == ["module", True, True]


def test_an_attribute_that_the_client_lacks_is_missing():
    program = """
import kubernetes.client
print(json.dumps([hasattr(kubernetes, "no_such_thing"), hasattr(kubernetes.client, "NoSuchThing")]))
"""
    assert python(program) == [False, False]

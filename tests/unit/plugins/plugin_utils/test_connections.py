# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ConfigError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._connections import connections, digest

TOKEN = {"host": "https://one.example.com", "api_key": "token-of-one"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("K8S_AUTH_")]:
        monkeypatch.delenv(name)


def test_without_any_the_environment_says_which_cluster(monkeypatch):
    monkeypatch.setenv("K8S_AUTH_KUBECONFIG", "/somewhere/config")
    monkeypatch.setenv("K8S_AUTH_CONTEXT", "prod")
    monkeypatch.setenv("K8S_AUTH_VERIFY_SSL", "no")
    (found,) = connections([])
    assert found.auth["kubeconfig"] == found.kubeconfig == "/somewhere/config"
    assert (found.auth["context"], found.auth["validate_certs"]) == ("prod", False)
    assert found.portable


def test_one_connection_is_completed_by_the_environment(monkeypatch):
    monkeypatch.setenv("K8S_AUTH_API_KEY", "exported")
    monkeypatch.setenv("K8S_AUTH_CONTEXT", "theirs")
    (found,) = connections([{"context": "mine"}])
    assert (found.auth["api_key"], found.auth["context"]) == ("exported", "mine")


def test_no_credentials_of_the_environment_go_to_several_clusters(monkeypatch):
    for name in ("API_KEY", "USERNAME", "PASSWORD", "HOST", "CERT_FILE", "KEY_FILE", "CONTEXT", "PROXY"):
        monkeypatch.setenv(f"K8S_AUTH_{name}", "exported")
    monkeypatch.setenv("K8S_AUTH_KUBECONFIG", "/somewhere/config")
    for found in connections([{"context": "a"}, {"context": "b"}]):
        given = {name: value for name, value in found.auth.items() if value is not None}
        assert set(given) == {"kubeconfig", "context"}
        assert given["kubeconfig"] == "/somewhere/config"


def test_what_is_asked_for():
    (found,) = connections(
        [{"name": "eu", "namespaces": ["a", "b"], "label_selectors": ["team=search", "tier in (x, y)"]}]
    )
    assert (found.name, found.label) == ("eu", "eu")
    assert found.namespaces == ("a", "b")
    assert found.label_selector == "team=search,tier in (x, y)"


@pytest.mark.parametrize(
    ("given", "portable"),
    [
        ({"kubeconfig": "/somewhere/config", "context": "a"}, True),
        ({"context": "a", "namespaces": ["b"], "name": "c"}, True),
        ({"context": "a", "api_key": None}, True),
        (TOKEN, False),
        ({"context": "a", "validate_certs": False}, False),
        ({"context": "a", "verify_ssl": False}, False),
        ({"kubeconfig": {"current-context": "a"}}, False),
    ],
)
def test_only_a_path_and_a_context_can_be_told_to_others(given, portable):
    (found,) = connections([given])
    assert found.portable is portable
    assert portable or not found.kubeconfig


def test_a_kubeconfig_is_found_from_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    (found,) = connections([{"kubeconfig": f"some/config{os.pathsep}~/other"}])
    assert found.kubeconfig == f"{Path.cwd()}/some/config{os.pathsep}/home/somebody/other"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([{"contxt": "a"}], "contxt"),
        ([{"context": "a"}, {"validate_certs": "perhaps"}], "validate_certs"),
        (["prod"], "connections"),
        ([{"namespaces": {"a": "b"}}], "namespaces"),
    ],
)
def test_what_is_no_option_is_named(given, text):
    with pytest.raises(ConfigError, match=text) as caught:
        connections(given)
    assert caught.value.code == "CONNECTIONS_INVALID"


def test_a_wrong_option_tells_no_secret():
    with pytest.raises(ConfigError) as caught:
        connections([{**TOKEN, "namespace": "a"}])
    assert "token-of-one" not in str(caught.value)


def test_what_is_cached_is_true_of_these_clusters_only(monkeypatch):
    monkeypatch.setenv("KUBECONFIG", "/somewhere/config")
    given = [
        [],
        [{"context": "a"}],
        [{"context": "b"}],
        [{"context": "a", "namespaces": ["x"]}],
        [{"context": "a", "namespaces": ["y"]}],
        [{"context": "a", "label_selectors": ["x=y"]}],
        [{"context": "a", "name": "b"}],
        [{"kubeconfig": "/somewhere/config"}],
        [{"kubeconfig": {"current-context": "a"}}],
        [{"kubeconfig": {"current-context": "b"}}],
        [{"host": "https://one.example.com"}],
        [{"context": "a"}, {"context": "b"}],
    ]
    digests = [digest(connections(one)) for one in given]
    monkeypatch.setenv("KUBECONFIG", "/elsewhere/config")
    digests.append(digest(connections([])))
    assert len(set(digests)) == len(digests)
    assert digest(connections([])) == digest(connections([]))


def test_no_credentials_are_part_of_a_caches_name():
    assert digest(connections([TOKEN])) == digest(connections([{**TOKEN, "api_key": "another"}]))

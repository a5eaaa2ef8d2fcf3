# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Several kubeconfigs in KUBECONFIG: each context with the cluster and the credentials of its own file."""

from __future__ import annotations

import os

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import auth, kubeconfig
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ConfigError


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)


def written(path, *, current=None, clusters=(), users=(), contexts=()):
    """Write a kubeconfig whose names are those that kubeadm gives in every cluster."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": server}} for name, server in clusters],
        "users": [{"name": name, "user": user} for name, user in users],
        "contexts": [{"name": n, "context": {"cluster": cluster, "user": user}} for n, cluster, user in contexts],
    }
    if current:
        config["current-context"] = current
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(config))
    return str(path)


@pytest.fixture
def two(tmp_path):
    """Two kubeconfigs that call their cluster and their user alike, with certificate files in their own folders."""
    found = []
    for place in ("berlin", "paris"):
        for name in ("ca.crt", "admin.crt", "admin.key"):
            (tmp_path / place).mkdir(exist_ok=True)
            (tmp_path / place / name).write_text(place)
        path = written(
            tmp_path / place / "config",
            current=place,
            clusters=[("kubernetes", f"https://{place}.example.com")],
            users=[
                ("admin", {"token": f"{place}-token", "client-certificate": "admin.crt", "client-key": "admin.key"})
            ],
            contexts=[(place, "kubernetes", "admin")],
        )
        found.append(path)
    return found


def used(config):
    """Return the address, the token and the folder of the certificate of a configuration."""
    [token] = [setting["value"] for setting in config.auth_settings().values()]
    return config.host, token, os.path.basename(os.path.dirname(config.cert_file))  # noqa: PTH119, PTH120


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("place", ["berlin", "paris"])
@pytest.mark.parametrize("by_environment", [True, False])
def test_a_context_has_the_credentials_of_its_own_file(two, monkeypatch, order, place, by_environment):
    joined = os.pathsep.join(two[::order])
    if by_environment:
        monkeypatch.setenv("KUBECONFIG", joined)
    config = auth.configuration({"context": place, "kubeconfig": None if by_environment else joined})
    assert used(config) == (f"https://{place}.example.com", f"Bearer {place}-token", place)


def test_the_current_context_is_that_of_the_first_file_that_sets_one(two, tmp_path):
    without = written(tmp_path / "none")
    joined = os.pathsep.join([without, *two])
    assert used(auth.configuration({"kubeconfig": joined}))[0] == "https://berlin.example.com"
    assert auth.context_name({"kubeconfig": joined}) == "berlin"


def test_a_context_may_be_in_another_file_than_its_cluster_and_user(tmp_path):
    clusters = written(tmp_path / "clusters", clusters=[("one", "https://one.example.com")])
    users = written(tmp_path / "users", users=[("me", {"token": "mine"})])
    contexts = written(tmp_path / "contexts", current="at-one", contexts=[("at-one", "one", "me")])
    config = auth.configuration({"kubeconfig": os.pathsep.join([clusters, users, contexts])})
    assert config.host == "https://one.example.com"
    assert [setting["value"] for setting in config.auth_settings().values()] == ["Bearer mine"]


def test_only_the_file_of_a_complete_context_is_loaded(two, monkeypatch):
    """With many files, the client would parse all of them for each context."""
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(two))
    assert kubeconfig.select(None, "paris") == (two[1], "paris")
    assert [one.kubeconfig for one in kubeconfig.contexts(None)] == two


def test_all_contexts_of_all_files_also_those_of_one_name(two, tmp_path):
    again = written(
        tmp_path / "tokyo",
        clusters=[("kubernetes", "https://tokyo.example.com")],
        users=[("admin", {"token": "tokyo-token"})],
        contexts=[("berlin", "kubernetes", "admin")],
    )
    found = kubeconfig.contexts(os.pathsep.join([*two, "~/missing", again]))
    assert [one.label for one in found] == [f"berlin ({two[0]})", "paris", f"berlin ({again})"]
    hosts = [auth.configuration({"kubeconfig": one.kubeconfig, "context": one.name}).host for one in found]
    assert hosts == [f"https://{name}.example.com" for name in ("berlin", "paris", "tokyo")]


@pytest.mark.parametrize("text", ["{]", "\x00"])
def test_a_file_of_several_that_is_no_yaml_is_named(two, tmp_path, text):
    broken = tmp_path / "broken"
    broken.write_text(text)
    with pytest.raises(ConfigError, match="broken cannot be read"):
        auth.configuration({"kubeconfig": os.pathsep.join([*two, str(broken)])})


@pytest.mark.parametrize("text", ["", "text", "[]", "contexts: 5", "contexts: [5, {name: null}]"])
def test_a_file_without_contexts_is_an_error_of_all_contexts(tmp_path, text):
    (tmp_path / "empty").write_text(text)
    with pytest.raises(ConfigError, match="has no context"):
        kubeconfig.contexts(str(tmp_path / "empty"))


def test_a_context_that_no_file_has_is_named(two):
    with pytest.raises(ConfigError, match="no usable context rome"):
        auth.configuration({"kubeconfig": os.pathsep.join(two), "context": "rome"})


def test_the_namespace_is_that_of_the_context(tmp_path):
    context = {"cluster": "c", "user": "u", "namespace": "team"}
    named = tmp_path / "named"
    named.write_text(yaml.safe_dump({"current-context": "a", "contexts": [{"name": "a", "context": context}]}))
    other = written(tmp_path / "other", contexts=[("b", "c", "u")])
    joined = os.pathsep.join([other, str(named)])
    assert kubeconfig.namespace(joined, None) == "team"
    assert [kubeconfig.namespace(joined, name) for name in ("a", "b", "c")] == ["team", "", ""]
    assert kubeconfig.namespace(str(tmp_path / "none"), None) == ""

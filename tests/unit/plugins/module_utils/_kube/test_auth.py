# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube import auth
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ClientMissing, ConfigError

KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "one",
    "clusters": [
        {"name": "one", "cluster": {"server": "https://one.example.com"}},
        {"name": "two", "cluster": {"server": "https://two.example.com", "insecure-skip-tls-verify": True}},
    ],
    "contexts": [
        {"name": "one", "context": {"cluster": "one", "user": "me"}},
        {"name": "two", "context": {"cluster": "two", "user": "me"}},
    ],
    "users": [{"name": "me", "user": {"token": "kubeconfig-token"}}],
}


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(KUBECONFIG))
    return str(file)


def authorization(config):
    return [setting["value"] for setting in config.auth_settings().values()]


def test_the_current_context_counts_and_another_can_be_named(path):
    assert auth.configuration({"kubeconfig": path}).host == "https://one.example.com"
    assert auth.configuration({"kubeconfig": path, "context": "two"}).host == "https://two.example.com"


def test_a_kubeconfig_can_be_a_dictionary():
    config = auth.configuration({"kubeconfig": KUBECONFIG})
    assert config.host == "https://one.example.com"
    assert authorization(config) == ["Bearer kubeconfig-token"]


def test_the_environments_kubeconfig_is_the_default(path, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", path)
    assert auth.configuration({}).host == "https://one.example.com"


def test_explicit_credentials_read_no_kubeconfig():
    config = auth.configuration({"host": "https://h", "api_key": "t", "kubeconfig": "/nonexistent"})
    assert config.host == "https://h"
    assert authorization(config) == ["Bearer t"]


def test_an_option_wins_over_the_kubeconfig(path):
    config = auth.configuration({"kubeconfig": path, "api_key": "own", "validate_certs": False, "ca_cert": "/ca"})
    assert authorization(config) == ["Bearer own"]
    assert config.verify_ssl is False
    assert config.ssl_ca_cert == "/ca"


def test_the_kubeconfigs_own_word_on_certificates_stays(path):
    assert auth.configuration({"kubeconfig": path}).verify_ssl is True
    assert auth.configuration({"kubeconfig": path, "context": "two"}).verify_ssl is False


@pytest.mark.parametrize("text", ["", "text", "[]", "{]", "apiVersion: v1\nkind: Config\n", "clusters: 5\n"])
def test_what_is_no_kubeconfig_is_refused_with_its_name(tmp_path, text):
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        auth.configuration({"kubeconfig": str(file)})
    assert "broken.yaml" in error.value.seen
    assert error.value.action


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "me", "token": "s3cret"},
        {"name": "me", "user": {"auth-provider": {"name": "oidc", "config": {"client-secret": "s3cret"}}}},
    ],
)
def test_an_error_about_an_entry_does_not_repeat_its_credentials(tmp_path, entry):
    file = tmp_path / "incomplete.yaml"
    file.write_text(yaml.safe_dump({**KUBECONFIG, "users": [entry]}))
    with pytest.raises(ConfigError, match=r"Expected key (user|id-token) in .*incomplete.yaml") as error:
        auth.configuration({"kubeconfig": str(file)})
    assert "s3cret" not in str(error.value)


def test_a_file_or_context_that_is_not_there(path):
    with pytest.raises(ConfigError, match=r"There is no file .*nonexistent"):
        auth.configuration({"kubeconfig": "/nonexistent"})
    with pytest.raises(ConfigError, match="three"):
        auth.configuration({"kubeconfig": path, "context": "three"})


def test_no_kubeconfig_at_all():
    with pytest.raises(ConfigError, match="no kubeconfig"):
        auth.configuration({})


def test_without_the_client_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(auth, "IMPORT_ERROR", "No module named 'kubernetes'")
    with pytest.raises(ClientMissing, match="pip install"):
        auth.configuration({})


def test_the_context_in_use_is_the_current_or_the_given_one(path):
    assert auth.context_name({"kubeconfig": path}) == "one"
    assert auth.context_name({"kubeconfig": path, "context": "two"}) == "two"
    assert auth.context_name({"kubeconfig": KUBECONFIG}) == "one"


def test_the_default_kubeconfig_for_the_context_is_that_of_the_environment(path, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", path)
    assert auth.context_name({}) == "one"


def test_a_given_host_has_no_context(path):
    assert auth.context_name({"kubeconfig": path, "host": "https://other.example.com"}) == ""


def test_a_pod_has_no_context():
    assert auth.context_name({}) == ""

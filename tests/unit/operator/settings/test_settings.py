# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import pytest
from mcp_operator.errors import SettingsInvalid
from mcp_operator.settings.load import add_flags, settings_of
from mcp_operator.settings.operator_settings import ListenAddress, OperatorSettings
from mcp_operator.settings.options import OPTIONS


def read(*flags, **environment):
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return settings_of(parser.parse_args(flags), environment)


def test_every_setting_is_an_option():
    assert [option.name for option in OPTIONS] == [field.name for field in dataclasses.fields(OperatorSettings)]


def test_the_defaults():
    settings = read()
    assert settings.watches_file == Path("watches.yaml")
    assert settings.watch_namespace == ()
    assert settings.reconcile_period == 36000
    assert settings.max_concurrent_reconciles is None
    assert settings.leader_elect
    assert settings.preload
    assert settings.leader_election_namespace is None
    assert settings.health_probe_bind_address == ListenAddress("", 6789)
    assert not settings.metrics_secure
    assert settings.metrics_cert_path is None
    assert settings.graceful_shutdown_timeout == 30


def test_a_flag_beats_the_environment_and_that_the_default():
    name = "MCP_OPERATOR_RECONCILE_PERIOD"
    assert read(**{name: "5m"}).reconcile_period == 300
    assert read("--reconcile-period=0s", **{name: "5m"}).reconcile_period == 0


def test_names_that_ansible_operator_has_given():
    settings = read("--leader-elect", WATCH_NAMESPACE="a, b,,a", ANSIBLE_ROLES_PATH="/roles")
    assert settings.watch_namespace == ("a", "b")
    assert settings.ansible_roles_path == "/roles"
    assert settings.leader_elect
    assert not read("--leader-elect=false").leader_elect
    assert not read("--preload=false").preload


def test_an_empty_text_is_nothing():
    assert read("--watch-namespace=", WATCH_NAMESPACE="a").watch_namespace == ()
    assert read(K8S_AUTH_KUBECONFIG="").kubeconfig is None


@pytest.mark.parametrize(
    ("text", "address"),
    [("0", None), (":0", ("", 0)), ("127.0.0.1:80", ("127.0.0.1", 80)), ("[::1]:80", ("::1", 80))],
)
def test_addresses(text, address):
    assert read("--metrics-bind-address", text).metrics_bind_address == address


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        ("--reconcile-period=often", "--reconcile-period: not a duration"),
        ("--metrics-bind-address=8080", "--metrics-bind-address: not an address"),
        ("--metrics-bind-address=:99999", "--metrics-bind-address: not an address"),
        ("--health-probe-bind-address=", "not an address"),
        ("--leader-elect=perhaps", "not a boolean"),
        ("--ansible-verbosity=8", "from 0 to 7"),
        ("--max-concurrent-reconciles=0", "from 1 to"),
        ("--max-concurrent-reconciles=" + "9" * 5000, "from 1 to"),
        ("--watch-namespace=a,../b", "not a valid name of a namespace: '../b'"),
        ("--log-format=xml", "--log-format must be one of json, console"),
    ],
)
def test_what_means_nothing_is_named(flag, why):
    with pytest.raises(SettingsInvalid) as caught:
        read(flag)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 6000


def test_secure_metrics_have_an_address_of_their_own():
    flags = ["--metrics-bind-address=:8080", "--health-probe-bind-address=:8080"]
    with pytest.raises(SettingsInvalid, match="must differ"):
        read(*flags, "--metrics-secure")
    assert read("--metrics-secure").metrics_secure
    assert not read(*flags).metrics_secure


def test_a_variable_that_means_nothing_is_named():
    with pytest.raises(SettingsInvalid, match="WATCH_NAMESPACE: not a valid name"):
        read(WATCH_NAMESPACE="A")


def test_help_names_the_variable_of_each(capsys):
    parser = argparse.ArgumentParser()
    add_flags(parser)
    said = parser.format_help().replace("\n", "").replace(" ", "")
    for option in OPTIONS:
        assert f"--{option.flag}" in said
        assert f"{option.environment})" in said

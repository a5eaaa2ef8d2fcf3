# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
from pathlib import Path

import pytest
from imagebuilder import registries

pytestmark = pytest.mark.test_all


def test_the_more_special_of_pips_settings_wins_whatever_the_order():
    listed = (
        ":env:.index-url='https://other.example/simple'\n"
        "download.index-url='https://not.ours.example/simple'\n"
        "install.trusted-host='mirror.example\\nother.example'\n"
        "global.trusted-host='unused.example'\n"
        "global.index-url='https://mirror.example/simple'\n"
        "nonsense\n"
        "global.broken='\n"
    )
    assert registries.parse_pip_list(listed) == {
        "index-url": "https://other.example/simple",
        "trusted-host": "mirror.example other.example",
    }


def test_pip_configuration_carries_how_to_reach_the_index_and_nothing_else():
    settings = {"index-url": "https://mirror.example/simple", "find-links": "/somewhere", "cert": "/host/ca.crt"}
    assert registries.pip_configuration(settings, "/run/secrets/ca.crt") == (
        "[global]\nindex-url = https://mirror.example/simple\ncert = /run/secrets/ca.crt\n"
    )


def test_npm_settings_are_read_from_its_json():
    listed = '{"registry":"https://mirror.example/","proxy":null,"noproxy":["a","b"],"strict-ssl":false,"color":true}'
    settings = registries.parse_npm_list(listed)
    assert settings == {"registry": "https://mirror.example/", "noproxy": "a,b", "strict-ssl": "false"}
    assert registries.npm_configuration(settings, None) == (
        "registry=https://mirror.example/\nnoproxy=a,b\nstrict-ssl=false\n"
    )


@pytest.mark.parametrize("text", ["", "no JSON"])
def test_an_npm_that_says_nothing_useful_is_no_error(text: str):
    assert registries.parse_npm_list(text) == {}


def test_certificates_are_those_that_the_user_named_first(tmp_path: Path):
    named, other = tmp_path / "named", tmp_path / "other"
    other.touch()
    environment = {"PIP_CERT": str(named), "SSL_CERT_FILE": str(other)}
    assert registries.ca_bundle(environment) == other
    named.touch()
    assert registries.ca_bundle(environment) == named
    assert registries.ca_bundle(environment, configured=str(other)) == other


def test_a_machine_without_certificates_gives_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registries, "CA_FILES", ())
    assert registries.ca_bundle({}) is None


def test_secrets_name_the_certificates_where_the_build_finds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in os.environ if name.upper().startswith(("PIP_", "NPM_CONFIG_"))]:
        monkeypatch.delenv(name)
    certificates = tmp_path / "ca.crt"
    certificates.touch()
    monkeypatch.setenv("PIP_CERT", str(certificates))
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    secrets = registries.write_secrets(tmp_path)
    assert secrets["ca.crt"] == certificates
    pip = secrets["pip.conf"].read_text()
    assert "index-url = https://mirror.example/simple\n" in pip
    assert "cert = /run/secrets/ca.crt\n" in pip
    assert str(certificates) not in pip
    assert "cafile=/run/secrets/ca.crt\n" in secrets["npmrc"].read_text()

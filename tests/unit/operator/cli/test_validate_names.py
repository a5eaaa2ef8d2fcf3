# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator validate`` of MCPServers by name, with a real server behind a fake port-forward."""

from __future__ import annotations

import json

import pytest
from mcp_operator.cli import served
from mcp_operator.cli.main import main
from mcp_operator.cli.named_servers import is_name

from .test_pin import client, offered  # noqa: F401  # fixtures

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture
def validate(client, capsys, monkeypatch):  # noqa: F811
    """Run the command; return its exit code, standard output and standard error."""
    monkeypatch.setattr(served, "client_of", lambda _flags, _environment: client)

    def run(*arguments):
        code = main(["validate", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("weather", True),
        ("team-a/weather", True),
        ("http://weather/", False),
        ("localhost", False),
        ("localhost/mcp", False),
        ("weather:8080", False),
        ("weather.example.com", False),
        ("weather.example.com/mcp", False),
        ("a/b/c", False),
        ("Weather", False),
        ("", False),
    ],
)
def test_names_are_no_urls(word, name):
    assert is_name(word) is name


def test_an_mcpserver_is_validated(validate):
    code, out, err = validate("team/zoo")
    assert (code, err) == (0, "")
    assert out.startswith("PASS  http://zoo.team.svc:8080/mcp\n")
    code, out, _err = validate("zoo", "-n", "team", "-o", "json")
    assert code == 0
    assert [report["name"] for report in json.loads(out)["reports"]] == ["team/zoo"]


def test_one_that_does_not_exist_is_named(validate):
    code, out, err = validate("team/no")
    assert (code, out) == (2, "")
    assert "There is no MCPServer team/no." in err


def test_one_without_a_pod_is_named(validate, client):  # noqa: F811
    client.lists["Pod"] = []
    code, out, err = validate("team/zoo", "--timeout", "0")
    assert (code, out) == (2, "")
    assert "MCPServer team/zoo had no Pod whose containers are ready. See kubectl describe" in err


def test_a_name_without_a_namespace_is_in_that_of_the_context(validate, tmp_path):
    config = tmp_path / "config"
    context = {"cluster": "c", "user": "u", "namespace": "team"}
    config.write_text(json.dumps({"current-context": "a", "contexts": [{"name": "a", "context": context}]}))
    code, out, _err = validate("zoo", "--kubeconfig", str(config))
    assert (code, out.partition("\n")[0]) == (0, "PASS  http://zoo.team.svc:8080/mcp")
    assert validate("zoo", "--kubeconfig", str(config), "-n", "other")[0] == 2
    assert validate("zoo", "--kubeconfig", str(tmp_path / "none"))[0] == 2


def test_what_is_no_name_is_said_if_a_cluster_is_given(validate):
    code, _out, err = validate("Weather", "-n", "team")
    assert code == 2
    assert "'Weather' is not the name of an MCPServer. Give NAME or NAMESPACE/NAME." in err

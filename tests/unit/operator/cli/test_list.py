# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The formats of ``mcp-operator list``, and names of MCPServers that it and ``pin`` do not find."""

from __future__ import annotations

import json

import pytest
import yaml
from mcp_operator.cli.main import main

from .test_pin import client, offered  # noqa: F401  # fixtures


@pytest.mark.usefixtures("client")
def test_yaml_is_the_same_as_json_and_text_the_same_as_table(capsys, offered):  # noqa: F811
    offered[0]["description"] = "\x1b[2JFeed\u202e."

    def shown(name):
        assert main(["list", "zoo", "-n", "team", "-o", name]) == 0
        return capsys.readouterr().out

    written = shown("yaml")
    assert yaml.safe_load(written) == json.loads(shown("json"))
    # What drives a terminal or reorders text is escaped.
    assert written.replace("\n", "").isascii()
    assert written.replace("\n", "").isprintable()
    assert shown("text") == shown("table")


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("arguments", [["list", "team/no"], ["pin", "team/no"]])
def test_a_server_that_does_not_exist(capsys, arguments):
    assert main(arguments) == 2
    assert "There is no MCPServer team/no. Give its namespace too: NAMESPACE/NAME." in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["list", "tema/zoo"], ["list", "zoo", "-n", "tema"], ["pin", "tema/zoo"]])
def test_a_namespace_that_does_not_exist(capsys, client, arguments):  # noqa: F811
    client.lists["MCPServer"] = []
    assert main(arguments) == 2
    assert "There is no namespace tema. Check the namespace and the context." in capsys.readouterr().err


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("name", ["", "team/", "/zoo", "a/team/zoo"])
@pytest.mark.parametrize("command", ["list", "pin"])
def test_what_is_no_name(capsys, command, name):
    assert main([command, name]) == 2
    assert "is not the name of an MCPServer. Give NAME or NAMESPACE/NAME." in capsys.readouterr().err

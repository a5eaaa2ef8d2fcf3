# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The formats of ``mcp-operator list``."""

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

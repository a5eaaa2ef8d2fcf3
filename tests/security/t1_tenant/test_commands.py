# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Words of a stdio server's command reach its process unchanged: no shell reads them, and none is an option of ours."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest, names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.bridging.fixtures import program  # noqa: F401
from support.clock import eventually

IMAGES = {"inject": "bridge.example.com/inject:1", "package": "bridge.example.com/package:1"}
RENDERER = Renderer(str(Path(__file__).resolve().parents[3] / "roles" / "mcpserver" / "templates"), IMAGES)
# Writes its arguments to a file whole, and reads until its input ends.
SERVER = """
import json, os, sys
with open("arguments.new", "w") as file:
    json.dump(sys.argv[1:], file)
os.rename("arguments.new", "arguments")
sys.stdin.read()
"""
WORDS = [
    "; touch pwned",
    "| touch pwned",
    "&& touch pwned",
    "`touch pwned`",
    "$(touch pwned)",
    "\n touch pwned\n",
    "' \" \\",
    "${IFS}$PATH",
    "*",
    "--",
    "--listen=:1",
    "--mode=shared",
    "--secret-env=PATH",
    "{{ 7 * 7 }}",
    "",
]


def container(port: int, **spec: object) -> dict:
    """Return the container of a stdio server."""
    server = {
        "apiVersion": names.API_VERSION,
        "kind": names.KIND,
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u-1"},
        "spec": {"transport": {"type": "stdio", "config": {"http": {"port": port}}}, **spec},
    }
    found = RENDERER.render(manifest.check(server))
    (made,) = next(item for item in found if item["kind"] == "Deployment")["spec"]["template"]["spec"]["containers"]
    return made


def test_the_words_reach_the_process_unchanged(program, tmp_path):  # noqa: F811
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = container(port, command=[sys.executable, "-c", SERVER], args=WORDS)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MCP_")}
    # The image has the program at another place.
    command = [str(program), *made["command"][1:], *made["args"]]
    command.insert(command.index("--"), f"--termination-log={tmp_path / 'log'}")
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as sidecar:
        try:
            eventually((tmp_path / "arguments").exists, 30.0)
        finally:
            sidecar.terminate()
    assert json.loads((tmp_path / "arguments").read_text(encoding="utf-8")) == WORDS
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("field", ["command", "args"])
def test_all_words_of_the_manifest_come_after_the_options(field, word):
    made = container(8080, **{"command": ["uvx"], field: ["uvx", word]})
    options = made["args"][: made["args"].index("--")]
    assert options == container(8080, command=["uvx"])["args"][: len(options)]
    assert made["args"][len(options) + 1 :][-1] == word


def test_a_name_of_a_variable_adds_no_option():
    named = [{"name": "TOKEN --listen=:1", "value": "x"}, {"name": "--mode=shared-token", "value": "x"}]
    found = container(8080, command=["uvx"], environment=named)["args"]
    assert [word for word in found if "listen" in word] == ["--listen=:8080", "--secret-env=TOKEN --listen=:1"]
    assert "--secret-env=--mode=shared-token" in found

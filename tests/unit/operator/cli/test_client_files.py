# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Files of MCP clients: nothing that is in them is lost."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from mcp_operator.cli import client_files
from mcp_operator.cli.client_files import merge, usual_file
from mcp_operator.errors import ArgumentsInvalid

URL = "http://127.0.0.1:23456/mcp"
ENTRY = {"type": "http", "url": URL}
CODEX = """\
# mine
model = "gpt-5"

[mcp_servers.docs]  # keep
command = "docs"
args = ["a", '''b
[not a table]
''']

[mcp_servers.docs.env]
A = "1"

[profiles.fast]
model = "mini"
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config"


def test_a_file_that_does_not_exist_is_made_with_its_folder(tmp_path):
    file = tmp_path / ".vscode" / "mcp.json"
    assert merge("vscode", file, {"weather": ENTRY}) is None
    assert json.loads(file.read_text()) == {"servers": {"weather": ENTRY}}


def test_what_is_there_stays_and_is_copied(file):
    before = '{\n    "inputs": [{"id": "é"}],\n    "servers": {\n        "docs": {"command": "docs"}\n    }\n}\n'
    file.write_text(before)
    file.chmod(0o600)
    backup = merge("vscode", file, {"weather": ENTRY})
    assert backup.read_text() == before
    after = file.read_text()
    assert json.loads(after) == {"inputs": [{"id": "é"}], "servers": {"docs": {"command": "docs"}, "weather": ENTRY}}
    assert '\n    "inputs"' in after
    assert "é" in after
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_second_run_changes_nothing(file):
    merge("claude-code", file, {"weather": ENTRY})
    before = file.stat().st_mtime_ns
    assert merge("claude-code", file, {"weather": ENTRY}) is None
    assert file.stat().st_mtime_ns == before
    assert list(file.parent.iterdir()) == [file]


def test_a_link_into_a_repository_of_settings_stays_one(tmp_path, file):
    real = tmp_path / "dotfiles.json"
    real.write_text("{}")
    file.symlink_to(real)
    merge("claude-code", file, {"weather": ENTRY})
    assert file.is_symlink()
    assert json.loads(real.read_text()) == {"mcpServers": {"weather": ENTRY}}


def test_another_entry_of_the_same_name_is_changed_only_on_request(file):
    other = {"mcpServers": {"weather": {"type": "http", "url": "https://other/mcp", "disabled": True}}}
    file.write_text(json.dumps(other))
    with pytest.raises(ArgumentsInvalid, match=r"another entry weather. Change it with --replace"):
        merge("claude-code", file, {"weather": ENTRY})
    assert json.loads(file.read_text()) == other
    merge("claude-code", file, {"weather": ENTRY}, replace=True)
    assert json.loads(file.read_text()) == {"mcpServers": {"weather": {**ENTRY, "disabled": True}}}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('{"servers": {} // mine\n}', "is not strict JSON"),
        ('{"servers": {}, "servers": {"a": {}}}', "has a key twice"),
        ("[]", "has no object servers"),
        ('{"servers": []}', "has no object servers"),
        ('{"servers": {"weather": "x"}}', "another entry weather"),
        ("[" * 100_000, "is not strict JSON"),
        ('{"a": NaN}', "the number NaN would be changed"),
        ('{"a": 1e999}', "the number 1e999 would be changed"),
        ('{"a": 12345678901234567.89}', "would be changed"),
        (r'{"a": "\ud800"}', "has text that is not Unicode"),
    ],
)
def test_what_cannot_be_kept_is_refused(file, text, seen):
    file.write_text(text)
    with pytest.raises(ArgumentsInvalid, match=seen):
        merge("vscode", file, {"weather": ENTRY})
    assert file.read_text() == text
    assert list(file.parent.iterdir()) == [file]


def test_a_table_is_added_to_toml_with_its_comments(file):
    file.write_text(CODEX)
    backup = merge("codex", file, {"weather": {"url": URL}})
    assert backup.read_text() == CODEX
    after = file.read_text()
    assert after.startswith(CODEX)
    assert tomllib.loads(after)["mcp_servers"]["weather"] == {"url": URL}
    assert merge("codex", file, {"weather": {"url": URL}}) is None


def test_a_table_of_toml_is_changed_on_request(file):
    file.write_text(CODEX + f'\n[mcp_servers.weather]\nurl = "https://other/mcp"\nenabled = false # why\n\n{CODEX[:0]}')
    merge("codex", file, {"weather": {"url": URL}}, replace=True)
    after = file.read_text()
    assert tomllib.loads(after)["mcp_servers"]["weather"] == {"url": URL, "enabled": False}
    assert "enabled = false # why" in after
    assert after.startswith(CODEX)


@pytest.mark.parametrize(
    "text",
    [
        'mcp_servers = { docs = { command = "docs" } }\n',
        'mcp_servers.weather.url = "https://other/mcp"\n',
        '[mcp_servers."weather"]\nurl = "https://other/mcp"\n',
        'x = """\n[mcp_servers.weather]\n"""\n["mcp_servers".weather]\nurl = "https://other/mcp"\n',
        "mcp_servers = 1\n",
    ],
)
def test_toml_in_other_forms_is_never_changed_to_something_else(file, text):
    file.write_text(text)
    with pytest.raises(ArgumentsInvalid):
        merge("codex", file, {"weather": {"url": URL}}, replace=True)
    assert file.read_text() == text


def test_headers_for_another_server_are_not_kept(file):
    mine = {"headers": {"Authorization": "Bearer s3cret"}, "timeout": 9}
    servers = {"weather": {"type": "http", "url": "https://other/mcp", **mine}}
    file.write_text(json.dumps({"mcpServers": servers}))
    merge("claude-code", file, {"weather": ENTRY}, replace=True)
    assert json.loads(file.read_text()) == {"mcpServers": {"weather": {**ENTRY, "timeout": 9}}}


def test_headers_for_the_same_server_are_kept(file):
    known = {"type": "sse", "url": URL, "headers": {"Authorization": "Bearer s3cret"}}
    file.write_text(json.dumps({"mcpServers": {"weather": known}}))
    merge("claude-code", file, {"weather": ENTRY}, replace=True)
    assert json.loads(file.read_text()) == {"mcpServers": {"weather": {**known, "type": "http"}}}


def test_the_variables_of_a_program_that_connects_are_kept(file):
    def entry(url, program="mcp-remote"):
        return {"command": "npx", "args": ["-y", program, url]}

    for program, kept in (("mcp-remote", {"env": {"TOKEN": "s3cret"}}), ("docs", {})):
        servers = {"weather": {**entry("https://other/mcp", program), "env": {"TOKEN": "s3cret"}}}
        file.write_text(json.dumps({"mcpServers": servers}))
        merge("claude-desktop", file, {"weather": entry(URL)}, replace=True)
        assert json.loads(file.read_text()) == {"mcpServers": {"weather": {**entry(URL), **kept}}}


def test_an_entry_that_starts_a_program_is_replaced_by_a_url(file):
    mine = '[mcp_servers.weather]  # why\ncommand = "npx"\nargs = ["x"]\nenabled = false\n'
    slow = '# about slow\n[profiles.slow]\nmodel = "mini"\n'
    file.write_text(f'{CODEX}\n{mine}\n[mcp_servers.weather.env]\nA = "s3cret"\n\n{slow}')
    merge("codex", file, {"weather": {"url": URL}}, replace=True)
    after = file.read_text()
    # Codex rejects a file with an entry that has both.
    assert tomllib.loads(after)["mcp_servers"]["weather"] == {"url": URL, "enabled": False}
    assert "[mcp_servers.weather]  # why" in after
    assert after.startswith(CODEX)
    assert after.endswith(f"\n\n{slow}")


def test_a_backup_is_never_readable_by_others_and_replaces_nothing(file, tmp_path, monkeypatch):
    modes = []
    copy = client_files.shutil.copy2
    monkeypatch.setattr(
        client_files.shutil,
        "copy2",
        lambda one, other: (modes.append(Path(other).stat().st_mode & 0o777), copy(one, other)),
    )
    file.write_text("{}")
    file.chmod(0o640)
    gone = tmp_path / "gone"
    (tmp_path / "config.bak").symlink_to(gone)
    backup = merge("claude-code", file, {"weather": ENTRY})
    assert (backup.name, backup.read_text(), backup.stat().st_mode & 0o777) == ("config.2.bak", "{}", 0o640)
    assert modes == [0o600]
    assert not gone.exists()


def test_what_another_program_adds_meanwhile_is_not_lost(file, monkeypatch):
    file.write_text("{}")
    fsync = client_files.os.fsync

    def add(descriptor):
        monkeypatch.setattr(client_files.os, "fsync", fsync)
        merge("claude-code", file, {"docs": ENTRY})
        fsync(descriptor)

    monkeypatch.setattr(client_files.os, "fsync", add)
    merge("claude-code", file, {"weather": ENTRY})
    assert json.loads(file.read_text()) == {"mcpServers": {"docs": ENTRY, "weather": ENTRY}}
    assert sorted(one.name for one in file.parent.iterdir()) == ["config", "config.2.bak", "config.bak"]


def test_a_file_that_changes_all_the_time_is_not_written(file, monkeypatch):
    file.write_text("{}")
    fsync = client_files.os.fsync
    monkeypatch.setattr(client_files.os, "fsync", lambda one: (file.write_text(file.read_text() + " "), fsync(one)))
    with pytest.raises(ArgumentsInvalid, match="is being changed by another program"):
        merge("claude-code", file, {"weather": ENTRY})
    assert json.loads(file.read_text()) == {}
    assert list(file.parent.iterdir()) == [file]


def test_the_usual_files():
    home = {"HOME": "/users/me"}
    assert usual_file("claude-code", home) == Path(".mcp.json")
    assert usual_file("codex", home) == Path("/users/me/.codex/config.toml")
    assert usual_file("codex", {"CODEX_HOME": "/c"}) == Path("/c/config.toml")
    assert usual_file("inspector", home) is None
    assert usual_file("ansible", home) == Path("/opt/mcp/mcpservers.json")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator pin`` of servers by URL, with real servers."""

from __future__ import annotations

import json

import pytest
import yaml
from mcp_operator._vendor._mcp.offers.lock_file import read_lock
from mcp_operator.cli.main import main

from .test_validate import BAD, GOOD, GUARDED, url, zoo  # noqa: F401  # fixtures


@pytest.fixture
def pin(capsys, tmp_path, monkeypatch):
    """Run the command; return its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main(["pin", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def locked(tmp_path):
    return read_lock((tmp_path / "mcp-lock.yaml").read_text())


def test_a_server_is_pinned_and_checked(pin, url, tmp_path):  # noqa: F811
    server = f"{url(GOOD)}/mcp"
    assert pin("--url", f"{server}?key=hush-hush", "--check")[0] == 1
    code, out, err = pin("--url", f"{server}?key=hush-hush")
    assert (code, err) == (0, "")
    assert out.endswith("1 of 1 servers were written to mcp-lock.yaml; review it before you commit it.\n")
    assert [tool["name"] for tool in locked(tmp_path)[server]["tools"]] == ["count", "feed", "weigh"]
    assert pin("--url", server, "--check") == (0, "1 of 1 servers offer what mcp-lock.yaml has.\n", "")


def test_a_list_with_credentials(pin, url, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setenv("TOKEN", "good")
    guarded = f"{{name: team/zoo, url: {url('auth-good-token')}, bearerTokenEnv: TOKEN}}"
    (tmp_path / "targets.yml").write_text(f"targets:\n- {guarded}\n- {{url: {url(GOOD)}}}\n")
    code, out, _err = pin("--targets", "targets.yml", "-o", "json")
    assert (code, sorted(json.loads(out)["digests"])) == (0, sorted(["team/zoo", url(GOOD)]))
    assert yaml.safe_load(pin("--targets", "targets.yml", "-o", "yaml")[1]) == {**json.loads(out), "differences": {}}
    assert sorted(locked(tmp_path)) == sorted(["team/zoo", url(GOOD)])
    assert pin("--url", url("auth-good-token"), "--bearer-token-env", "TOKEN")[0] == 0


def test_what_is_not_known_is_named_and_the_others_are_written(pin, url, tmp_path):  # noqa: F811
    code, out, err = pin("--url", url(BAD), "--url", url(GOOD), "--url", url(GUARDED))
    assert (code, list(locked(tmp_path))) == (2, [url(GOOD)])
    assert "1 of 3 servers were written to mcp-lock.yaml; review it before you commit it. Not known: 2." in out
    assert f"What {url(BAD)} offers is not known: NOT_MCP: " in err
    assert f"What {url(GUARDED)} offers is not known: it requires credentials. Give them, for example" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--url", "ftp://h/"], "The scheme 'ftp' is not supported."),
        (["--url", "http://h/", "--url", "http://h/?a"], "Two servers would have the name http://h/ in the lock file."),
        (["--url", "http://h/", "weather"], "NAME is given with --url or --targets."),
        (["--url", "http://h/", "-n", "team"], "--namespace is given with --url or --targets."),
        (["weather", "--bearer-token-env", "TOKEN"], "--bearer-token-env is given without --url or --targets."),
        (["weather", "--no-verify"], "--no-verify is given without --url or --targets."),
        (["--url", "http://h/", "--bearer-token-env", "NOT_THERE"], "takes the name of an environment variable"),
        (["--targets", "none.yml"], "none.yml cannot be read"),
    ],
)
def test_arguments_that_make_no_sense(pin, arguments, said, tmp_path):
    code, out, err = pin(*arguments)
    assert (code, out, list(tmp_path.iterdir())) == (2, "", [])
    assert said in err

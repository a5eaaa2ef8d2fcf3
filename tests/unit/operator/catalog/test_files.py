# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator export`` prints the list, or writes all documents into a folder."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from mcp_operator._vendor._kube.errors import ApiNotFound
from mcp_operator.cli import catalog, export
from mcp_operator.cli.main import main

from support.registry_schema import CATALOG, LIST, RESPONSE

URL = ["--url", "https://catalog.example.com"]


@pytest.fixture(autouse=True)
def cluster(api, server, monkeypatch):
    api.servers = [server(), server("broken", validation={"state": "Failed"})]
    for command in (catalog, export):
        monkeypatch.setattr(command, "client_of", lambda *_given: api)
    return api


def test_the_list_is_printed(capsys):
    assert main(["export", "--domain", "example.com"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, LIST)
    assert [one["server"]["name"] for one in document["servers"]] == ["com.example.tools/weather"]


def test_the_files_are_those_that_are_served(tmp_path, capsys):
    assert main(["export", "--domain", "example.com", "--directory", str(tmp_path / "site"), *URL]) == 0
    assert "1 MCPServers, 13 files" in capsys.readouterr().out
    folder = tmp_path / "site" / "v0.1" / "servers" / "com.example.tools" / "weather"
    for name in ("index.json", "versions/latest/index.json", "versions/1.2.3/index.json"):
        jsonschema.validate(json.loads((folder / name).read_bytes()), RESPONSE)
    links = json.loads((tmp_path / "site" / ".well-known" / "mcp" / "catalog.json").read_bytes())
    jsonschema.validate(links, CATALOG)
    path = links["entries"][0]["url"].removeprefix("https://catalog.example.com/")
    assert (tmp_path / "site" / path).is_file()


def test_a_server_that_fails_later_leaves_the_folder(tmp_path, cluster, server):
    arguments = ["export", "--directory", str(tmp_path), *URL]
    assert main(arguments) == 0
    cluster.servers = [server("maps")]
    assert main(arguments) == 0
    names = {path.parent.name for path in tmp_path.glob("v0/servers/*/*/index.json")}
    assert names == {"maps"}
    assert [path.name for path in tmp_path.glob("server-cards/*/*")] == ["maps.json"]


def test_a_folder_with_other_files_is_not_touched(tmp_path, capsys):
    (tmp_path / "v0").mkdir()
    (tmp_path / "v0" / "mine").write_text("a", encoding="utf-8")
    assert main(["export", "--directory", str(tmp_path), *URL]) == 2
    assert "has other files than those of an export" in capsys.readouterr().err
    assert (tmp_path / "v0" / "mine").is_file()


@pytest.mark.parametrize("written", range(0, 13, 4))
def test_the_next_export_makes_up_for_one_that_was_interrupted(tmp_path, cluster, server, monkeypatch, written):
    arguments, left = ["export", "--directory", str(tmp_path), *URL], [written]
    replace = Path.replace

    def full(path, target):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        assert main(arguments) == 2
    cluster.servers = [server("maps")]
    assert main(arguments) == 0
    assert {path.parent.name for path in tmp_path.glob("v0/servers/*/*/index.json")} == {"maps"}
    assert not list(tmp_path.rglob("*.partial"))


def test_no_file_is_missing_while_an_export_writes(tmp_path, monkeypatch):
    arguments = ["export", "--directory", str(tmp_path), *URL]
    assert main(arguments) == 0
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    replace, complete = Path.replace, []

    def checked(path, target):
        complete.append(all(one.is_file() for one in before))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", checked)
    assert main(arguments) == 0
    assert complete == [True] * 13
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", [".well-known", ".well-known/mcp", "v0.1/servers", "server-cards"])
def test_nothing_is_written_through_a_symbolic_link(tmp_path, capsys, name):
    site, other = tmp_path / "site", tmp_path / "other"
    arguments = ["export", "--directory", str(site), *URL]
    assert main(arguments) == 0
    (site / name).rename(other)
    (site / name).symlink_to(other)
    before = sorted(other.rglob("*"))
    for path in before:
        if path.is_file():
            path.write_text("a", encoding="utf-8")
    assert main(arguments) == 2
    assert "is a symbolic link" in capsys.readouterr().err
    assert sorted(other.rglob("*")) == before
    assert {path.read_text("utf-8") for path in before if path.is_file()} == {"a"}


def test_a_link_in_place_of_a_file_is_replaced(tmp_path):
    site, other = tmp_path / "site", tmp_path / "other"
    arguments = ["export", "--directory", str(site), *URL]
    assert main(arguments) == 0
    other.write_text("a", encoding="utf-8")
    for name in ("catalog.json", ".catalog.json.partial"):
        place = site / ".well-known" / "mcp" / name
        place.unlink(missing_ok=True)
        place.symlink_to(other)
    assert main(arguments) == 0
    assert other.read_text("utf-8") == "a"


def test_a_namespace_that_is_named_twice_is_listed_once(cluster, capsys):
    assert main(["export", "-n", "tools,tools"]) == 0
    assert len(json.loads(capsys.readouterr().out)["servers"]) == 1


def test_a_namespace_that_does_not_exist_is_not_an_empty_list(cluster, capsys):
    cluster.missing = {"tols"}
    assert main(["export", "-n", "tools,tols"]) == 2
    assert capsys.readouterr() == (
        "",
        "mcp-operator: There is no namespace tols. Check the namespace and the context. [API_NOT_FOUND]\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-n", "other"], "no MCPServer in other was validated and was reached through its Gateway; --services"),
        (["--services"], "no MCPServer was validated.\n"),
    ],
)
def test_an_empty_list_is_explained(cluster, capsys, arguments, said):
    del cluster.servers[0]
    assert main(["export", *arguments]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["servers"] == []
    assert f"mcp-operator: The list is empty: {said}" in shown.err


def test_a_cluster_without_the_customresourcedefinition(cluster, capsys):
    cluster.error = ApiNotFound("the server could not find the requested resource", status=404)
    assert main(["export"]) == 2
    assert "The CustomResourceDefinition of MCPServers is not installed." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "--directory", "x"], "--directory needs --url"),
        (["export", "--domain", "Example"], "--domain is not a domain"),
        (["export", "--domain", "a" * 60 + ".example.com" + "o"], "at most 72 characters"),
        (["export", "--url", "file:///x"], "--url is not an HTTP or HTTPS URL"),
        (["export", "--url", "https://a:b@c"], "--url is not an HTTP or HTTPS URL"),
        (["catalog"], "--url is missing"),
        (["catalog", *URL, "--interval", "nan"], "--interval is not between"),
        (["catalog", *URL, "--bind-address", "0"], "--bind-address is 0"),
        (["catalog", *URL, "--bind-address", "x"], "--bind-address: not an address"),
    ],
)
def test_arguments_that_make_no_sense(capsys, arguments, message):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err

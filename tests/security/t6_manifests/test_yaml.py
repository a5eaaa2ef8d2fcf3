# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A manifest file runs no code, expands to no more than its limits, and shows no other file and no terminal code."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._errors import McpKubernetesError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._manifest_files import read

HEAD = "apiVersion: mcp.mcp-operator.io/v1\nkind: MCPServer\nmetadata: {name: wiki}\nspec:\n  image: i:1\n"
MIB = 1024 * 1024
# A reader without limits would need hours and gigabytes.
LONGEST = 30.0
BUDGET = 64 * MIB
TAGS = [
    "!!python/object/apply:os.system ['touch pwned']",
    "!!python/object/new:subprocess.Popen [['touch', 'pwned']]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!include /etc/passwd",
    "!unsafe '{{ 7 * 7 }}'",
    "!vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      00",
    "!<tag:example.com,2026:x> y",
    "!!binary gIGC",
    "!!set {a, b}",
    "!!timestamp 2026-01-01",
    "!!map [1]",
]
# Nine levels of nine aliases: 387 million values.
LAUGHS = "".join(f"  {chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
BOMBS = {
    "aliases": HEAD + "  a: &a [x]\n" + LAUGHS,
    "maps": HEAD + "  a: &a {x: y}\n" + LAUGHS.replace("[", "{k0: ").replace("]", "}").replace(", *", ", ? *"),
    "merge keys": HEAD + "  a: &a {x: y}\n  b:\n    <<: [*a, *a]\n",
    "an alias of itself": HEAD + "  a: &a [*a]\n",
    "depth": HEAD + "  a: " + "[" * 10_000 + "]" * 10_000 + "\n",
    "indentation": HEAD + "".join(f"{'  ' * n}k:\n" for n in range(1, 2000)),
    "a long key": HEAD + f"  ? {'k' * 2 * MIB}\n  : 1\n  k: {'v' * 2 * MIB}\n",
}
CODES = '"\\e[2J\\e]0;owned\\a\\u202Egnissim\\r\\nforged: line\\0"'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    # A command that ran would leave its file here.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifests").mkdir()
    return tmp_path / "manifests"


def read_text(folder, text):
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return read([str(folder)], [], "default")


def refusal(folder, text):
    with pytest.raises(McpKubernetesError) as caught:
        read_text(folder, text)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize("tag", TAGS, ids=lambda tag: tag.split(" ")[0])
@pytest.mark.parametrize("place", ["spec", "document"])
def test_a_tag_is_refused_and_runs_nothing(folder, tag, place):
    refusal(folder, f"{HEAD}  command: {tag}\n" if place == "spec" else f"--- {tag}\n")
    assert [path.name for path in folder.parent.iterdir()] == ["manifests"]


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_small_file_does_not_expand(folder, bomb):
    tracemalloc.start()
    begin = time.monotonic()
    try:
        refusal(folder, bomb)
        assert tracemalloc.get_traced_memory()[1] < BUDGET
    finally:
        tracemalloc.stop()
    assert time.monotonic() - begin < LONGEST


def test_a_template_stays_text(folder):
    [server], _others = read_text(folder, HEAD + '  args: [\'{{ lookup("pipe", "touch pwned") }}\']\n')
    assert server["spec"]["args"] == ['{{ lookup("pipe", "touch pwned") }}']
    assert type(server["spec"]["args"][0]) is str
    assert [path.name for path in folder.parent.iterdir()] == ["manifests"]


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("wiki", CODES),
        HEAD.replace("mcp.mcp-operator.io/v1", CODES),
        HEAD.replace("{name: wiki}", "{name: wiki, namespace: " + CODES + "}"),
        HEAD.replace("i:1", "''") + f"  {CODES}: {{1: x}}\n",
        HEAD + f"  x: {{{CODES}: .nan}}\n",
        HEAD + f"  {CODES}: 1\n  {CODES}: 2\n",
        HEAD + f"  x: *{CODES.strip(chr(34))}\n",
    ],
)
def test_the_reason_of_a_refusal_has_no_terminal_codes(folder, text):
    refusal(folder, text)


def test_the_names_of_other_kinds_have_no_terminal_codes(folder):
    _servers, others = read_text(folder, f"{HEAD}---\nkind: {CODES}\nmetadata: {{name: {CODES}}}\n")
    assert len(others) == 1
    assert all(other.isprintable() for other in others)


@pytest.mark.parametrize("kind", ["ClusterRoleBinding", "List", "Secret", "ValidatingAdmissionPolicyBinding"])
def test_an_object_of_another_kind_is_not_deployed(folder, kind):
    servers, others = read_text(folder, f"{HEAD}---\napiVersion: v1\nkind: {kind}\nitems: []\n")
    assert [server["kind"] for server in servers] == ["MCPServer"]
    assert len(others) == 1


@pytest.mark.parametrize("content", ["root:x:0:0:s3cret", "s3cret: [", "kind: s3cret-kind\ntoken: s3cret", "- s3cret"])
def test_the_content_of_a_file_that_a_link_leads_to_is_not_shown(folder, content):
    private = folder.parent / "private"
    private.write_text(content, encoding="utf-8")
    (folder / "b.yaml").symlink_to(private)
    try:
        _servers, others = read_text(folder, HEAD)
        shown = "".join(others).replace("s3cret-kind", "")
    except McpKubernetesError as exc:
        shown = str(exc)
    assert "s3cret" not in shown


@pytest.mark.parametrize("name", ["../escaped.yaml", "~root/.kube/config", "/dev/zero", "/proc/self/environ"])
def test_only_regular_files_that_you_name_are_read(folder, name):
    with pytest.raises(McpKubernetesError):
        read([str(folder / name) if name.startswith("..") else name], [], "default")

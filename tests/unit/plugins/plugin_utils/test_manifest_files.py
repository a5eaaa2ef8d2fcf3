# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError, ManifestFileError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _manifest_files

ONE = """
apiVersion: mcp.mcp-operator.io/v1
kind: MCPServer
metadata:
  name: {name}
spec:
  image: "server:{{{{ 1 + 1 }}}}"
"""


def read(paths, namespace, given=(), **options):
    return _manifest_files.read(paths, given, namespace, **options)


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path)

    return make


def test_a_folder_is_read_in_the_order_of_its_names(folder):
    servers, others = read([folder(b_yaml=ONE.format(name="b"), a_yml=ONE.format(name="a"), c_txt="nothing")], "ns")
    assert [server["metadata"] for server in servers] == [
        {"name": "a", "namespace": "ns"},
        {"name": "b", "namespace": "ns"},
    ]
    assert others == []


def test_a_text_that_looks_like_a_template_stays_as_it_is(folder):
    servers, _ = read([folder(a_yaml=ONE.format(name="a"))], "ns")
    assert servers[0]["spec"]["image"] == "server:{{ 1 + 1 }}"


def test_other_kinds_are_listed_and_left_alone(folder):
    text = f"kind: Namespace\n---\n{ONE.format(name='a')}---\n"
    servers, others = read([folder(a_yaml=text)], "ns")
    assert len(servers) == 1
    assert len(others) == 1
    assert "document 1: 'Namespace'" in others[0]


def test_json_is_read_too(folder):
    servers, _ = read(
        [
            folder(
                a_json='{"apiVersion":"mcp.mcp-operator.io/v1","kind":"MCPServer","metadata":{"name":"a"},"spec":{"image":"x"}}'
            )
        ],
        "ns",
    )
    assert servers[0]["spec"] == {"image": "x"}


def test_a_date_stays_a_text_as_it_does_for_kubectl(folder):
    text = ONE.format(name="a") + "  args: [2026-11-22]\n"
    servers, _ = read([folder(a_yaml=text)], "ns")
    assert servers[0]["spec"]["args"] == ["2026-11-22"]


def test_two_of_one_name_are_refused_with_both_places(folder):
    with pytest.raises(ManifestError) as error:
        read([folder(a_yaml=ONE.format(name="a"), b_yaml=ONE.format(name="a"))], "ns")
    assert "a.yaml" in error.value.seen
    assert "b.yaml" in error.value.seen


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [1", "line"),
        ("a: 1\na: 2\n", "duplicate key"),
        ("a: &x {b: 1}\nc: {<<: *x}\n", "merge"),
        ("a: !!python/object/apply:os.system ['true']\n", "YAML"),
        ("[" * 100_000, "YAML"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("{[1]: 2}", "key"),
        ("a: !!timestamp x", "constructor"),
        ("a: !!binary eA==", "constructor"),
        ("a: !!bool x", "YAML"),
        ("a: !!int ''", "YAML"),
        ("a: 1" + ":1" * 60 + ".5", "number"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(folder, text, says):
    with pytest.raises(ManifestFileError) as error:
        read([folder(a_yaml=text)], "ns")
    assert "a.yaml" in error.value.seen
    assert says in str(error.value)


def test_a_malformed_manifest_is_refused_with_its_place(folder):
    with pytest.raises(ManifestError) as error:
        read([folder(a_yaml=ONE.format(name="Not_A_Name"))], "ns")
    assert "a.yaml" in error.value.seen


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [
        ("MAX_BYTES", 150, "larger than 150 bytes"),
        ("MAX_DOCUMENTS", 1, "more than 1 documents"),
        ("MAX_NODES", 20, "more than 20 values"),
    ],
)
def test_the_limits_are_those_of_all_files_together(folder, monkeypatch, limit, value, says):
    monkeypatch.setattr(_manifest_files, limit, value)
    read([folder(a_yaml=ONE.format(name="a"))], "ns")
    with pytest.raises(ManifestFileError, match=rf"b\.yaml.*{says}"):
        read([folder(b_yaml=ONE.format(name="b"))], "ns")


def test_another_namespace_is_refused_like_by_kubectl(folder):
    named = ONE.replace("name: {name}", "name: {name}\n  namespace: {namespace}")
    path = folder(
        a_yaml=ONE.format(name="a"),
        b_yaml=named.format(name="b", namespace="ns"),
        c_yaml=named.format(name="c", namespace="kube-system"),
    )
    assert len(read([path], "ns")[0]) == 3
    with pytest.raises(ManifestError, match=r"c\.yaml: .*namespace kube-system, .* only ns.*mcp_any_namespace"):
        read([path], "ns", only=True)


def test_a_missing_path_and_an_empty_folder_are_errors(tmp_path):
    with pytest.raises(ManifestFileError, match="no file or folder"):
        read([str(tmp_path / "missing")], "ns")
    with pytest.raises(ManifestError, match="no MCPServer"):
        read([str(tmp_path)], "ns")


def test_manifests_of_a_variable_are_checked_like_files(folder):
    given = [
        {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": "b"}, "spec": {"image": "x"}}
    ]
    servers, _ = read([folder(a_yaml=ONE.format(name="a"))], "ns", given)
    assert [server["metadata"]["name"] for server in servers] == ["a", "b"]
    with pytest.raises(ManifestError, match=r"servers\[1\]"):
        read([], "ns", [*given, {"kind": "MCPServer"}])

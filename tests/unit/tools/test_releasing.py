# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The files of a release depend on their content and on the time of the commit only."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import types
import zipfile
from pathlib import Path

import pytest
import yaml

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

import addresses
from releasing import archives, build, kubectl_plugin, packages, provenance
from releasing.source import Source

import release
from support.yaml_files import parse_yaml

EPOCH = 1_700_000_001


@pytest.fixture
def source(root: Path) -> Source:
    version = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    return Source(root, "c" * 40, EPOCH, version, addresses.settings(root))


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "mcp_operator-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mcp_operator/__init__.py", "")
        archive.writestr("mcp_operator/cli/__init__.py", "")
        archive.writestr("mcp_operator/_vendor/part/__init__.py", "")
        # As in the wheel, _vendor itself is no regular package.
        main = "import sys\nfrom .._vendor import part\ndef main():\n    print(sys.argv[1:])\n    return 3\n"
        archive.writestr("mcp_operator/cli/main.py", main)
    return path


def tree(folder: Path, moment: int, mode: int) -> None:
    for name in ("b", "a"):
        path = folder / "dir" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        path.chmod(mode)
        os.utime(path, (moment, moment))


def packed(folder: Path, names: list[str]) -> Path:
    path = folder / "x.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.add(folder / "dir" / name, f"dir/{name}")
    return path


def test_an_archive_is_the_same_whenever_and_by_whom_it_was_made(tmp_path: Path) -> None:
    made = []
    for number, (moment, mode, names) in enumerate([(1, 0o600, ["a", "b"]), (2, 0o664, ["b", "a"])]):
        folder = tmp_path / str(number)
        tree(folder, moment, mode)
        path = packed(folder, names)
        archives.normalise(path, EPOCH, first=("dir/b",))
        made.append(path)
    assert archives.sha256(made[0]) == archives.sha256(made[1])
    with tarfile.open(made[0]) as archive:
        members = archive.getmembers()
        assert [(member.name, member.mode, member.mtime, member.uname) for member in members] == [
            ("dir/b", 0o644, EPOCH, ""),
            ("dir/a", 0o644, EPOCH, ""),
        ]
        content = archive.extractfile("dir/a")
        assert content is not None
        assert content.read() == b"a"


def test_another_content_or_time_is_another_archive(tmp_path: Path) -> None:
    tree(tmp_path, 1, 0o644)
    digests = set()
    for epoch, text in [(EPOCH, "a"), (EPOCH + 1, "a"), (EPOCH, "c")]:
        (tmp_path / "dir" / "a").write_text(text, encoding="utf-8")
        path = packed(tmp_path, ["a", "b"])
        archives.normalise(path, epoch)
        digests.add(archives.sha256(path))
    assert len(digests) == 3


def test_a_layout_begins_with_what_a_reader_needs_first(tmp_path: Path) -> None:
    folder, path = tmp_path / "layout", tmp_path / "x.tar"
    for name in ("blobs/sha256/1", "index.json", "oci-layout"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    archives.pack_layout(path, folder, EPOCH)
    with tarfile.open(path) as archive:
        assert archive.getnames() == ["index.json", "oci-layout", "blobs/sha256/1"]


def test_the_kubectl_plugin_is_one_program_that_krew_can_install(source: Source, wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    folder.mkdir()
    archive, manifest = kubectl_plugin.plugin(source, folder, wheel)
    before = archives.sha256(archive)
    platform = yaml.safe_load(manifest.read_text(encoding="utf-8"))["spec"]["platforms"][0]
    assert platform["sha256"] == before
    assert platform["uri"] == f"{source.published.repository}/releases/download/v{source.version}/{archive.name}"
    with tarfile.open(archive) as found:
        assert found.getnames() == [
            "LICENSE-Apache-2.0.txt",
            "LICENSE-Unicode-3.0.txt",
            "kubectl-mcp",
            "kubectl_complete-mcp",
        ]
        found.extractall(tmp_path, filter="data")
    program = tmp_path / platform["bin"]
    done = subprocess.run([sys.executable, str(program), "a"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("['a']\n", 3), done.stderr
    assert os.access(program, os.X_OK)
    # kubectl runs this one to complete a command line.
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    completion = [tmp_path / "kubectl_complete-mcp", "sta"]
    done = subprocess.run(completion, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "['__complete', 'sta']\n", done.stderr
    os.utime(wheel)
    assert archives.sha256(kubectl_plugin.plugin(source, folder, wheel)[0]) == before


def test_install_yaml_has_the_digests_that_are_known(source: Source, tmp_path: Path) -> None:
    digest = f"sha256:{'a' * 64}"
    text = packages.install_yaml(source, tmp_path, {"mcp-operator": digest, "mcp-stdio-bridge": digest}).read_text()
    (deployment,) = [item for item in parse_yaml(text)["items"] if item["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    env = {entry["name"]: entry.get("value") for entry in container["env"]}
    registry, version = source.published.registry, source.version
    assert container["image"] == f"{registry}/mcp-operator:{version}@{digest}"
    assert env["MCP_OPERATOR_VALIDATION_IMAGE"] == container["image"]
    assert env["MCP_OPERATOR_BRIDGE_INJECT_IMAGE"] == f"{registry}/mcp-stdio-bridge:{version}@{digest}"
    assert env["MCP_OPERATOR_BRIDGE_PACKAGE_IMAGE"] == ""
    original = (source.root / "roles" / "operator" / "files" / "install.yaml").read_text(encoding="utf-8")
    assert packages.install_yaml(source, tmp_path, {}).read_text(encoding="utf-8") == original


def test_the_provenance_names_files_commit_and_locks(source: Source, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    found = json.loads(provenance.provenance(source, tmp_path, [path]).read_text(encoding="utf-8"))
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://slsa.dev/provenance/v1"
    assert found["subject"] == [{"name": "file", "digest": {"sha256": hashlib.sha256(b"x").hexdigest()}}]
    commit, *locks = found["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert commit["digest"] == {"gitCommit": "c" * 40}
    assert [lock["uri"].partition("#")[2] for lock in locks] == list(provenance.LOCKS)
    assert found["predicate"]["runDetails"]["builder"]["id"].startswith("https://")


def test_files_that_differ_between_runs_are_named(tmp_path: Path) -> None:
    for run, files in {"1": {"same": "s", "other": "a", "gone": ""}, "2": {"same": "s", "other": "b"}}.items():
        (tmp_path / run).mkdir()
        for name, text in files.items():
            (tmp_path / run / name).write_text(text, encoding="utf-8")
    first, second = (sorted((tmp_path / run).iterdir()) for run in ("1", "2"))
    assert release.different(first, second) == ["gone", "other"]
    assert release.different(first, first) == []
    assert f"sha256:{hashlib.sha256(b's').hexdigest()}" in release.table(first)


def begun(target: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the reason for which a build ended; it ends as soon as it has begun."""

    def begin(*_arguments: object) -> None:
        raise SystemExit("begun")

    monkeypatch.setattr(build.source, "prepare", begin)
    with pytest.raises(SystemExit) as ended:
        build.build("1.2.3", target)
    return str(ended.value)


@pytest.mark.parametrize("name", [".", "file"])
def test_a_folder_that_is_no_release_is_not_replaced(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("precious", encoding="utf-8")
    reason = begun(tmp_path / name, monkeypatch)
    assert "has files and no SHA256SUMS" in reason
    assert "--output" in reason
    assert (tmp_path / "file").read_text(encoding="utf-8") == "precious"


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / build.SUMS).write_text("", encoding="utf-8")
    (tmp_path / "dist").symlink_to(target)
    monkeypatch.setattr(build.source, "prepare", lambda *_: types.SimpleNamespace(published=addresses.PLACEHOLDERS))

    def make(_source: object, folder: Path, *, with_images: bool) -> list[Path]:
        assert with_images
        (folder / "made").touch()
        return [folder / "made"]

    monkeypatch.setattr(build, "_make", make)
    monkeypatch.setattr(build.provenance, "provenance", lambda _source, _folder, made: made[0])
    found = build.build("1.2.3", tmp_path / "dist")
    assert [path.name for path in found] == [build.SUMS, "made"]
    assert (tmp_path / "dist").is_symlink()
    assert (target / "made").is_file()


def test_a_new_an_empty_and_an_earlier_folder_are_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert begun(tmp_path / "new", monkeypatch) == "begun"
    assert begun(tmp_path, monkeypatch) == "begun"
    (tmp_path / build.SUMS).write_text("", encoding="utf-8")
    assert begun(tmp_path, monkeypatch) == "begun"

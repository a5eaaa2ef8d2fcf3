# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Image archives: what they hold, and when loading one can be skipped."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest
from mcp_cluster.errors import ClusterError
from mcp_cluster.images import archive, single
from mcp_cluster.images.archive import Image, images, normalize
from mcp_cluster.images.store import ImageStore

pytestmark = pytest.mark.test_all

CONFIG = b'{"architecture": "amd64"}'
CONFIG_DIGEST = "sha256:" + hashlib.sha256(CONFIG).hexdigest()


def write_tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def docker_archive(path: Path, *tags: str) -> Path:
    manifest = [{"Config": "config.json", "RepoTags": list(tags), "Layers": []}]
    return write_tar(path, {"manifest.json": json.dumps(manifest).encode(), "config.json": CONFIG})


def test_a_docker_archive_is_known_by_its_configuration(tmp_path: Path) -> None:
    made = docker_archive(tmp_path / "image.tar", "localhost/server:1", "server")
    assert images(made) == [
        Image("localhost/server:1", config=CONFIG_DIGEST),
        Image("docker.io/library/server:latest", config=CONFIG_DIGEST),
    ]


def test_the_pause_image_is_an_archive_like_any_other(tmp_path: Path) -> None:
    program = tmp_path / "pause"
    program.write_bytes(b"\x7fELF")
    for name in ("one.tar", "two.tar"):
        single.write_archive(program, tmp_path / name)
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
    [image] = images(tmp_path / "one.tar")
    assert image.reference == single.PAUSE

    with tarfile.open(tmp_path / "one.tar") as tar:
        blobs = {
            "sha256:" + name.rpartition("/")[2]: tar.extractfile(name).read()
            for name in tar.getnames()
            if "sha256/" in name
        }
        assert all(digest == "sha256:" + hashlib.sha256(blob).hexdigest() for digest, blob in blobs.items())
        manifest = json.loads(blobs[image.manifest])
        config = json.loads(blobs[manifest["config"]["digest"]])
        [layer] = manifest["layers"]
        assert config["rootfs"]["diff_ids"] == [layer["digest"]]
        with tarfile.open(fileobj=io.BytesIO(blobs[layer["digest"]])) as content:
            assert content.getmember("pause").mode == 0o755
            assert content.extractfile("pause").read() == b"\x7fELF"


@pytest.mark.parametrize(
    ("tag", "full"),
    [
        ("redis", "docker.io/library/redis:latest"),
        ("redis:7", "docker.io/library/redis:7"),
        ("user/app:1", "docker.io/user/app:1"),
        ("localhost/app", "localhost/app:latest"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("ghcr.io/o/app:1", "ghcr.io/o/app:1"),
    ],
)
def test_short_names_become_the_names_that_containerd_uses(tag: str, full: str) -> None:
    assert normalize(tag) == full


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"hello": b""}, "neither index.json nor manifest.json"),
        ({"manifest.json": b"{"}, "cannot be read"),
        ({"manifest.json": b"[1]"}, "cannot be read"),
        ({"manifest.json": b'{"Config": 1}'}, "cannot be read"),
        ({"manifest.json": b'[{"Config": "absent"}]'}, "cannot be read"),
        ({"manifest.json": b"[]"}, "does not say how its image is called"),
        ({"manifest.json": b'[{"Config": "c", "RepoTags": null}]', "c": b""}, "does not say how its image is called"),
        (
            {"oci-layout": b"{}", "index.json": b'{"manifests": [{"digest": "sha256:0"}]}'},
            "does not say how its image is called",
        ),
        ({"oci-layout": b"{}", "index.json": b"[]"}, "cannot be read"),
    ],
)
def test_what_is_no_image_archive_is_refused_with_a_reason(
    tmp_path: Path, files: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(ClusterError, match=reason):
        images(write_tar(tmp_path / "bad.tar", files))


def test_a_file_that_is_no_tar_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    for name in ("text", "absent"):
        with pytest.raises(ClusterError, match="cannot be read"):
            images(tmp_path / name)


def test_a_huge_manifest_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_DOCUMENT", 100)
    with pytest.raises(ClusterError, match="larger than 100 bytes"):
        images(write_tar(tmp_path / "huge.tar", {"manifest.json": b"[" + b" " * 200 + b"]"}))


class Node:
    """A containerd's client that keeps its images in files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = folder / "ctr"
        (folder / "list").touch()
        self.client.write_text(
            f"""#!/bin/sh
cd {folder}
case "$1 $2" in
"images list") echo "REF TYPE DIGEST SIZE PLATFORMS LABELS"; cat list ;;
"content get") cat "$3" ;;
"images import")
    cat >imported
    echo once >>imports
    [ ! -e broken ] || {{ echo "no space left"; exit 1; }}
    cat next >>list
    ;;
esac
""",
            encoding="utf-8",
        )
        self.client.chmod(0o755)
        self.store = ImageStore([str(self.client)])

    def will_have(self, reference: str, config: str) -> None:
        manifest = json.dumps({"config": {"digest": config}})
        digest = "sha256:" + hashlib.sha256(manifest.encode()).hexdigest()
        (self.folder / digest).write_text(manifest)
        (self.folder / "next").write_text(f"{reference} application/json {digest} 1 linux/amd64 -\n")

    @property
    def imports(self) -> int:
        return len((self.folder / "imports").read_text().splitlines()) if (self.folder / "imports").exists() else 0


@pytest.fixture
def node(tmp_path: Path) -> Node:
    folder = tmp_path / "node"
    folder.mkdir()
    return Node(folder)


def test_an_image_is_loaded_once(node: Node, tmp_path: Path) -> None:
    made = docker_archive(tmp_path / "image.tar", "localhost/server:1")
    node.will_have("localhost/server:1", CONFIG_DIGEST)
    node.store.load(made)
    node.store.load(made)
    assert node.imports == 1
    assert (node.folder / "imported").read_bytes() == made.read_bytes()


def test_another_image_of_the_same_name_is_loaded(node: Node, tmp_path: Path) -> None:
    made = docker_archive(tmp_path / "image.tar", "localhost/server:1")
    node.will_have("localhost/server:1", "sha256:old")
    (node.folder / "next").rename(node.folder / "list")
    node.will_have("localhost/server:1", CONFIG_DIGEST)
    node.store.load(made)
    assert node.imports == 1


def test_what_containerd_says_is_passed_on(node: Node, tmp_path: Path) -> None:
    made = docker_archive(tmp_path / "image.tar", "localhost/server:1")
    (node.folder / "broken").touch()
    with pytest.raises(ClusterError, match="no space left"):
        node.store.load(made)


def test_an_import_that_brings_another_name_is_an_error(node: Node, tmp_path: Path) -> None:
    made = docker_archive(tmp_path / "image.tar", "localhost/server:1")
    node.will_have("localhost/other:1", CONFIG_DIGEST)
    with pytest.raises(ClusterError, match="no image called localhost/server:1"):
        node.store.load(made)

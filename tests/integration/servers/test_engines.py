# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from imagebuilder import content, engines
from imagebuilder.buildah import Buildah, ExportOptions
from imagebuilder.catalogue import select
from imagebuilder.docker import Docker
from imagebuilder.errors import BuildError

pytestmark = pytest.mark.test_all

AddProgram = Callable[..., Path]
ARCHIVE = Path("/cache/archive.partial")


class Recorder:
    """Takes commands instead of running them."""

    def __init__(self, answers: dict[str, str] | None = None) -> None:
        self.commands: list[list[str]] = []
        self.environments: list[dict[str, str]] = []
        self.answers = answers or {}

    def run(self, command: list[str], *, environment: dict[str, str] | None = None, **_: Any) -> str:
        self.commands.append(command)
        self.environments.append(environment or {})
        return next((answer for part, answer in self.answers.items() if part in " ".join(command)), "")

    def buildah(self) -> list[list[str]]:
        """Return the commands of buildah without the options that all have."""
        own = [command for command in self.commands if "buildah" in command]
        return [command[command.index("--runroot") + 2 :] for command in own]


@pytest.fixture
def buildah(tmp_path: Path) -> Callable[..., tuple[Buildah, Recorder]]:
    def make(answers: dict[str, str] | None = None) -> tuple[Buildah, Recorder]:
        recorder = Recorder(answers)
        engine = Buildah(recorder, tmp_path / "storage", tmp_path, {"ca.crt": Path("/ca")})  # type: ignore[arg-type]
        return engine, recorder

    return make


def test_buildah_keeps_to_its_own_storage_and_mounts(buildah: Any, tmp_path: Path):
    engine, recorder = buildah({"images --quiet": "present"})
    engine.build(select(["fastmcp"])[0], ARCHIVE)
    for command in recorder.commands:
        assert command[:5] == ["unshare", "--mount", "--propagation", "private", "buildah"]
        assert command[5:9] == ["--root", str(tmp_path / "storage"), "--runroot", str(tmp_path / "run")]


def test_buildah_builds_a_stage_on_the_local_base_and_writes_a_named_archive(buildah: Any):
    engine, recorder = buildah({"images --quiet": "present"})
    (image,) = select(["python-sdk-sse"])
    engine.build(image, ARCHIVE)
    base = f"localhost/mcp-servers-base/python:{content.base_digest('python')[:16]}"
    look, build, push = recorder.buildah()
    assert look == ["images", "--quiet", "--filter", f"reference={base}"]
    assert build[0] == "bud"
    assert {"--pull-never", "--secret=id=ca.crt,src=/ca"} < set(build)
    options = " ".join(build)
    assert "--isolation chroot --network host" in options
    assert f"--target sse --build-arg BASE={base}" in options
    assert options.endswith(f"--tag {image.reference} {image.folder}")
    assert push == ["push", "--quiet", image.reference, f"docker-archive:{ARCHIVE}:{image.reference}"]


def test_a_missing_node_base_is_built_on_the_debian_base(buildah: Any, monkeypatch: pytest.MonkeyPatch):
    made = []
    monkeypatch.setattr(Buildah, "_make_debian", lambda _, reference, _suite: made.append(reference))
    engine, recorder = buildah()
    engine.build(select(["everything-http"])[0], ARCHIVE)
    (debian,) = made
    node, image = (command for command in recorder.buildah() if command[0] == "bud")
    assert f"BASE={debian}" in node
    assert node[-1] == str(content.NODE_CONTEXT)
    assert f"BASE={node[node.index('--tag') + 1]}" in image


def test_the_debian_base_is_one_layer_with_a_path(buildah: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("imagebuilder.bootstrap.make", lambda _, destination, _suite: destination.touch())
    engine, recorder = buildah({"from scratch": "working-container\n"})
    engine.build(select(["fastmcp"])[0], ARCHIVE)
    commands = recorder.buildah()
    assert [command[0] for command in commands] == ["images", "from", "add", "config", "commit", "bud", "push"]
    assert commands[2] == ["add", "--quiet", "working-container", str(tmp_path / "debian.tar"), "/"]
    assert commands[3][1:3] == ["--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    assert not (tmp_path / "debian.tar").exists()


def test_go_programs_are_static_and_replace_the_stage_that_needs_a_registry(
    buildah: Any, program: AddProgram, tmp_path: Path
):
    program("go")
    engine, recorder = buildah()
    (image,) = select(["go-sdk"])
    engine.build(image, ARCHIVE)
    assert recorder.commands[0][:3] == ["go", "build", "-trimpath"]
    assert recorder.environments[0] == {"CGO_ENABLED": "0"}
    build = recorder.buildah()[0]
    assert f"programs={tmp_path / 'programs-go'}" == build[build.index("--build-context") + 1]
    assert "FROM ${GO} AS programs\n" in (image.folder / "Containerfile").read_text()


def test_an_exported_image_is_built_anew_with_one_time_for_all_files(buildah: Any, tmp_path: Path):
    engine, recorder = buildah({"images --quiet": "present"})
    options = ExportOptions(1_700_000_000, "registry.test/us/{name}:1", ("a=b",))
    engine.export(select(["mcp-operator"])[0], tmp_path / "layout", options)
    build, push = recorder.buildah()[-2:]
    reference = "registry.test/us/mcp-operator:1"
    assert build[build.index("--timestamp") + 1] == "1700000000"
    assert {"--no-cache", "--label=a=b"} < set(build)
    assert "--layers" not in build
    assert build[build.index("--tag") + 1] == reference
    assert push == ["push", "--quiet", reference, f"oci:{tmp_path / 'layout'}:{reference}"]


def test_an_image_for_another_architecture_has_programs_for_it(buildah: Any, program: AddProgram, tmp_path: Path):
    program("go")
    engine, recorder = buildah({"images --quiet": "present"})
    (image,) = select(["mcp-stdio-bridge"])
    engine.export(image, tmp_path / "layout", ExportOptions(1_700_000_000, "{name}:1", (), "arm64"))
    environment = next(
        made for made, command in zip(recorder.environments, recorder.commands, strict=True) if command[0] == "go"
    )
    assert environment == {"CGO_ENABLED": "0", "GOARCH": "arm64"}
    build = next(command for command in recorder.buildah() if command[0] == "bud")
    assert build[build.index("--platform") + 1] == "linux/arm64"
    assert build[build.index("--build-context") + 1] == f"programs={tmp_path / 'programs-sidecar-arm64'}"


def test_without_go_the_go_images_are_refused(buildah: Any, program: AddProgram):
    engine, _ = buildah()
    with pytest.raises(BuildError, match="go-sdk needs Go on the PATH"):
        engine.build(select(["go-sdk"])[0], ARCHIVE)


def test_only_the_bases_stay_in_the_storage(buildah: Any):
    listed = "localhost/mcp-servers-base/python:1\nlocalhost/mcp-servers/fastmcp:3\n<none>:<none>\n"
    engine, recorder = buildah({"images --format": listed})
    engine.finish()
    assert recorder.buildah()[1:] == [
        ["rmi", "--force", "localhost/mcp-servers/fastmcp:3"],
        ["rmi", "--prune", "--force"],
    ]


def test_docker_builds_on_the_public_bases():
    recorder = Recorder()
    (image,) = select(["python-sdk-sse"])
    Docker(recorder, {"ca.crt": Path("/ca")}).build(image, ARCHIVE)  # type: ignore[arg-type]
    build, save = recorder.commands
    where = ["--file", str(image.folder / "Containerfile"), "--tag", image.reference, str(image.folder)]
    assert build == ["docker", "build", "--secret=id=ca.crt,src=/ca", "--target", "sse", *where]
    assert recorder.environments[0] == {"DOCKER_BUILDKIT": "1"}
    assert save == ["docker", "save", "--output", str(ARCHIVE), image.reference]


ALL = ("buildah", "mmdebstrap", "unshare")


@pytest.mark.parametrize(
    ("uid", "programs", "expected"),
    [
        (0, ALL, "buildah"),
        (0, (*ALL, "docker"), "buildah"),
        (0, ("docker", "apt-get"), "docker"),
        (0, ("apt-get",), "buildah"),
        (1000, (*ALL, "docker"), "docker"),
    ],
)
def test_what_is_there_is_used_before_anything_is_installed(
    program: AddProgram, monkeypatch: pytest.MonkeyPatch, uid: int, programs: tuple[str, ...], expected: str
):
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    for name in programs:
        program(name)
    assert engines.choose("auto") == expected


@pytest.mark.parametrize(("uid", "programs"), [(1000, (*ALL, "apt-get")), (0, ())])
def test_where_nothing_can_build_it_says_what_to_do(
    program: AddProgram, monkeypatch: pytest.MonkeyPatch, uid: int, programs: tuple[str, ...]
):
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    for name in programs:
        program(name)
    program("docker", "exit 1")  # a client without an engine
    with pytest.raises(BuildError, match="Start Docker, or run this as root"):
        engines.choose("auto")


def test_the_users_choice_is_not_argued_with(program: AddProgram):
    assert engines.choose("docker") == "docker"


def test_buildah_is_not_tried_without_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(BuildError, match="needs root here"):
        engines.make("buildah", Recorder(), tmp_path, {})  # type: ignore[arg-type]


def test_only_missing_packages_are_installed_after_an_update(program: AddProgram, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("buildah", "unshare", "apt-get"):
        program(name)
    recorder = Recorder()
    engines.install_packages(recorder)  # type: ignore[arg-type]
    update, install = recorder.commands
    assert update[-1] == "update"
    assert install[-2:] == ["debian-archive-keyring", "mmdebstrap"]
    program("mmdebstrap")
    engines.install_packages(recorder)  # type: ignore[arg-type]
    assert len(recorder.commands) == 2


def test_a_stage_that_seldom_changes_is_kept_for_the_next_build(buildah: Any):
    engine, recorder = buildah({"images --quiet": "present"})
    (image,) = select(["mcp-operator"])
    engine.build(image, ARCHIVE)
    kept, whole = (command for command in recorder.buildah() if command[0] == "bud")
    assert "--target packages" in " ".join(kept)
    assert kept[kept.index("--tag") + 1].startswith("localhost/mcp-servers-base/")
    assert whole[whole.index("--file") + 1] == str(image.folder / "operator" / "Containerfile")
    assert "--target" not in whole

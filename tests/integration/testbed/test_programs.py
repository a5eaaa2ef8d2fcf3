# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Programs: which distribution has them, how they are built, and that only whole ones are found."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from mcp_cluster import programs
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine import go_build, packages
from mcp_cluster.machine.go_build import (
    ANSIBLE_OPERATOR,
    COREDNS,
    ETCD,
    HELM,
    KUBERNETES,
    KUBERNETES_VERSIONS,
    KWOK,
    OTHERS,
    PAUSE,
    Module,
    Program,
)

from .conftest import FakePrograms

pytestmark = pytest.mark.test_all

MODULES = [
    *KUBERNETES_VERSIONS.values(),
    ETCD,
    COREDNS,
    KWOK,
    HELM,
    ANSIBLE_OPERATOR,
    OTHERS["crane"],
    OTHERS["cosign"],
]

GO = """
case "$1" in
version) echo "go version go1.26.8 linux/amd64" ;;
build) while [ "$1" != -o ]; do shift; done; echo compiled >"$2" ;;
esac
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n', ("debian", "12", True)),
        ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', ("ubuntu", "24.04", True)),
        ("# comment=1\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID='22'\n", ("linuxmint", "22", True)),
        ("ID=fedora\nVERSION_ID=43\n", ("fedora", "43", False)),
        ("ID=debian\n", ("debian", "rolling", True)),
        ("", ("linux", "rolling", False)),
    ],
)
def test_a_distribution_is_known_by_its_own_words(text: str, expected: tuple[str, str, bool]) -> None:
    assert packages.distribution(text) == expected


@pytest.mark.parametrize(
    ("system", "user", "reason"), [("Darwin", 0, "this is Darwin"), ("Linux", 1000, "it needs root")]
)
def test_where_there_can_be_no_testbed_the_reason_is_said(
    monkeypatch: pytest.MonkeyPatch, system: str, user: int, reason: str
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(packages, "distribution", lambda _: ("debian", "12", True))
    assert reason in packages.unsupported()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.folder)
def test_versions_are_pinned_to_the_byte(module: Module) -> None:
    assert re.fullmatch(r"v\d+\.\d+\.\d+", module.version)
    sums = (module.path / "go.sum").read_text(encoding="utf-8")
    assert f"{module.requires} {module.version} h1:" in sums
    tools = (module.path / "go.mod").read_text(encoding="utf-8")
    for program in module.programs:
        assert re.search(rf"^(tool )?\s*{re.escape(program.package)}$", tools, re.MULTILINE), program.package


def test_all_parts_of_kubernetes_have_one_version() -> None:
    replaced = re.findall(r"^\t(k8s\.io/\S+) => (\S+) (\S+)$", (KUBERNETES.path / "go.mod").read_text(), re.MULTILINE)
    assert len(replaced) == 33
    assert all(module == target for module, target, _ in replaced)
    assert {version for _, _, version in replaced} == {KUBERNETES.version.replace("v1.", "v0.")}


# Small modules whose last patch version could not be downloaded.
EARLIER_PARTS = {"endpointslice", "kube-controller-manager", "kube-proxy", "kube-scheduler"}


@pytest.mark.parametrize("minor", sorted(set(KUBERNETES_VERSIONS) - {programs.DEFAULT}))
def test_all_parts_of_an_older_kubernetes_have_its_minor_version(minor: str) -> None:
    module = KUBERNETES_VERSIONS[minor]
    assert module.version.startswith(f"v{minor}.")
    text = (module.path / "go.mod").read_text()
    replaced = dict(re.findall(r"^\tk8s\.io/(\S+) => k8s\.io/\S+ (\S+)$", text, re.MULTILINE))
    assert set(re.findall(r"^\tk8s\.io/(\S+) v0\.0\.0 // indirect$", text, re.MULTILINE)) <= set(replaced)
    earlier = {name: version for name, version in replaced.items() if version != module.version.replace("v1.", "v0.")}
    assert set(earlier) <= EARLIER_PARTS
    assert all(version.startswith(f"v0.{minor.partition('.')[2]}.") for version in earlier.values())


@pytest.mark.parametrize("module", KUBERNETES_VERSIONS.values(), ids=KUBERNETES_VERSIONS)
def test_the_programs_say_their_version(module: Module) -> None:
    words = module.link_flags.split()
    for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version"):
        assert f"{package}.gitVersion={module.version}" in words
        assert f"{package}.gitMajor=1" in words
        assert f"{package}.gitMinor={module.version.split('.')[1]}" in words


def test_each_version_has_programs_of_its_own() -> None:
    folders = {programs.of(version).kubernetes for version in KUBERNETES_VERSIONS}
    assert len(folders) == len(KUBERNETES_VERSIONS)
    assert programs.of("") == programs.of(programs.DEFAULT)


def test_a_version_that_is_not_built_here_is_named() -> None:
    with pytest.raises(ClusterError, match=r"Kubernetes 1\.30 is not among") as caught:
        programs.ensure("1.30")
    assert "1.31, 1.34, 1.36" in caught.value.advice


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    monkeypatch.setattr(go_build, "SOURCES", tmp_path)
    (tmp_path / "programs" / "sample").mkdir(parents=True)
    (tmp_path / "programs" / "sample" / "go.mod").write_text("module sample\n\nrequire example.com/sample v1.2.3\n")
    return Module("sample", "example.com/sample", (Program("one", "./one", 1), Program("two", "./two", 1)))


def test_a_program_is_built_once(module: Module, fake_programs: FakePrograms) -> None:
    fake_programs.add("go", GO)
    folder = go_build.ensure(module, "one")
    assert [path.name for path in folder.iterdir()] == ["one"]
    go_build.ensure(module)
    go_build.ensure(module)
    builds = [call for call in fake_programs.called() if call.startswith("go build")]
    assert [build.split()[-1] for build in builds] == ["./one", "./two"]
    assert all("-mod=readonly" in build for build in builds)
    assert not list(folder.parent.glob(".build-*"))


def test_other_sources_are_another_build(module: Module, fake_programs: FakePrograms) -> None:
    fake_programs.add("go", GO)
    before = go_build.ensure(module)
    (module.path / "go.mod").write_text("module sample\n\nrequire example.com/sample v1.2.4\n")
    after = go_build.ensure(module)
    assert before != after
    assert after.name.startswith("sample-v1.2.4-")


def test_a_failed_build_leaves_nothing_and_says_why(module: Module, fake_programs: FakePrograms) -> None:
    fake_programs.add(
        "go", GO.replace("echo compiled", 'echo half >"$2"; echo "main.go:1: syntax error"; exit 1; echo')
    )
    with pytest.raises(ClusterError, match=r"Building one failed(?s:.*)main\.go:1: syntax error"):
        go_build.ensure(module)
    assert not list(module.output.iterdir())


def test_a_build_that_does_not_end_is_ended(
    module: Module, fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go_build, "TIMEOUT", 0.5)
    monkeypatch.setattr(go_build, "REPORT_EVERY", 0.2)
    fake_programs.add("go", GO.replace("build)", "build) exec sleep 60;"))
    with pytest.raises(ClusterError, match="did not end"):
        go_build.ensure(module)


def test_without_a_go_that_will_do_there_is_advice(
    fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: [])
    monkeypatch.setattr(go_build, "STANDARD_GO", str(fake_programs.folder / "absent"))
    fake_programs.add("go", "echo go version go1.19.8 linux/amd64")
    with pytest.raises(ClusterError, match="Go is needed") as caught:
        go_build.find_go()
    assert "https://go.dev/dl/" in caught.value.advice


def test_the_pause_program_is_ours() -> None:
    assert PAUSE.version == "local"
    assert (PAUSE.path / "main.go").exists()


def test_daemons_are_unpacked_and_not_installed(fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed, containerd would start as a service of the machine."""
    names = [path for paths in packages.DAEMONS.values() for path in paths]
    fake_programs.add("apt-get", 'case "$*" in *download*) touch all.deb ;; esac')
    makes = "\n".join(f'mkdir -p "$3/$(dirname {name})"; touch "$3/{name}"' for name in names)
    fake_programs.add("dpkg-deb", makes)
    folder = packages.ensure_daemons()
    packages.ensure_daemons()
    assert sorted(path.name for path in folder.iterdir()) == sorted(Path(name).name for name in names)
    calls = [call for call in fake_programs.called() if call.startswith("apt-get")]
    assert len(calls) == 2
    assert not any("install" in call for call in calls)


def test_a_package_without_its_program_is_an_error(
    fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_programs.add("apt-get", 'case "$*" in *download*) touch all.deb ;; esac')
    fake_programs.add("dpkg-deb", 'mkdir -p "$3"')
    with pytest.raises(ClusterError, match="The package containerd of this distribution has no /usr/bin/containerd"):
        packages.ensure_daemons()
    assert not packages.daemons_folder().exists()


def test_only_missing_tools_are_installed(fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in packages.TOOLS:
        if tool not in ("iptables", "nsenter", "unshare"):
            fake_programs.add(tool)
    assert packages.missing_tools() == ["iptables", "util-linux"]
    fake_programs.add("apt-get")
    packages.ensure_tools()
    update, install = fake_programs.called()
    assert update.endswith(" update")
    assert install.endswith(" install --no-install-recommends iptables util-linux")


def test_a_failing_apt_get_is_a_sentence(fake_programs: FakePrograms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "missing_tools", lambda: ["iptables"])
    fake_programs.add("apt-get", "echo 'E: Unable to fetch' >&2; exit 100")
    with pytest.raises(ClusterError, match=r"apt-get update failed(?s:.*)Unable to fetch"):
        packages.ensure_tools()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that come from Debian or Ubuntu.

Small tools are installed. containerd and what it needs are only unpacked into the cache: installed, they would bring a
service that starts by itself and takes the very ports and paths that somebody else on the machine may use.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..errors import ClusterError
from ..locations import cache_home
from ..progress import say, step
from .lock import exclusive
from .shell import run, search_path

# What is run, and the package that has it.
TOOLS = {
    "ip": "iproute2",
    "iptables": "iptables",
    "mount": "mount",
    "nsenter": "util-linux",
    "openssl": "openssl",
    "unshare": "util-linux",
}

# The package, and what is taken from it.
DAEMONS = {
    "containerd": ("usr/bin/containerd", "usr/bin/containerd-shim-runc-v2", "usr/bin/ctr"),
    "runc": ("usr/sbin/runc",),
    "containernetworking-plugins": (
        "usr/lib/cni/bridge",
        "usr/lib/cni/host-local",
        "usr/lib/cni/loopback",
        "usr/lib/cni/portmap",
    ),
}

# Not part of the cluster: what looks at it, and judges rules.
PROMETHEUS = {"prometheus": ("usr/bin/prometheus", "usr/bin/promtool")}
# Not part of the cluster: where a release is published.
REGISTRY = {"docker-registry": ("usr/bin/docker-registry",)}

_APT_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
# Others may be installing something at this moment.
_APT = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300"]


def distribution(os_release: str) -> tuple[str, str, bool]:
    """Identity, version, and whether it is Debian or descends from it."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line and not line.startswith("#"))
    values = {key: value.strip().strip("\"'") for key, value in fields.items()}
    family = [values.get("ID", ""), *values.get("ID_LIKE", "").split()]
    return values.get("ID", "linux"), values.get("VERSION_ID", "rolling"), "debian" in family


def unsupported() -> str:
    """Why the testbed cannot run here; empty if it can."""
    if platform.system() != "Linux":
        return f"it needs Linux, and this is {platform.system()}"
    try:
        identity, _, debian = distribution(Path("/etc/os-release").read_text(encoding="utf-8"))
    except OSError:
        identity, debian = "an unknown distribution", False
    if not debian:
        return f"it needs Debian or Ubuntu, and this is {identity}"
    if os.geteuid() != 0:
        return "it needs root, for namespaces, mounts and containers"
    return ""


def missing_tools() -> list[str]:
    return sorted({package for tool, package in TOOLS.items() if shutil.which(tool, path=search_path()) is None})


def ensure_tools() -> None:
    packages = missing_tools()
    if packages:
        with step(f"Installing {', '.join(packages)}", expected=20):
            _apt("update")
            _apt("install", "--no-install-recommends", *packages)


def ensure_browser() -> None:
    """Install Chromium, which tests of the documentation's site use, where there is none."""
    if shutil.which("chromium", path=search_path()) is None:
        with step("Installing chromium", expected=60):
            _apt("update")
            _apt("install", "--no-install-recommends", "chromium")


def daemons_folder() -> Path:
    identity, version, _ = distribution(Path("/etc/os-release").read_text(encoding="utf-8"))
    return cache_home() / "bin" / f"{identity}-{version}-{platform.machine()}"


def ensure_daemons() -> Path:
    """The folder with containerd, runc and the CNI plugins in it, unpacked once per machine."""
    return _ensure(daemons_folder(), DAEMONS)


def ensure_prometheus() -> Path:
    """The folder with Prometheus and promtool in it, unpacked once per machine."""
    return _ensure_beside("prometheus", PROMETHEUS)


def ensure_registry() -> Path:
    """The folder with Debian's image registry in it, unpacked once per machine."""
    return _ensure_beside("registry", REGISTRY)


def _ensure_beside(name: str, packages: Mapping[str, tuple[str, ...]]) -> Path:
    folder = daemons_folder()
    return _ensure(folder.with_name(f"{name}-{folder.name}"), packages)


def _ensure(folder: Path, packages: Mapping[str, tuple[str, ...]]) -> Path:
    wanted = [Path(path).name for paths in packages.values() for path in paths]
    if all((folder / name).exists() for name in wanted):
        return folder
    with exclusive(cache_home() / "packages.lock", "fetching Debian packages", timeout=900):
        if not all((folder / name).exists() for name in wanted):
            with step(f"Fetching {', '.join(packages)} from the distribution", expected=25):
                _unpack(folder, packages)
    return folder


def _unpack(folder: Path, packages: Mapping[str, tuple[str, ...]]) -> None:
    _apt("update")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as temporary:
        work = Path(temporary)
        # apt drops root's rights to download, and has to write here.
        work.chmod(0o777)
        _apt("download", *packages, cwd=work)
        tree = work / "tree"
        for package in sorted(work.glob("*.deb")):
            run(["dpkg-deb", "--extract", package, tree], timeout=120)
        bundle = work / "bundle"
        bundle.mkdir()
        for name, paths in packages.items():
            for path in paths:
                if not (tree / path).exists():
                    raise ClusterError(
                        f"The package {name} of this distribution has no /{path}.",
                        advice="Use Debian 12 or Ubuntu 24.04, a kind cluster, or set MCP_TEST_KUBECONFIG.",
                    )
                shutil.move(tree / path, bundle / Path(path).name)
        shutil.rmtree(folder, ignore_errors=True)
        bundle.rename(folder)


def _apt(*arguments: str, cwd: Path | None = None) -> None:
    done = run(
        [*_APT, *arguments],
        timeout=900,
        check=False,
        cwd=cwd,
        env={**os.environ, **_APT_ENVIRONMENT, "PATH": search_path()},
    )
    if done.returncode != 0:
        raise ClusterError(
            f"apt-get {' '.join(arguments)} failed.",
            details="\n".join((done.stderr or done.stdout).strip().splitlines()[-10:]),
            advice="Repair the package sources, or use kind, or set MCP_TEST_KUBECONFIG to a cluster of yours.",
        )
    if arguments[0] == "update" and done.stderr.strip():
        # Some source did not answer; what is needed may still come from another.
        say(f"  apt-get update: {done.stderr.strip().splitlines()[-1]}")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The same servers natively and behind the bridge, in Pods, for the benches of stdio servers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "tests")]

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client  # noqa: E402 - after the paths
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import restarts  # noqa: E402

from support import cluster, stdio  # noqa: E402
from support.deployed import ready_pod  # noqa: E402
from support.playbooks import Playbooks  # noqa: E402

__all__ = ["ROOT", "SERVERS", "Client", "deployed", "inside", "load", "ready_pod", "restarts", "url_of"]

# For the playbook.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(ROOT / ".cache" / "collections")
os.environ["ANSIBLE_HOME"] = str(ROOT / ".cache" / "ansible")
_INSIDE = "MCP_BENCH_INSIDE"
_FOLDER = ROOT / "tests" / "servers" / "manifests"
_STDIO = _FOLDER / "stdio"
Call = tuple[str, dict[str, Any]]
_NOW: Call = ("now", {})
_ECHO: Call = ("echo", {"message": "x"})
_TIME: Call = ("get_current_time", {"timezone": "UTC"})
_PROBE: Call = ("echo", {"text": "x"})
_MODES: dict[str, dict[str, Any]] = {
    "session": {"mode": "session"},
    "spare": {"mode": "session", "spare": True},
    "shared": {"mode": "shared"},
}


@dataclass(frozen=True)
class Served:
    """One server, one way: what it is made of, and a call."""

    manifest: Path
    call: Call
    way: str

    @property
    def native(self) -> bool:
        return self.way == "native"


def _servers() -> dict[str, Served]:
    found = {}
    for name, native, bridged, call in (
        ("clock", _FOLDER / "go-sdk.yaml", _STDIO / "clock.yaml", _NOW),
        ("everything", _FOLDER / "everything-http.yaml", _STDIO / "everything.yaml", _ECHO),
        ("time", None, _STDIO / "time.yaml", _TIME),
        ("probe", None, _STDIO / "broken" / "dies.yaml", _PROBE),
    ):
        if native:
            found[f"{name}-native"] = Served(native, call, "native")
        found.update({f"{name}-{way}": Served(bridged, call, way) for way in _MODES})
    return found


SERVERS = _servers()


def _write(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        server = SERVERS[name]
        manifest = yaml.safe_load(server.manifest.read_text(encoding="utf-8"))
        manifest["metadata"]["name"] = name
        manifest["spec"]["resources"] = {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "2Gi"}}
        if not server.native:
            settings = manifest["spec"]["transport"].setdefault("config", {}).setdefault("stdio", {})
            settings.update(_MODES[server.way], maxSessions=64)
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")


def inside() -> bool:
    """Tell whether Pods can be reached from here; where not, bring the images, and run this program where they can."""
    if _INSIDE in os.environ:
        return True
    cluster.kubeconfig()
    cluster.load_images(*stdio.IMAGES, "go-sdk", "everything-http")
    again = [sys.executable, "tests/cluster", "run", "--", sys.executable, *sys.argv]
    subprocess.run(again, cwd=ROOT, env={**os.environ, _INSIDE: "1"}, check=True)
    return False


@contextlib.contextmanager
def deployed(*names: str) -> Iterator[tuple[Client, str]]:
    """Have servers in a namespace of their own, and the API server's client."""
    kubeconfig = os.environ["KUBECONFIG"]
    client = Client({"kubeconfig": kubeconfig})
    with (
        cluster.namespace(client) as namespace,
        stdio.packages(client, namespace),
        tempfile.TemporaryDirectory() as folder,
    ):
        stdio.probe(client, namespace)
        _write(Path(folder), names)
        options = {"mcp_manifests": folder, "mcp_namespace": namespace, "mcp_wait_timeout": 300}
        run = Playbooks(kubeconfig).run("deploy", **options)
        if run.code:
            sys.exit(run.output)
        yield client, namespace


def url_of(pod: dict[str, Any]) -> str:
    """Return where a Pod answers; only from within the cluster's network."""
    return f"http://{pod['status']['podIP']}:8080"


def load() -> str:
    """Return the machine's load average, which belongs to every figure."""
    return f"load average {os.getloadavg()[0]:.1f}"

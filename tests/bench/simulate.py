# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What fleets that no test machine carries would cost an operator that starts; prints Markdown.

    .venv/bin/python tests/bench/simulate.py --servers 1000 5000 20000 --shards 1 4

No cluster takes part. Objects like those of an API server are decoded, taken in by the operator's own sources, kept in
its store and observed by its controller, as after a start: once with all of them, and once by one of
several operators that share the namespaces. Each line is a process of its own; memory is PSS.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "operator" / "src"), str(ROOT / "tests")]

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.shard import Shard  # noqa: E402 - after the paths
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer  # noqa: E402
from mcp_operator.app import Operator  # noqa: E402
from mcp_operator.cluster.source import Source  # noqa: E402
from mcp_operator.cluster.store import Key  # noqa: E402
from mcp_operator.process.shutdown import Shutdown  # noqa: E402
from mcp_operator.settings.load import add_flags, settings_of  # noqa: E402
from mcp_operator.watches.parser import Defaults, load  # noqa: E402

# Tenants have as many each.
IN_NAMESPACE = 20
NOW = "2026-11-25T00:00:00Z"
Item = dict[str, Any]


def objects(renderer: Renderer, number: int) -> list[Item]:
    """Return an MCPServer of one Pod that is validated, and what was made of it."""
    namespace, name = f"team-{number // IN_NAMESPACE}", f"server-{number}"
    meta = {"name": name, "namespace": namespace, "generation": 1, "creationTimestamp": NOW}
    server = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {**meta, "uid": f"uid-{number}", "resourceVersion": str(10 * number)},
        "spec": {"image": f"registry.example.com/team/server-{number}:1.0.0"},
    }
    made = renderer.render(server)
    deployment = next(item for item in made if item["kind"] == "Deployment")
    deployment["metadata"]["uid"] = f"uid-{number}-deployment"
    deployment["metadata"].setdefault("annotations", {})["deployment.kubernetes.io/revision"] = "1"
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), 1)
    deployment["status"] = {"observedGeneration": 1, **counts, "conditions": [{"type": "Available", "status": "True"}]}
    owner = {"apiVersion": server["apiVersion"], "kind": "MCPServer", "name": name, "uid": f"uid-{number}"}
    for item in made:
        item["metadata"]["ownerReferences"] = [{**owner, "controller": True, "blockOwnerDeletion": True}]
    replica_set, pod = _replica_set(deployment, number), _pod(deployment, number)
    server["status"] = _status(name, namespace)
    for index, item in enumerate([*made, replica_set, pod]):
        item["metadata"].setdefault("uid", f"uid-{number}-{index}")
        item["metadata"].update(resourceVersion=str(10 * number + index), generation=1, creationTimestamp=NOW)
        # The larger half of what an API server sends.
        item["metadata"]["managedFields"] = [{"manager": "mcp-operator", "fieldsV1": copy.deepcopy(item.get("spec"))}]
    return [server, *made, replica_set, pod]


def _replica_set(deployment: Item, number: int) -> Item:
    meta = deployment["metadata"]
    owner = {"kind": "Deployment", "name": meta["name"], "uid": meta["uid"], "controller": True}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{meta['name']}-abc",
            "namespace": meta["namespace"],
            "uid": f"uid-{number}-replicas",
            "labels": meta["labels"],
            "annotations": {"deployment.kubernetes.io/revision": "1"},
            "ownerReferences": [{"apiVersion": "apps/v1", **owner}],
        },
        "spec": copy.deepcopy(deployment["spec"]),
        "status": {"replicas": 1, "readyReplicas": 1},
    }


def _pod(deployment: Item, number: int) -> Item:
    meta, template = deployment["metadata"], copy.deepcopy(deployment["spec"]["template"])
    owner = {"kind": "ReplicaSet", "name": f"{meta['name']}-abc", "uid": f"uid-{number}-replicas", "controller": True}
    container = {
        "name": "mcp-server",
        "ready": True,
        "restartCount": 0,
        "containerID": f"containerd://{number:064x}",
        "imageID": f"sha256:{number:064x}",
        "image": template["spec"]["containers"][0]["image"],
        "state": {"running": {"startedAt": NOW}},
    }
    conditions = [
        {"type": kind, "status": "True", "lastTransitionTime": NOW}
        for kind in ("PodScheduled", "Initialized", "ContainersReady", "Ready")
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **template["metadata"],
            "name": f"{meta['name']}-abc-xyz",
            "namespace": meta["namespace"],
            "ownerReferences": [{"apiVersion": "apps/v1", **owner}],
        },
        "spec": {**template["spec"], "nodeName": f"node-{number % 500}"},
        "status": {
            "phase": "Running",
            "podIP": f"10.{number // 65536}.{number // 256 % 256}.{number % 256}",
            "conditions": conditions,
            "containerStatuses": [container],
        },
    }


def _status(name: str, namespace: str) -> Item:
    kinds = ("Ready", "Available", "Progressing", "Reconciled", "Degraded")
    return {
        "phase": "Running",
        "message": "MCPServer is running.",
        "observedGeneration": 1,
        "replicas": 1,
        "readyReplicas": 1,
        "availableReplicas": 1,
        "serviceEndpoint": f"{name}.{namespace}.svc:8080",
        "conditions": [
            {"type": kind, "status": "True", "reason": "AsExpected", "message": "It is.", "lastTransitionTime": NOW}
            for kind in kinds
        ],
        "validation": {
            "state": "Validated",
            "protocol": "streamable-http",
            "protocolVersion": "2025-11-25",
            "capabilities": ["tools", "resources", "prompts"],
            "toolCount": 12,
            "toolNames": [f"tool_number_{index}" for index in range(12)],
            "validatedGeneration": 1,
            "lastValidated": NOW,
        },
    }


def pss() -> float:
    """Return this process's memory, in MiB."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell")


def operator(folder: Path, shard: Shard) -> Operator:
    """Return an operator that is not started, and calls nobody."""
    kubeconfig = folder / "kubeconfig"
    cluster = {"name": "none", "cluster": {"server": "http://127.0.0.1:1"}}
    context = {"name": "none", "context": {"cluster": "none", "user": "none"}}
    config = {"clusters": [cluster], "contexts": [context], "users": [{"name": "none", "user": {}}]}
    kubeconfig.write_text(yaml.safe_dump({**config, "current-context": "none"}), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_flags(parser)
    given = [f"--shard={shard}", f"--kubeconfig={kubeconfig}", f"--watches-file={ROOT / 'watches.yaml'}"]
    flags = parser.parse_args([*given, "--leader-elect=false", "--preload=false"])
    settings = settings_of(flags, {})
    where = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections")}
    watches = load(settings.watches_file, environment=where, defaults=Defaults())
    return Operator(settings, watches.watches, content_version="x", environment={}, shutdown=Shutdown())


def measure(servers: int, shard: Shard) -> dict[str, float]:
    """Start, as far as that goes without an API server, and return what it took."""
    renderer = Renderer(str(ROOT / "roles" / "mcpserver" / "templates"))
    with tempfile.TemporaryDirectory() as folder:
        one = operator(Path(folder), shard)
        sources: dict[str, list[Source]] = {}
        for source in one._sources:
            sources.setdefault(source.gvk.kind, []).append(dataclasses.replace(source, owns=shard.owns))
        before, seconds, kept = pss(), 0.0, 0
        for number in range(servers):
            texts = [(item["kind"], json.dumps(item)) for item in objects(renderer, number)]
            began = time.process_time()
            for kind, text in texts:
                for source in sources.get(kind, ()):
                    value = source.keep(json.loads(text))
                    if value is not None:
                        kept += 1
                        meta = value["metadata"]
                        one._store.put(Key(source.id, meta.get("namespace", ""), meta["name"]), value)
            seconds += time.process_time() - began
        controller = one._status_controller
        assert controller is not None
        began, observed = time.process_time(), 0
        for key in controller._lister.servers():
            server = controller._lister.server(key)
            assert server is not None
            controller._observer.observe(key, server)
            observed += 1
        return {
            "kept": kept,
            "kept_s": round(seconds, 1),
            "observed": observed,
            "observed_s": round(time.process_time() - began, 1),
            "before_mib": round(before),
            "mib": round(pss()),
        }


def main() -> None:
    """Measure, each by a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.servers[0], Shard.parse(options.one))))
        return
    print("| MCPServers | operators | objects kept | CPU s, lists | CPU s, observed | MiB, of that the fleet |")
    print("|---|---|---|---|---|---|")
    for servers in options.servers:
        for shards in options.shards:
            argv = [sys.executable, __file__, "--servers", str(servers), "--one", f"0/{shards}"]
            found = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
            memory = f"{found['mib']:,.0f}, {found['mib'] - found['before_mib']:,.0f}"
            print(
                f"| {servers:,} | {shards} | {found['kept']:,} | {found['kept_s']} | {found['observed_s']} "
                f"| {memory} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A cluster of one MCPServer in a store: what its controllers and its kubelet would do is done by tests.

Time passes only while a test waits for something, and then as fast as the operator's threads allow.
"""

from __future__ import annotations

import copy
import itertools
import json
import threading

from mcp_operator._vendor._kube.errors import ApiConflict, ApiForbidden, ApiUnreachable
from mcp_operator.cluster.store import Key, Store
from mcp_operator.runs.run_request import HostOutcome, HostResult
from mcp_operator.status.controller import ProbeSettings, StatusController
from mcp_operator.watches.definition import Watch

from support.clock import FakeClock

from .gates_and_jobs import LABELS, GatesAndJobs
from .open_sessions import OpenSessions
from .stepped_time import CountedPool, SteppedTime

WATCH = Watch(
    group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="mcp.kubernetes.mcpserver", manage_status=False
)
SERVER = Key(WATCH.id, "team", "wiki")
START = "2020-01-01T00:00:00Z"
GOOD = {
    **dict.fromkeys(("compliant", "connected"), True),
    **dict.fromkeys(("requires_auth", "session"), False),
    "transport": "sse",
    "path": "/sse",
    "protocol_version": "2024-11-05",
    "supported_versions": ["2024-11-05"],
    "capabilities": ["tools"],
    "server_info": {"name": "wiki", "version": "1"},
    "tools": {"count": 3, "names": ["a", "b", "c"], "truncated": False},
    "issues": [],
}


def bad(code="NOT_MCP", message="HTML came back."):
    issue = {"code": code, "level": "error", "message": message, "action": "Check the path."}
    return {**GOOD, "compliant": False, "transport": None, "protocol_version": None, "issues": [issue]}


class Cluster(GatesAndJobs, SteppedTime):
    """The API server as the controller uses it, and all who write to it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = Store()
        self.writes: list[dict] = []
        self.events: list[dict] = []
        self.made: list[dict] = []
        self.there, self.reported = {}, set()
        self.gates: list[dict] = []
        self.kept: list[str] = []
        self.image = "mcp-operator:1"
        self.asked: list = []
        self.sessions = OpenSessions(self)
        self.answer = GOOD
        # Probes wait for the gate; `held` counts those that do.
        self.gate = threading.Event()
        self.gate.set()
        self.held = 0
        self.lock = threading.Lock()
        self.pools: list[CountedPool] = []
        self.down = False
        self.leading = True
        self.controller = None
        self._versions = itertools.count(100)

    # --- the controller ---

    def start(self):
        probes = ProbeSettings(self.image, probe=self.ask, opener=self.sessions.open)
        self.controller = StatusController(
            WATCH, self.store, self, may_write=lambda: self.leading, probes=probes, clock=self.clock
        )
        ids = [source.id for source in self.controller.sources]
        self.deployments, self.replica_sets, self.pods, self.jobs, self.policies, self.certificates = ids[:6]
        self.rollouts, self.canaries = ids[6:]
        self.pools = []
        for name in ("_diagnoser", "_policies", "_jobs", "_proofs", "_revision_marker", "_measurements"):
            part = getattr(self.controller, name)
            part._pool = CountedPool(part._pool)
            self.pools.append(part._pool)
        self.controller.start()

    def restart(self):
        self.controller.stop()
        self.writes.clear(), self.events.clear(), self.asked.clear(), self.made.clear(), self.reported.clear()
        self.start()

    def ask(self, request):
        self.asked.append(request)
        if not self.gate.is_set():
            with self.lock:
                self.held += 1
            self.gate.wait(10)
            with self.lock:
                self.held -= 1
        return self.answer(request) if callable(self.answer) else self.answer

    # --- the API server ---

    def apply(self, manifest, *, field_manager, subresource=""):
        if manifest["kind"] == "Pod":
            assert (field_manager, subresource) == ("mcp-operator-gate", "status")
            return self.set_gate(manifest)
        assert (field_manager, subresource) == ("mcp-operator-status", "status")
        if self.down:
            raise ApiUnreachable("The API server is down.")
        self.writes.append(manifest["status"])
        item = {**self.server(), "status": manifest["status"]}
        return self.put(SERVER, item)

    def add(self, manifest):
        key = (manifest["kind"], manifest["metadata"]["name"])
        if self.down:
            raise ApiForbidden("Could not create it: exceeded quota.")
        if key in self.there or self.store.get(Key(self.jobs, "team", key[1])):
            raise ApiConflict(f"{key} exists", status=409)
        self.made.append(manifest)
        if manifest["kind"] == "Job":
            return {**manifest, "metadata": self.put_job(manifest, {})}
        self.there[key] = manifest
        return manifest

    def find(self, _api_version, kind, _namespace, name):
        return self.there.get((kind, name))

    def request(self, method, path, *, body=None, **_asked):
        if "controllerrevisions" in path:
            self.kept.append(path.rpartition("/")[2])
            return
        self.events.append({"method": method, **body})

    def list(self, _api_version, kind, *_namespace, **_selectors):
        return iter({"Event": self.probe_events, "NetworkPolicy": self.network_policies}.get(kind, ()))

    probe_events: tuple = ()
    network_policies: tuple = ()

    def put(self, key, item):
        item = copy.deepcopy(item)
        item["metadata"] = {"name": key.name, "namespace": key.namespace, **item["metadata"]}
        item["metadata"]["resourceVersion"] = str(next(self._versions))
        self.store.put(key, item)
        return item

    # --- users and controllers ---

    def server(self):
        return dict(self.store.get(SERVER))

    def status(self):
        return self.server().get("status") or {}

    def create(self, manifest=None, *, field_manager="", **spec):
        """Create an MCPServer, or what the operator creates."""
        if manifest is not None:
            assert field_manager == "mcp-operator"
            return self.add(manifest)
        meta = {"uid": "uid-wiki", "generation": 1, "creationTimestamp": START}
        item = {"apiVersion": "mcp.mcp-operator.io/v1", "metadata": meta, "spec": {"image": "w:1", **spec}}
        return self.put(SERVER, item)

    def change(self, **spec):
        item = self.server()
        generation = item["metadata"]["generation"] + 1
        meta = {**item["metadata"], "generation": generation}
        self.put(SERVER, {**item, "metadata": meta, "spec": {**item["spec"], **spec}})

    def ran(self, message="", outcome=None, **data):
        outcome = outcome or (HostOutcome.FAILED if message else HostOutcome.SUCCEEDED)
        self.controller.record_run(SERVER, self.server(), HostResult(outcome=outcome, message=message, data=data))

    def deploy(
        self,
        *,
        mark="",
        rolled_back="",
        tried="",
        generation=None,
        template=1,
        ready=0,
        pods=None,
        desired=1,
        observed=True,
        made_of=None,
        **state,
    ):
        """Let a Deployment, and the ReplicaSet of its template, be as they are after a while."""
        made_of = made_of or self.server()["metadata"]["generation"]
        pods = desired if pods is None else pods
        revision = {"deployment.kubernetes.io/revision": str(template)}
        generation = generation or made_of
        meta = {
            "uid": "uid-deployment",
            "generation": generation,
            "labels": LABELS,
            "annotations": {
                **revision,
                "mcp.mcp-operator.io/generation": str(made_of),
                "mcp.mcp-operator.io/rolled-back-from": rolled_back,
                "mcp.mcp-operator.io/canary-template": tried,
            },
            "ownerReferences": [{"controller": True, "uid": "uid-wiki", "kind": "MCPServer", "name": "wiki"}],
        }
        status = {
            **dict.fromkeys(("replicas", "updatedReplicas"), pods),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "observedGeneration": generation if observed else generation - 1,
            **state,
        }
        item = {"metadata": meta, "spec": {"replicas": desired}, "status": status}
        self.put(Key(self.deployments, "team", "wiki"), item)
        of_deployment = {"controller": True, "uid": "uid-deployment", "kind": "Deployment", "name": "wiki"}
        if observed:
            meta = {
                "uid": f"uid-rs-{template}",
                "labels": {**LABELS, **({"mcp.mcp-operator.io/template": mark} if mark else {})},
                "annotations": revision,
                "ownerReferences": [of_deployment],
            }
            self.put(Key(self.replica_sets, "team", f"wiki-{template}"), {"metadata": meta})

    def pod(
        self,
        name="a",
        *,
        template=1,
        ready=True,
        container="c1",
        address="10.244.0.9",
        gated=False,
        conditions=(),
        capabilities=(),
        labels=(),
        **status,
    ):
        owner = {"controller": True, "uid": f"uid-rs-{template}", "kind": "ReplicaSet", "name": f"wiki-{template}"}
        labels = {**LABELS, "pod-template-hash": str(template), **dict(labels)}
        meta = {"uid": f"uid-pod-{name}", "labels": labels, "ownerReferences": [owner], "creationTimestamp": START}
        seen = {
            "phase": "Running",
            "podIP": address,
            "conditions": [{"type": "Ready", "status": str(ready), "lastTransitionTime": START}, *conditions],
            "containerStatuses": [
                {
                    "name": "mcp-server",
                    "ready": ready,
                    "restartCount": 0,
                    "containerID": container,
                    "imageID": "sha256:1",
                    "state": {"running": {}},
                }
            ],
            **status,
        }
        if gated:
            meta["annotations"] = {"mcp.mcp-operator.io/question": json.dumps([8080, None, "auto", list(capabilities)])}
        spec = {"gated": True} if gated else {}
        self.put(Key(self.pods, "team", f"wiki-{name}"), {"metadata": meta, "spec": spec, "status": seen})

    def remove_pod(self, name):
        self.store.remove(Key(self.pods, "team", f"wiki-{name}"))

    # --- what tests look at ---

    def is_in(self, phase, state=None):
        status = self.status()
        return status.get("phase") == phase and state in (None, status["validation"]["state"])

    def becomes(self, phase, state=None):
        self.until(lambda: self.is_in(phase, state))

    def rows(self):
        """Return the article's columns of each status that was written."""
        return [
            (
                status["phase"],
                status["replicas"],
                status["readyReplicas"],
                status["validation"].get("protocol"),
                status["validation"]["state"],
            )
            for status in self.writes
        ]

    def condition(self, kind):
        return next(entry for entry in self.status()["conditions"] if entry["type"] == kind)

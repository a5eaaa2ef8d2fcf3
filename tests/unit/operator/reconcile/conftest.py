# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import copy
import itertools
import tempfile
import threading
from pathlib import Path

import pytest
from mcp_operator._vendor._kube.errors import ApiConflict, ApiNotFound, ApiUnreachable
from mcp_operator.backoff import Backoff
from mcp_operator.cluster.source import Resource
from mcp_operator.cluster.store import Key, Store
from mcp_operator.reconcile import controller as module
from mcp_operator.reconcile.controller import Controller, ControllerSettings
from mcp_operator.reconcile.object_writer import ObjectWriter
from mcp_operator.runs.run import RunSettings
from mcp_operator.runs.run_request import Ending, HostOutcome, HostResult, RunResult
from mcp_operator.watches.definition import Finalizer, Watch

from support.clock import FakeClock, eventually

WATCH = Watch(group="toys.example.com", version="v1", kind="Toy", role="a.b.toy", manage_status=False)
FINALIZED = Watch(
    group="toys.example.com",
    version="v1",
    kind="Toy",
    role="a.b.toy",
    finalizer=Finalizer(name="toys.example.com/end", role="a.b.toy", vars={"state": "absent"}),
)


def nothing(_about):
    pass


class Api:
    """An API server that knows toys: merge patches, resourceVersions, and a watch into a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.objects: dict[Key, dict] = {}
        self.writes: list[tuple[str, dict]] = []
        self.down = False
        self.before_patch = nothing
        self._versions = itertools.count(1)

    # What the controller asks Discovery for.
    def resource(self, gvk):
        return Resource(gvk=gvk, plural="toys", namespaced=True)

    def request(self, method, path, *, body=None, **_asked):
        if self.down:
            raise ApiUnreachable("The API server is down.")
        parts = path.split("/")
        key = Key(WATCH.id, parts[5], parts[7])
        if method == "PATCH":
            self.before_patch(key)
        item = self.objects.get(key)
        if item is None:
            raise ApiNotFound(f"{key} is gone.")
        if method == "GET":
            return copy.deepcopy(item)
        version = body["metadata"].get("resourceVersion")
        if version not in (None, item["metadata"]["resourceVersion"]):
            raise ApiConflict("changed")
        self.writes.append(("status" if parts[-1] == "status" else "metadata", body))
        return self.put(key, merge(copy.deepcopy(item), body))

    def put(self, key, item):
        item["metadata"]["resourceVersion"] = str(next(self._versions))
        meta = item["metadata"]
        if meta.get("deletionTimestamp") and not meta.get("finalizers"):
            self.objects.pop(key, None)
            self.store.remove(key)
        else:
            self.objects[key] = item
            self.store.put(key, copy.deepcopy(item))
        return item

    # What users do.
    def create(self, name, **spec):
        key = Key(WATCH.id, "team", name)
        meta = {"name": name, "namespace": "team", "uid": f"uid-{next(self._versions)}", "generation": 1}
        self.put(key, {"metadata": meta, "spec": spec})
        return key

    def change(self, key, **spec):
        item = copy.deepcopy(self.objects[key])
        item["spec"].update(spec)
        item["metadata"]["generation"] += 1
        self.put(key, item)

    def delete(self, key):
        item = copy.deepcopy(self.objects[key])
        item["metadata"]["deletionTimestamp"] = "now"
        item["metadata"]["generation"] += 1
        self.put(key, item)


def merge(old, patch):
    for name, value in patch.items():
        if isinstance(value, dict):
            old[name] = merge(old.get(name) or {}, value)
        elif value is not None or name != "resourceVersion":
            old[name] = value
    return old


class Ansible:
    """In Ansible's place: says what it was told to say, and keeps what it was asked."""

    def __init__(self) -> None:
        self.requests = []
        self.results: dict[str, HostResult] = {}
        self.ending = Ending.COMPLETE
        self.gate = threading.Event()
        self.gate.set()
        self.during = nothing

    def make(self, request, _settings, _launch):
        return _Run(self, request)

    def names(self):
        """Return the objects of each run."""
        return [sorted(host.partition(".")[2] for host in request.hosts) for request in self.requests]

    def all_names(self):
        """Return the objects of all runs."""
        return sorted(itertools.chain.from_iterable(self.names()))


class _Run:
    def __init__(self, ansible, request):
        self.ident = "test"
        self._ansible, self._request = ansible, request
        self._cancelled = threading.Event()

    def execute(self):
        self._ansible.requests.append(self._request)
        self._ansible.during(self._request)
        while not self._ansible.gate.wait(0.01):
            if self._cancelled.is_set():
                unprocessed = HostResult(outcome=HostOutcome.UNPROCESSED, message="The run was cancelled.")
                hosts = dict.fromkeys(self._request.hosts, unprocessed)
                return RunResult(ident="test", ending=Ending.CANCELLED, hosts=hosts)
        good = HostResult(outcome=HostOutcome.SUCCEEDED, ok=1)
        hosts = {host: self._ansible.results.get(host, good) for host in self._request.hosts}
        return RunResult(ident="test", ending=self._ansible.ending, hosts=hosts)

    def cancel(self):
        self._cancelled.set()


class Operator:
    """A controller on a fake API server and a fake Ansible."""

    def __init__(self, tmp_path) -> None:
        self.root = tmp_path
        self.store = Store()
        self.api = Api(self.store)
        self.ansible = Ansible()
        self.clock = FakeClock()
        self.controller = None

    def start(self, watch=WATCH, dependents=None, **kwargs):
        backoff = Backoff(first=1.0, most=4.0)
        settings = ControllerSettings(backoff=backoff, runs=RunSettings(root=self.root), **kwargs)
        writer = ObjectWriter(self.api, self.api)
        self.controller = Controller(
            [watch], self.store, writer, dependents=dependents, settings=settings, clock=self.clock
        )
        self.controller.start()

    def restart(self, watch=WATCH, **kwargs):
        self.controller.stop(1)
        self.ansible.requests.clear()
        self.api.writes.clear()
        self.start(watch, **kwargs)

    def settle(self):
        """Wait until nothing runs or is due."""
        eventually(lambda: self.controller.queue.idle)

    def step(self, seconds):
        """Let time pass, and wait for what is due then."""
        self.clock.step(seconds)
        self.settle()


class Clock:
    """A clock of the batch queue."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def operator(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="mcp-operator-") as root:
        operator = Operator(Path(root))
        monkeypatch.setattr(module, "Run", operator.ansible.make)
        monkeypatch.setattr("mcp_operator.reconcile.worker._ANNOTATE_MAX_DELAY", 0.0)
        yield operator
        operator.ansible.gate.set()
        if operator.controller is not None:
            operator.controller.stop(2)

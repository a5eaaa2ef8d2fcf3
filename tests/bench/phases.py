# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is measured: each function makes something happen to a fleet and returns figures."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import floor
from accounts import Requests, Tree, by_verb, cpu_of, status_patches, writes
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import JsonPatch, MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from fleet import IMAGE, Item, collection, for_all, name_of, namespace, server, until
from operator_process import Operator
from watching import SERVICES, Timeline, Watch

Figures = dict[str, Any]
# Fake Pods start with any image.
OTHER_IMAGE = IMAGE.replace("localhost/", "localhost/again/")
# A fleet that takes longer is stuck: the control plane alone needs about a tenth of a second for each.
_LEAST, _EACH = 60.0, 0.6
_CALM = 3.0
# An operator that was restarted is done with its notes after a minute.
_QUIET_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Bench:
    """What all measurements need.

    :param pids: the processes of the control plane, by name.
    """

    client: Client
    pids: dict[str, int]
    real: bool


def timeout(count: int) -> float:
    return _LEAST + _EACH * count


def of_floor(bench: Bench, count: int, *, rest: bool) -> Iterator[tuple[str, Figures]]:
    """Measure the floor.

    :param rest: also of a change of all images and of a deletion by owner references.
    """
    with namespace(bench.client, f"floor-{os.getpid()}-{count}-{int(time.time())}") as name:
        servers = [server(name, number, real=bench.real) for number in range(count)]
        timeline = Timeline(bench.client, name, IMAGE)
        try:
            with measured(bench) as figures:
                start = time.monotonic()
                floor.create(bench.client, timeline, servers)
                figures["applied_s"] = _since(start)
                timeline.wait(timeline.available, count, timeout(count))
                figures["available_s"] = _since(start)
            figures["stuck"] = count - len(timeline.available)
        finally:
            timeline.close()
        yield "floor", figures
        if rest and not bench.real:
            yield "floor-change", _change_deployments(bench, name, count)
        if rest:
            yield "floor-delete", delete(bench, None, name, count)


def _change_deployments(bench: Bench, name: str, count: int) -> Figures:
    """Set the image of all Deployments, as `kubectl set image` does, until all are available again."""
    timeline = Timeline(bench.client, name, OTHER_IMAGE)

    def change(number: int) -> None:
        operation = {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": OTHER_IMAGE}
        path = f"/apis/apps/v1/namespaces/{name}/deployments/{name_of(number)}"
        bench.client.request("PATCH", path, what="set an image", body=JsonPatch([operation]))

    try:
        with measured(bench) as figures:
            start = time.monotonic()
            for_all(change, range(count))
            timeline.wait(timeline.available, count, timeout(count))
            figures["available_s"] = _last(timeline.available, count, start)
    finally:
        timeline.close()
    return figures


@contextmanager
def fleet(bench: Bench, operator: Operator, count: int) -> Iterator[tuple[str, Figures]]:
    """Create a fleet, measure it, and hold it until the block ends."""
    with namespace(bench.client, f"fleet-{os.getpid()}-{count}-{int(time.time())}") as name:
        timeline = Timeline(bench.client, name, IMAGE)
        servers = [server(name, number, real=bench.real) for number in range(count)]

        def create(one: dict[str, Any]) -> None:
            timeline.created[one["metadata"]["name"]] = time.monotonic()
            bench.client.request("POST", collection(name), what="create an MCPServer", body=one)

        try:
            operator.tree.forget_peak()
            with measured(bench, operator.tree) as figures:
                start = time.monotonic()
                for_all(create, servers)
                figures["created_s"] = _since(start)
                figures.update(until_validated(timeline, count, start))
            figures.update(_each(timeline))
            figures["status_patches_each"] = round(figures.pop("status_patches") / count, 2)
            figures["peak_mib"] = round(operator.tree.peak, 1)
        finally:
            timeline.close()
        yield name, figures


def change_images(bench: Bench, operator: Operator, name: str, count: int) -> Figures:
    """Change the image of all, until all are validated anew."""
    timeline = Timeline(bench.client, name, OTHER_IMAGE)
    body = {"spec": {"image": OTHER_IMAGE}}

    def change(number: int) -> None:
        timeline.created[name_of(number)] = time.monotonic()
        path = f"{collection(name)}/{name_of(number)}"
        bench.client.request("PATCH", path, what="change an MCPServer", body=MergePatch(body))

    try:
        with measured(bench, operator.tree) as figures:
            start = time.monotonic()
            for_all(change, range(count))
            figures.update(until_validated(timeline, count, start))
        figures.update(_each(timeline))
        figures.pop("status_patches")
    finally:
        timeline.close()
    return figures


def idle(bench: Bench, operator: Operator, seconds: float) -> Figures:
    """Do nothing, from when the operator has written all that it keeps of a fleet that started."""
    _until_quiet(bench)
    with measured(bench, operator.tree) as figures:
        start = time.monotonic()
        time.sleep(seconds)
        figures["idle_s"] = _since(start)
    figures["core_percent"] = round(100 * figures["cpu_s"] / figures["idle_s"], 2)
    return figures


def _until_quiet(bench: Bench) -> None:
    deadline = time.monotonic() + _QUIET_TIMEOUT
    while time.monotonic() < deadline:
        requests = Requests(bench.client)
        time.sleep(_CALM * 2)
        if not writes(requests.since()):
            return


def restart(bench: Bench, operator: Operator) -> Figures:
    """Start the operator anew with a fleet that has not changed."""
    operator.stop()
    requests = Requests(bench.client)
    before = operator.tree.cpu()
    ready = operator.start()
    time.sleep(_CALM * 2)
    return {
        "ready_s": round(ready, 2),
        "cpu_s": round(operator.tree.cpu() - before, 2),
        "writes": writes(requests.since()),
    }


def repair(bench: Bench, name: str, count: int, times: int = 10) -> Figures:
    """Delete a Service of one after the other, until it is there again."""
    seen = {name_of(number): threading.Event() for number in range(min(count, times))}

    def told(kind: str, item: Item) -> None:
        if kind == "ADDED" and item["metadata"]["name"] in seen:
            seen[item["metadata"]["name"]].set()

    watch = Watch(bench.client, SERVICES.format(name), told)
    took = []
    try:
        for one, there in seen.items():
            there.clear()
            start = time.monotonic()
            path = f"{SERVICES.format(name)}/{one}"
            bench.client.request("DELETE", path, what="delete a Service")
            took.append(time.monotonic() - start if there.wait(30) else float("inf"))
            time.sleep(0.5)
    finally:
        watch.close()
    return {"median_s": round(statistics.median(took), 2), "most_s": round(max(took), 2)}


def revalidate(bench: Bench, operator: Operator, name: str, count: int) -> Figures:
    """Validate the Pods of all once more, by the validator's command."""
    pods = bench.client.request("GET", f"/api/v1/namespaces/{name}/pods", what="list Pods")["items"]
    urls = [f"http://{pod['status']['podIP']}:8080/mcp" for pod in pods]
    with measured(bench, operator.tree) as figures:
        start = time.monotonic()
        operator.command("validate", "--format=json", "--output=/dev/null", *urls)
        figures["validated_s"] = _since(start)
    if len(urls) != count:
        raise RuntimeError(f"{len(urls)} Pods of {count} MCPServers")
    return figures


def delete(bench: Bench, operator: Operator | None, name: str, count: int) -> Figures:
    """Delete all MCPServers, until nothing that was made of them is left."""

    def gone() -> bool:
        for path in (f"/apis/apps/v1/namespaces/{name}/deployments", f"/api/v1/namespaces/{name}/pods"):
            if bench.client.request("GET", path, what="list", query={"limit": "1"})["items"]:
                return False
        return True

    with measured(bench, operator.tree if operator else None) as figures:
        start = time.monotonic()
        for_all(
            lambda number: bench.client.delete("mcp.mcp-operator.io/v1", "MCPServer", name, name_of(number)),
            range(count),
        )
        figures["deleted_s"] = _since(start)
        until("the end of all", gone, timeout(count) * 2, every=0.5)
        figures["gone_s"] = _since(start)
    return figures


@contextmanager
def measured(bench: Bench, tree: Tree | None = None) -> Iterator[Figures]:
    """Add to the figures of a block what was used during it."""
    figures: Figures = {}
    requests, plane = Requests(bench.client), cpu_of(bench.pids)
    own = tree.cpu() if tree else 0.0
    yield figures
    used = requests.since()
    after = cpu_of(bench.pids)
    figures["plane_cpu_s"] = {part: round(after[part] - seconds, 1) for part, seconds in plane.items() if part in after}
    figures["requests"] = by_verb(used)
    figures["writes"] = writes(used)
    if tree:
        figures["cpu_s"] = round(tree.cpu() - own, 2)
        figures["status_patches"] = status_patches(used)
        figures["memory_mib"] = round(tree.memory(), 1)
    figures["load"] = round(os.getloadavg()[0], 1)


def until_validated(timeline: Timeline, count: int, start: float) -> Figures:
    """Wait until all are validated, and return when the last one was applied, available and validated."""
    limit = timeout(count)
    for moments in (timeline.applied, timeline.available, timeline.validated):
        timeline.wait(moments, count, limit - (time.monotonic() - start))
    return {
        "applied_s": _last(timeline.applied, count, start),
        "available_s": _last(timeline.available, count, start),
        "validated_s": _last(timeline.validated, count, start),
        "stuck": count - len(timeline.validated),
    }


def _last(moments: dict[str, float], count: int, start: float) -> float | None:
    return round(max(moments.values()) - start, 2) if len(moments) >= count else None


def _each(timeline: Timeline) -> Figures:
    took = sorted(moment - timeline.created[name] for name, moment in timeline.validated.items())
    if not took:
        return {}
    most = max(timeline.writes.values(), default=0)
    p50, p95 = (round(took[min(len(took) - 1, int(share * len(took)))], 2) for share in (0.5, 0.95))
    return {"p50_s": p50, "p95_s": p95, "most_events_of_one": most}


def _since(start: float) -> float:
    return round(time.monotonic() - start, 2)

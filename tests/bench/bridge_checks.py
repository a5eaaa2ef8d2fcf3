# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a bridge must do, each as one question that is answered by trying it."""

from __future__ import annotations

import queue
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from support.bridging.client import ACCEPT, Client, RefusedError, Sse, Streamable
from support.bridging.running import Running

MIB = 1024 * 1024
Check = Callable[[Running], str]


# Whatever goes wrong with an exchange.
PROBLEMS = (RefusedError, requests.RequestException, OSError, AssertionError, TimeoutError, queue.Empty, KeyError)


def transports(bridge: Running) -> str:
    found = []
    for name, kind in (("streamable-http", Streamable), ("sse", Sse)):
        try:
            client = kind(bridge.url, 10.0)
            client.open()
            assert client.tool("echo", {"text": "hi"}) == "hi"
            found.append(name)
        except PROBLEMS:
            continue
    return " and ".join(found) or "none"


def several_clients(bridge: Running) -> str:
    clients = [bridge.client() for _ in range(4)]
    answers: list[str] = [""] * 4

    def run(number: int) -> None:
        try:
            clients[number].open()
            for turn in range(20):
                answers[number] = clients[number].tool("echo", {"text": f"{number}-{turn}"})
        except PROBLEMS as problem:
            answers[number] = f"{type(problem).__name__} {problem}"

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [f"{number}-19" for number in range(4)], answers
    pids = {client.tool("pid") for client in clients}
    return f"yes, {len(pids)} children"


def sessions(bridge: Running) -> str:
    if bridge.candidate.sse_only:
        return "one a stream"
    client = Streamable(bridge.url)
    client.open()
    if "Mcp-Session-Id" not in client.headers:
        return "no session id"
    ended = client.close()
    try:
        client.tool("pid")
    except RefusedError as refused:
        return f"yes; DELETE {ended}, then {str(refused)[:8]}"
    return f"no: usable after DELETE ({ended})"


def questions(bridge: Running) -> str:
    client = bridge.client()
    client.open({"sampling": {}})
    if isinstance(client, Streamable):
        client.listen()
    answer = client.tool("ask")
    assert answer == "hello!", answer
    return "yes"


def notifications(bridge: Running) -> str:
    client = bridge.client()
    client.open()
    if isinstance(client, Streamable):
        client.listen()
    client.tool("slow", {"seconds": 0.5}, {"progressToken": "p-1"})
    client.tool("say")
    client.tool("changed")
    time.sleep(0.5)
    methods = [message["method"] for message in client.seen]
    progress = [m for m in client.seen if m["method"] == "notifications/progress"]
    missing = {"notifications/progress", "notifications/message", "notifications/tools/list_changed"} - set(methods)
    if missing:
        return f"no: {', '.join(sorted(name.removeprefix('notifications/') for name in missing))} lost"
    assert {m["params"]["progressToken"] for m in progress} == {"p-1"}, progress
    return f"yes, {len(progress)} of 5 progress"


def stderr(bridge: Running) -> str:
    client = bridge.client()
    client.open()
    client.tool("say")
    time.sleep(0.3)
    return "yes" if "probe: said something on stderr" in bridge.log() else "no: lost"


def dead_child(bridge: Running) -> str:
    """The child is killed; what do the bridge, its health path and its clients say?"""
    client = bridge.client()
    client.open()
    bridge.kill_children()
    time.sleep(2)
    if bridge.ended() is not None:
        return f"ends with exit code {bridge.ended()}"
    said = [f"health {bridge.health()}"]
    for name, fresh in (("old session", client), ("new session", None)):
        try:
            probe: Client = fresh or bridge.client(8.0)
            if fresh is None:
                probe.open()
                said.append("initialize ok")
            probe.request("tools/list")
            said.append(f"{name} works")
        except PROBLEMS as problem:
            said.append(f"{name}: {type(problem).__name__} {str(problem)[:60]}")
    return ", ".join(said)


def silent_call(bridge: Running) -> str:
    """A call that is never answered must not hold up the others."""
    client, other = bridge.client(4.0), bridge.client()
    client.open()
    other.open()
    stuck = threading.Thread(target=_quietly, args=(client.tool, "hang"))
    stuck.start()
    time.sleep(0.3)
    assert other.tool("echo", {"text": "x"}) == "x"
    stuck.join(10)
    return "others go on"


def large(bridge: Running) -> str:
    client = bridge.client(60.0)
    client.open()
    down = len(client.tool("big", {"size": 4 * MIB})) == 4 * MIB
    up = len(client.tool("echo", {"text": "y" * (4 * MIB - 1024)})) == 4 * MIB - 1024
    return "yes" if down and up else f"down {down}, up {up}"


def cancellation(bridge: Running) -> str:
    client = bridge.client(4.0)
    client.open()
    thread = threading.Thread(target=_quietly, args=(client.tool, "slow", {"seconds": 3}))
    thread.start()
    time.sleep(0.5)
    client.notify("notifications/cancelled", {"requestId": client.number, "reason": "test"})
    time.sleep(0.3)
    # A connection of its own, since the first is busy.
    client.number += 100
    found = client.tool("cancelled")
    thread.join(10)
    return "yes" if found != "[]" else "no: the child is not told"


def modern(bridge: Running) -> str:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "probe-client", "version": "1"},
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": meta}}
    headers = {**ACCEPT, "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "server/discover"}
    answer = requests.post(f"{bridge.url}/mcp", json=body, headers=headers, timeout=10)
    return "yes" if answer.status_code == 200 and "supportedVersions" in answer.text else f"no: {answer.status_code}"


def latency(bridge: Running) -> str:
    client = bridge.client()
    client.open()
    client.tool("echo")
    walls = []
    for _ in range(300):
        began = time.perf_counter()
        client.tool("echo", {"text": "x"})
        walls.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(walls):.1f} / {statistics.quantiles(walls, n=20)[-1]:.1f}"


def memory(bridge: Running) -> str:
    """Resident memory: the bridge alone, and what each of ten idle sessions adds to bridge and children."""
    first = bridge.client()
    first.open()
    own, before = bridge.memory(children=False), bridge.memory(children=True)
    clients = [bridge.client() for _ in range(10)]
    for client in clients:
        client.open()
    after = bridge.memory(children=True)
    return f"{own / MIB:.0f} + {(after - before) / MIB / 10:.1f} a session"


def _quietly(function: Callable[..., Any], *arguments: Any) -> None:
    try:
        function(*arguments)
    except PROBLEMS:
        return


CHECKS: dict[str, Check] = {
    "transports at once": transports,
    "several clients": several_clients,
    "sessions": sessions,
    "server's questions": questions,
    "notifications": notifications,
    "stderr in the log": stderr,
    "child killed": dead_child,
    "call never answered": silent_call,
    "4 MiB messages": large,
    "cancellation": cancellation,
    "2026-07-28": modern,
    "call, ms, median / p95": latency,
    "memory, MiB": memory,
}

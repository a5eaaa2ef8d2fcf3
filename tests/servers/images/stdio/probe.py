# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A stdio MCP server with which bridges are tried: a tool for each thing to see, a first argument to misbehave.

Standard library only. It speaks the revisions with ``initialize``; what a client asks for is what it gets.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

TOOLS = ("echo", "pid", "big", "slow", "cancelled", "ask", "say", "changed", "environment", "die", "hang")
NEWEST = "2025-11-25"
OUT = threading.Lock()
CANCELLED: list[Any] = []
ANSWERS: dict[str, threading.Event] = {}
REPLIES: dict[str, Any] = {}
CLIENT: dict[str, Any] = {}


def send(message: dict[str, Any]) -> None:
    with OUT:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")) + "\n")
        sys.stdout.flush()


def text(value: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": value if isinstance(value, str) else json.dumps(value)}]}


def die() -> None:
    sys.stderr.write(f"fatal: told to die; key {os.environ.get('PROBE_API_KEY', 'unset')}\n")
    sys.stderr.flush()
    os._exit(3)


def say() -> dict[str, Any]:
    sys.stderr.write("probe: said something on stderr\n")
    sys.stderr.flush()
    send({"method": "notifications/message", "params": {"level": "info", "data": "said"}})
    return text("said")


def changed() -> dict[str, Any]:
    send({"method": "notifications/tools/list_changed"})
    return text("changed")


def call(request: Any, params: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a tool says, None where it says nothing."""
    arguments = params.get("arguments") or {}
    tools: dict[str, Callable[[], dict[str, Any] | None]] = {
        "echo": lambda: text(arguments.get("text", "")),
        "pid": lambda: text(os.getpid()),
        "big": lambda: text("x" * int(arguments["size"])),
        "slow": lambda: slow(request, params, float(arguments["seconds"])),
        "cancelled": lambda: text(CANCELLED),
        "ask": ask,
        "say": say,
        "changed": changed,
        "environment": lambda: text(os.environ.get(arguments["name"], "")),
        "die": die,
        "hang": lambda: None,
    }
    return tools[params["name"]]()


def slow(request: Any, params: dict[str, Any], seconds: float) -> dict[str, Any] | None:
    token = (params.get("_meta") or {}).get("progressToken")
    for step in range(1, 6):
        time.sleep(seconds / 5)
        if request in CANCELLED:
            return None
        if token is not None:
            progress = {"progressToken": token, "progress": step, "total": 5}
            send({"method": "notifications/progress", "params": progress})
    return text("done")


def ask() -> dict[str, Any]:
    name = f"ask-{threading.get_ident()}"
    ANSWERS[name] = threading.Event()
    content = {"role": "user", "content": {"type": "text", "text": "hello?"}}
    send({"id": name, "method": "sampling/createMessage", "params": {"messages": [content], "maxTokens": 10}})
    if not ANSWERS[name].wait(10):
        return {**text("nobody answered"), "isError": True}
    reply = REPLIES[name]
    return text(reply["result"]["content"]["text"]) if "result" in reply else {**text(reply["error"]), "isError": True}


def answer(message: dict[str, Any]) -> None:
    method, params = message["method"], message.get("params") or {}
    if method == "initialize" and "clientInfo" not in params:
        send({"id": message["id"], "error": {"code": -32602, "message": "Who are you?"}})
        return
    if method == "initialize":
        CLIENT.update(params)
        capabilities = {"tools": {"listChanged": True}, "logging": {}}
        server = {"name": "probe", "version": "1"}
        version = params.get("protocolVersion", NEWEST)
        result: Any = {"protocolVersion": version, "capabilities": capabilities, "serverInfo": server}
    elif method == "tools/list":
        result = {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in TOOLS]}
    elif method == "subscriptions/listen":
        return  # as the Go SDK, which keeps it
    elif method in ("ping", "logging/setLevel"):
        result = {}
    elif method == "tools/call":
        result = call(message["id"], params)
        if result is None:
            return
    else:
        send({"id": message["id"], "error": {"code": -32601, "message": f"Method not found: {method}"}})
        return
    send({"id": message["id"], "result": result})


def complain(mode: str) -> None:
    """End with a word on stderr."""
    key = os.environ.get("PROBE_API_KEY", "unset")
    if mode == "exit":
        sys.exit(f"fatal: cannot reach the database with key {key}")
    if mode == "chatty":
        # Wherever what is kept of it is cut, a key is there.
        for number in range(3000):
            sys.stderr.write(f"{number} {key * 100}\n")
        sys.stderr.write(f"{key * 5000}\n")
        sys.exit("fatal: said it all")
    if mode == "tty" and not sys.stdin.isatty():
        sys.exit("the input device is not a TTY")


def misbehave(mode: str) -> None:
    complain(mode)
    if mode == "rubbish":
        while True:
            print("<html>this is no MCP server</html>", flush=True)
            time.sleep(0.2)
    if mode == "deaf":
        time.sleep(3600)
    if mode == "preamble":
        print("Welcome to the probe!\n\n*** ready ***", flush=True)
    if mode == "greets":
        send({"method": "notifications/message", "params": {"level": "info", "data": "early"}})
    if mode == "orphans":
        for _ in range(3):
            subprocess.Popen([sys.executable, "-c", "import os,time; os.fork() or time.sleep(3600)"])


def main() -> None:
    misbehave(sys.argv[1] if len(sys.argv) > 1 else "")
    for line in sys.stdin:
        message = json.loads(line)
        if "method" not in message:
            REPLIES[message["id"]] = message
            ANSWERS[message["id"]].set()
        elif "id" in message:
            threading.Thread(target=answer, args=(message,), daemon=True).start()
        elif message["method"] == "notifications/cancelled":
            CANCELLED.append(message["params"]["requestId"])


if __name__ == "__main__":
    main()

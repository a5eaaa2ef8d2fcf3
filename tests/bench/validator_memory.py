# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How much memory validations of hostile servers take: ``python tests/bench/validator_memory.py`` prints figures.

Each server sends as much as the limits of the validator allow, in the form that takes the most memory. The servers run
in another process; the figure is the peak of the resident memory of the process that validates, and its increase.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import importlib
import json
import multiprocessing
import re
import socketserver
import sys
import time
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "operator" / "src")]

LIMIT = 4 * 1024 * 1024 - 4096
# Nested objects take the most memory for each value that the validator counts, and a character outside of the basic
# plane makes each character of the decoded text take four bytes.
_CHAIN = '{"a":' * 900 + "1" + "}" * 900
NESTED = "[" + ",".join([_CHAIN] * 130) + "]"
WIDE = "\U0001f600"
_ID = re.compile(rb'"id": ?(\d+)')


def padded(text: str) -> bytes:
    """Fill a JSON object with white space up to the limit."""
    data = text.encode()
    return data + b" " * (LIMIT - len(data))


def initialized(version: str = "2025-11-25", **more: Any) -> dict[str, Any]:
    info = {"name": "hostile", "version": "1"}
    return {"protocolVersion": version, "capabilities": {"tools": {}, "resources": {}}, "serverInfo": info, **more}


def response(number: int, result: str) -> str:
    return f'{{"jsonrpc":"2.0","id":{number},"result":{result}}}'


def page(number: int) -> str:
    field = "tools" if number % 2 else "resources"
    return response(
        number, f'{{"{field}":[{{"name":"{WIDE}","x":{NESTED}}}],"tools":[],"resources":[],"nextCursor":"{number}"}}'
    )


def big_initialize(number: int) -> str:
    return response(number, json.dumps({**initialized(), "x": "X"}).replace('"X"', NESTED).replace("hostile", WIDE))


class Hostile(socketserver.StreamRequestHandler):
    """Answers POST as its kind says, and everything else with 405."""

    kind = "pages"

    def handle(self) -> None:
        while (head := self.read_head()) and (length := re.search(rb"content-length: *(\d+)", head.lower())):
            body = self.rfile.read(int(length.group(1)))
            found = _ID.search(body)
            if found is None:
                self.send(b"202 Accepted", b"")
            elif b'"initialize"' in body:
                self.initialize(int(found.group(1)))
            else:
                self.list(int(found.group(1)))
        self.wfile.write(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n")

    def read_head(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def send(self, status: bytes, body: bytes, fields: bytes = b"Content-Type: application/json\r\n") -> None:
        self.wfile.write(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n" % (status, fields, len(body)))
        self.wfile.write(body)

    def initialize(self, number: int) -> None:
        if self.kind == "initialize":
            self.send(b"200 OK", padded(big_initialize(number)))
        elif self.kind == "body":
            self.send(b"200 OK", b" " * (16 * 1024 * 1024))
        else:
            self.send(b"200 OK", response(number, json.dumps(initialized())).encode())

    def list(self, number: int) -> None:
        data = padded(page(number))
        if self.kind == "events":
            event = b"".join(b"data:%s\n" % line for line in re.findall(rb".{1,64}", data[: LIMIT * 12 // 14])) + b"\n"
            self.send(b"200 OK", event, b"Content-Type: text/event-stream\r\n")
        elif self.kind == "gzip":
            fields = b"Content-Type: application/json\r\nContent-Encoding: deflate\r\n"
            self.send(b"200 OK", zlib.compress(data), fields)
        elif self.kind == "drip":
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(data)
            )
            for start in range(0, len(data), 1 << 18):
                self.wfile.write(data[start : start + (1 << 18)])
                time.sleep(0.5)
        else:
            self.send(b"200 OK", data)


KINDS = ("pages", "initialize", "body", "events", "gzip", "drip")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients close their connections at any time."""


def serve(pipe: Any, kinds: list[str]) -> None:
    servers = [Server(("127.0.0.1", 0), type(kind, (Hostile,), {"kind": kind})) for kind in kinds]
    with concurrent.futures.ThreadPoolExecutor(len(servers)) as pool:
        for server in servers:
            pool.submit(server.serve_forever)
        pipe.send([server.server_address[1] for server in servers])
        pipe.recv()
        for server in servers:
            server.shutdown()


def peak() -> float:
    """Return the peak of the resident memory of this process in MiB."""
    # ru_maxrss would include the parent process at the time of the fork.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=64, help="validations at the same time (default 64)")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for each validation (default 10)")
    parser.add_argument("--kind", choices=KINDS, action="append", help="a kind of server; repeatable (default all)")
    arguments = parser.parse_args()
    kinds = arguments.kind or list(KINDS)
    api = importlib.import_module("ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api")
    importlib.import_module("mcp_operator.process.allocator").return_large_blocks()  # as the operator does
    here, there = multiprocessing.Pipe()
    servers = multiprocessing.get_context("spawn").Process(target=serve, args=(there, kinds))
    servers.start()
    ports = here.recv()
    before = peak()
    options = api.Options(timeout=arguments.timeout)
    targets = [
        (api.Target(url=f"http://127.0.0.1:{ports[number % len(ports)]}/mcp"), options)
        for number in range(arguments.places)
    ]
    began = time.monotonic()
    reports = api.validate_all(targets, arguments.places)
    found = {
        "places": arguments.places,
        "kinds": kinds,
        "seconds": round(time.monotonic() - began, 1),
        "before_mib": round(before),
        "peak_mib": round(peak()),
        "cpu_seconds": round(time.process_time(), 1),
        "issues": {
            kinds[number]: sorted({issue.code for report in reports[number :: len(kinds)] for issue in report.issues})
            for number in range(min(len(kinds), arguments.places))
        },
    }
    here.send(None)
    servers.join()
    print(json.dumps(found))


if __name__ == "__main__":
    main()

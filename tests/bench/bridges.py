# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Bridges from stdio to HTTP, tried: ``python tests/bench/bridges.py --folder DIR`` prints a table in Markdown.

The candidates are installed into the folder with pip and npm (versions below) and run on loopback, one after another.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from secrets import token_urlsafe

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from bridge_checks import CHECKS  # noqa: E402 - beside this file

from support.bridging.running import Candidate, run  # noqa: E402

PROBE = [sys.executable, str(ROOT / "tests" / "servers" / "images" / "stdio" / "probe.py")]
PIP = {"py": "mcp-proxy==0.13.0", "cf": "mcp-contextforge-gateway==1.0.7.post20260921"}
NPM = {"npm": "mcp-proxy@6.7.19", "gateway": "supergateway@4.0.0"}


def candidates(folder: Path, ours: str) -> list[Candidate]:
    def node(name: str, program: str) -> tuple[str, ...]:
        return ("node", str(folder / name / "node_modules" / ".bin" / program))

    gateway = (
        *node("gateway", "supergateway"),
        "--stdio",
        "SERVER",
        "--port",
        "{port}",
        "--healthEndpoint",
        "/healthz",
    )
    found = [
        Candidate(
            "mcp-proxy 0.13.0 (PyPI)",
            (str(folder / "py" / "bin" / "mcp-proxy"), "--port", "{port}", "--pass-environment", "--"),
            "/status",
        ),
        Candidate(
            "mcp-proxy 6.7.19 (npm)",
            (*node("npm", "mcp-proxy"), "--host", "127.0.0.1", "--port", "{port}", "--"),
            "/ping",
        ),
        Candidate(
            "supergateway 4.0.0, stateful",
            (*gateway, "--outputTransport", "streamableHttp", "--stateful"),
            "/healthz",
            quoted=True,
        ),
        Candidate(
            "ContextForge translate 1.0.7",
            (
                *(str(folder / "cf" / "bin" / "python"), "-m", "mcpgateway.translate", "--stdio", "SERVER"),
                *("--expose-streamable-http", "--expose-sse", "--port", "{port}"),
            ),
            "/healthz",
            quoted=True,
            # It does not start without them, although nothing here uses them.
            environment={name: token_urlsafe(48) for name in ("JWT_SECRET_KEY", "AUTH_ENCRYPTION_SECRET")},
        ),
        Candidate("supergateway 4.0.0, sse", (*gateway, "--outputTransport", "sse"), "/healthz", True, True),
    ]
    if ours:
        listen = (ours, "run", "--listen", "127.0.0.1:{port}", "--termination-log", "/dev/null", "--max-sessions", "64")
        found += [
            Candidate(f"mcp-sidecar, {mode}", (*listen, "--mode", mode, "--"), "/healthz")
            for mode in ("session", "shared")
        ]
    return found


def install(folder: Path) -> None:
    for name, package in PIP.items():
        if not (folder / name).exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
            subprocess.run([str(folder / name / "bin" / "pip"), "install", "-q", package], check=True)
    for name, package in NPM.items():
        if not (folder / name).exists():
            options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(["npm", "install", "--prefix", str(folder / name), *options, package], check=True)


def at_start(candidate: Candidate) -> str:
    """The command is not there."""
    with run(candidate, ["/no/such/program"], 10.0) as bridge:
        deadline = time.monotonic() + 10
        while bridge.ended() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        return (
            f"ends with exit code {bridge.ended()}"
            if bridge.ended() is not None
            else f"runs on, health {bridge.health()}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the candidates are, or are installed")
    parser.add_argument("--ours", default="", help="our bridge's program, where it is to be tried too")
    parser.add_argument("--only", default="", help="part of a candidate's name")
    parser.add_argument("--check", default="", help="part of a question")
    arguments = parser.parse_args()
    install(arguments.folder)
    chosen = [c for c in candidates(arguments.folder, arguments.ours) if arguments.only in c.name]
    print(f"| | {' | '.join(c.name for c in chosen)} |\n|---|{'---|' * len(chosen)}", flush=True)
    for question, check in CHECKS.items():
        if arguments.check not in question:
            continue
        cells = []
        for candidate in chosen:
            try:
                with run(candidate, PROBE) as bridge:
                    cells.append(check(bridge))
            except Exception as problem:
                cells.append(f"no: {type(problem).__name__} {str(problem)[:80]}".replace("|", "/"))
        print(f"| {question} | {' | '.join(cells)} |", flush=True)
    if arguments.check in "command not found":
        print(f"| command not found | {' | '.join(at_start(c) for c in chosen)} |", flush=True)


if __name__ == "__main__":
    main()

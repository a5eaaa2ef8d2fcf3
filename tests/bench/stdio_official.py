# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the official conformance suite and the official SDKs' clients say of servers in Pods, natively and bridged.

    .venv/bin/python tests/bench/stdio_official.py

Prints the verdicts that are not the same natively and behind the bridge, and what clients see that is not the same.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from stdio_servers import ROOT, deployed, inside, load, ready_pod, url_of

sys.path.insert(0, str(ROOT / "tests" / "servers"))

from oracle import clients, conformance
from oracle.servers import Server

KINDS = ("clock", "everything")
WAYS = ("native", "session", "shared")
VERSIONS = ("2025-11-25", "2026-07-28")


class Pods:
    """Where servers answer, as the clients' catalogue asks for it."""

    def __init__(self, urls: dict[str, str]) -> None:
        self._urls = urls

    def url(self, name: str) -> str:
        return self._urls[name]


def judged(url: str, version: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the suite's verdict and words for each requirement."""
    with tempfile.TemporaryDirectory() as folder:
        found = conformance.judge(url, version, Path(folder))
    return {(check.scenario, check.id): (check.status, check.message) for check in found}


def compare(kind: str, urls: dict[str, str], version: str) -> None:
    """Print how many requirements each way meets, and those in which a bridged one differs."""
    verdicts = {way: judged(urls[f"{kind}-{way}"], version) for way in WAYS}
    print(f"\n### {kind}, {version} ({load()})\n")
    for way, found in verdicts.items():
        counts = Counter(status for status, _message in found.values())
        print(f"- {way}: {', '.join(f'{count} {status}' for status, count in sorted(counts.items()))}")
    every = sorted({requirement for found in verdicts.values() for requirement in found})
    print(f"\n| scenario | requirement | {' | '.join(WAYS)} | words |\n|---|---|{'---|' * len(WAYS)}---|")
    for requirement in every:
        said = [verdicts[way].get(requirement, ("not judged", "")) for way in WAYS]
        if len({status for status, _message in said}) > 1:
            words = next((message for _status, message in said if message), "").replace("|", "/").replace("\n", " ")
            print(
                f"| {' | '.join(requirement)} | {' | '.join(status for status, _ in said)} | {words[:160]} |",
                flush=True,
            )


def see(kind: str, urls: dict[str, str]) -> None:
    """Print what each official client sees otherwise behind the bridge."""
    servers = [Server(f"{kind}-{way}", ()) for way in WAYS]
    print(f"\n### {kind}: the official clients ({load()})\n")
    for client in clients.catalogue():
        seen = client.describe(servers, Pods(urls))  # type: ignore[arg-type]
        native = seen[f"{kind}-native"]
        for way in WAYS[1:]:
            print(f"- {client.name}, {way}: {differences(native, seen[f'{kind}-{way}'])}", flush=True)


def differences(native: dict[str, Any], bridged: dict[str, Any]) -> str:
    unlike = {
        field: (native.get(field), bridged.get(field))
        for field in sorted({*native, *bridged})
        if native.get(field) != bridged.get(field)
    }
    if "error" in native:
        return f"natively {native['error']}, bridged {bridged.get('error', 'none')}"
    if not unlike:
        counts = {field: len(value) for field, value in native.items() if isinstance(value, list)}
        return f"the same ({native.get('protocolVersion')}, {json.dumps(counts)})"
    return "; ".join(f"{field}: natively {json.dumps(a)}, bridged {json.dumps(b)}" for field, (a, b) in unlike.items())


def main() -> None:
    names = [f"{kind}-{way}" for kind in KINDS for way in WAYS]
    with deployed(*names) as (client, namespace):
        urls = {name: f"{url_of(ready_pod(client, namespace, name))}/mcp" for name in names}
        for kind in KINDS:
            see(kind, urls)
            for version in VERSIONS:
                compare(kind, urls, version)


if __name__ == "__main__":
    clients.catalogue()  # which installs them, where there is a network
    if inside():
        main()

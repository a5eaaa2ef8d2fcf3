# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Judges one server: starts it, validates it, shows it to the official clients, and returns the result as JSON."""

from __future__ import annotations

import functools
import hashlib
import importlib
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from imagebuilder.errors import BuildError

from ..clients import Client, Session
from . import compare
from .catalogue import Judged, Reason
from .installers import placeholders
from .process import Running

UTILS = Path(__file__).resolve().parents[4] / "plugins" / "module_utils"
VALIDATOR = "ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api"
# The machine may be busy, and a server may listen before it can respond.
TIMES = {"timeout": 180.0, "request_timeout": 60.0, "start_timeout": 60.0}
TEXT = 160


@functools.cache
def validator_digest() -> str:
    """Return a digest of the code of the validator. The code does not change while this command runs."""
    files = [*UTILS.glob("_*.py"), *(UTILS / "_mcp").rglob("*.py")]
    sources = (f"{file.relative_to(UTILS)}\0".encode() + file.read_bytes() for file in sorted(files))
    return hashlib.sha256(b"\0".join(sources)).hexdigest()[:12]


def judge(server: Judged, sessions: dict[Client, Session], reasons: Iterable[Reason]) -> dict[str, Any]:
    """Return the result of one server; an installation or a start that fails is a result too.

    :param sessions: a running process of each client.
    """
    result: dict[str, Any] = {
        "name": server.name,
        "ecosystem": server.ecosystem,
        "packages": [package for packages in server.packages.values() for package in packages],
        "transport": server.transport,
        "validator_digest": validator_digest(),
    }
    try:
        values = placeholders(server)
        with (
            tempfile.TemporaryDirectory(prefix="judged-", ignore_cleanup_errors=True) as folder,
            Running(server, values, Path(folder)) as running,
        ):
            return {**result, **_judge(server, running, sessions, reasons)}
    except BuildError as exc:
        return {**result, "verdict": compare.NOT_JUDGED, "why": [_short(str(exc))]}


def _judge(
    server: Judged, running: Running, sessions: dict[Client, Session], reasons: Iterable[Reason]
) -> dict[str, Any]:
    report = _validate(server, running, deep=False)
    starts = running.starts
    running.prepare()
    ended = running.starts > starts and not server.fresh
    deep = _validate(server, running, deep=True)
    usable = {client: session for client, session in sessions.items() if client.stateless or server.handshake}
    seen = {client.name: _describe(client, session, server, running) for client, session in usable.items()}
    verdict, why = compare.compare(server, report, seen, reasons)
    return {
        "server": report["server_info"],
        "validator": {
            "compliant": report["compliant"],
            "revision": report["protocol_version"],
            "revisions": report["supported_versions"],
            "transport": report["transport"],
            "issues": _issues(report),
            "deep": [issue for issue in _issues(deep) if issue not in _issues(report)],
            "milliseconds": round(report["duration"] * 1000),
        },
        "clients": {
            name: {"error": _short(answer["error"])} if "error" in answer else {"revision": answer["protocolVersion"]}
            for name, answer in seen.items()
        },
        "ends_with_session": ended,
        "verdict": verdict,
        "why": why,
    }


def _issues(report: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(f"{issue['level']} {issue['code']}" for issue in report["issues"]))


def _validate(server: Judged, running: Running, *, deep: bool) -> dict[str, Any]:
    api = importlib.import_module(VALIDATOR)
    options = api.Options(
        deep=deep,
        **TIMES,
        bearer_token=server.token or None,
        ca_cert=str(running.authority) if server.tls else None,
    )
    report: dict[str, Any] = api.validate(api.Target(url=running.url), options).to_dict()
    return report


def _describe(client: Client, session: Session, server: Judged, running: Running) -> dict[str, Any]:
    running.prepare()
    target: dict[str, Any] = {"url": running.url, "transport": server.transport}
    if server.token:
        target["headers"] = {"Authorization": f"Bearer {server.token}"}
    if not server.tls:
        return session.describe(target)
    trusted = str(running.authority)
    with Session(client, {"SSL_CERT_FILE": trusted, "NODE_EXTRA_CA_CERTS": trusted}) as own:
        return own.describe(target)


def _short(text: str) -> str:
    """Return one line without what differs from run to run: ports, paths and times."""
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", " ".join(text.split()))
    text = re.sub(r"/\S*/(?:oracle|judged-\w+)/\S*", "...", text)
    return text if len(text) <= TEXT else f"{text[:TEXT]}..."

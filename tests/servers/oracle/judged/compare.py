# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Compares what the validator reports about a server with what the official clients can do with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .catalogue import Judged, Reason

EQUAL, STRICTER, WRONG, NOT_JUDGED = "equal", "stricter", "wrong", "not judged"
VERDICTS = (EQUAL, STRICTER, WRONG, NOT_JUDGED)
# Some clients drop what is not a server's capability, such as the "elicitation" of server-everything 2025.8.18.
CAPABILITIES = {"completions", "experimental", "extensions", "logging", "prompts", "resources", "tasks", "tools"}
LISTS = {"tools": "tools", "resources": "resources", "resource_templates": "resourceTemplates", "prompts": "prompts"}


def compare(
    server: Judged, report: dict[str, Any], seen: dict[str, dict[str, Any]], reasons: Iterable[Reason]
) -> tuple[str, list[str]]:
    """Return the verdict about the validator, and why it differs.

    :param report: the validator's, as JSON.
    :param seen: what each client that has a revision in common with the server saw, or an ``error``.
    """
    mine = [reason for reason in reasons if reason.explains(server.name)]
    works = [client for client, answer in seen.items() if "error" not in answer]
    errors = {issue["code"] for issue in report["issues"] if issue["level"] == "error"}
    if not report["compliant"]:
        return _compare_failed(works, errors, mine)
    wrong, why = [], []
    for client, answer in seen.items():
        explained = [reason.why for reason in mine if reason.client == client]
        found = ["fails"] if client not in works else [f"sees {one}" for one in differences(report, answer)]
        if found:
            why += explained[:1]
            wrong += [] if explained else [f"the server passes, but {client} {one}" for one in found]
    return (WRONG, wrong) if wrong else (EQUAL, list(dict.fromkeys(why)))


def _compare_failed(works: list[str], errors: set[str], reasons: list[Reason]) -> tuple[str, list[str]]:
    if not works:  # most likely this list starts the server in a wrong way
        return NOT_JUDGED, [f"No client can use the server, and the validator reports {', '.join(sorted(errors))}."]
    explained = {reason.code: reason.why for reason in reasons if reason.code in errors}
    missing = sorted(errors - explained.keys())
    if missing or not errors:
        return WRONG, [f"{', '.join(missing) or 'the server fails'}, but {', '.join(works)} can use the server"]
    return STRICTER, list(explained.values())


def differences(report: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Return what a client sees otherwise than the report says."""
    version = theirs["protocolVersion"]
    found = []
    if version != report["protocol_version"] and version not in report["supported_versions"]:
        found.append(f"revision {version}, and the report {report['protocol_version']}")
    said = next((one for one in report["revisions"] if one["protocol_version"] == version), report)
    info = theirs["serverInfo"]
    if info is not None and {key: (said["server_info"] or {}).get(key) for key in ("name", "version")} != info:
        found.append(f"serverInfo {info}")
    for ours, name in LISTS.items():
        listing = said[ours]
        if sorted(listing["names"] if listing else []) != theirs[name]:
            found.append(f"{len(theirs[name])} {name}, and the report {listing['count'] if listing else 0}")
    mine = {name for name in said["capabilities"] if name in CAPABILITIES or name in theirs["capabilities"]}
    if mine != set(theirs["capabilities"]):
        found.append(f"capabilities {theirs['capabilities']}")
    return found

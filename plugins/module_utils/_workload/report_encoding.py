# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The validator's reports, short enough for a termination message, and back.

Kubernetes keeps the last 4,096 bytes of a termination message. What a status shows of reports fits into less; the whole
reports are in the log. A message is written by a container in a tenant's namespace, so each value of it is checked.
"""

from __future__ import annotations

import json
import re
import typing as t

from .._deprecations import known_features
from .._util import clean
from .validation_interval import ttl_of

MAX_BYTES = 3072
# Of what may be cut, from the roomiest to the tightest: issues, and characters of their texts.
_CUTS = ((20, 200), (10, 120), (5, 80), (3, 60), (1, 40), (1, 0))
_LEVELS = ("error", "warning", "info")
_TRANSPORTS = ("streamable-http", "sse")
_KINDS = ("tools", "resources", "prompts")
_MOST_NAMES = 32
_MOST_COUNT = 1_000_000
# The form of all codes in `_mcp/issues`.
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,62}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)

if t.TYPE_CHECKING:
    Report = dict[str, t.Any]


def encode_reports(reports: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """Return ``Report.to_dict()`` of some servers as JSON of at most 3 KiB, equal reports once.

    :raises ValueError: these are more reports than one Job makes.
    """
    for issues, characters in _CUTS:
        text = _encode([_shortened(report, issues, characters) for report in reports])
        if len(text) <= MAX_BYTES:
            return text
    # A server must not escape its result by what it calls itself.
    text = _encode([_outcome(report) for report in reports])
    if len(text) <= MAX_BYTES:
        return text
    raise ValueError(f"{len(reports)} reports do not fit into {MAX_BYTES} bytes")


def _encode(reports: t.Sequence[Report]) -> str:
    different: list[Report] = []
    for report in reports:
        if report not in different:
            different.append(report)
    numbers = [different.index(report) for report in reports]
    return json.dumps({"servers": numbers, "reports": different}, separators=(",", ":"))


def decode_reports(text: str) -> list[Report] | None:
    """Return the reports of a termination message, in the order of the servers; None where it is none."""
    try:
        found = json.loads(text[: 2 * MAX_BYTES])
        reports = [_checked(report) for report in found["reports"]]
        return [reports[_index(number)] for number in found["servers"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _outcome(report: t.Mapping[str, t.Any]) -> Report:
    """Return what decides, and nothing that the server wrote."""
    worst = sorted(report["issues"], key=lambda issue: _LEVELS.index(issue["level"]))[:1]
    given = {name: report[name] for name in ("connected", "requires_auth", "transport", "session") if report.get(name)}
    issues = [{"level": issue["level"], "code": issue["code"]} for issue in worst]
    return {"compliant": report["compliant"], **given, "issues": issues}


def _shortened(report: t.Mapping[str, t.Any], issues: int, characters: int) -> Report:
    worst = sorted(report["issues"], key=lambda issue: _LEVELS.index(issue["level"]))[:issues]
    tight = characters <= _CUTS[2][1]
    return {
        "compliant": report["compliant"],
        "connected": bool(report.get("connected")),
        "requires_auth": report["requires_auth"],
        "transport": report["transport"],
        "session": report["session"],
        "ttl": report.get("ttl"),
        "path": clean(report["path"], 200),
        "protocol_version": clean(report["protocol_version"], 40),
        "supported_versions": [clean(name, 40) for name in report["supported_versions"][: 3 if tight else 8]],
        "deprecated_features": known_features(report.get("deprecated_features")),
        "capabilities": [clean(name, 20 if tight else 40) for name in report["capabilities"][: 8 if tight else 16]],
        "server_info": {
            name: clean((report["server_info"] or {}).get(name), 30 if tight else 100) for name in ("name", "version")
        },
        **{kind: (report[kind] or {}).get("count") for kind in _KINDS},
        "offers": (report.get("offers") or {}).get("digest"),
        "issues": [
            {"level": issue["level"], "code": issue["code"]}
            | {field: clean(issue[field], characters) for field in ("message", "action") if characters}
            for issue in worst
        ],
    }


def _checked(found: t.Any) -> Report:
    compliant, transport = found["compliant"], found.get("transport")
    # By identity: 0 equals False, and is not the evidence of a failure that closes a gate.
    if not any(compliant is value for value in (True, False, None)):
        raise ValueError("compliant")
    info = {name: _text((found.get("server_info") or {}).get(name), 200) for name in ("name", "version")}
    return {
        "compliant": compliant,
        "connected": found.get("connected") is True,
        "requires_auth": found.get("requires_auth") is True,
        "transport": transport if transport in _TRANSPORTS else None,
        "session": found.get("session") is True,
        "ttl": ttl_of(found),
        "path": _text(found.get("path"), 1024) or None,
        "protocol_version": _text(found.get("protocol_version"), 40) or None,
        "supported_versions": _names(found.get("supported_versions")),
        "deprecated_features": known_features(found.get("deprecated_features")),
        "capabilities": _names(found.get("capabilities")),
        "server_info": info if any(info.values()) else None,
        **{kind: _listing(found.get(kind)) for kind in _KINDS},
        "offers": _offers(found.get("offers")),
        "issues": [
            {
                "level": issue["level"] if issue["level"] in _LEVELS else "info",
                "code": _code(issue["code"]),
                "message": _text(issue.get("message"), 300),
                "action": _text(issue.get("action"), 300),
            }
            for issue in found["issues"][: _CUTS[0][0]]
        ],
    }


def _index(found: t.Any) -> int:
    if not isinstance(found, int) or found < 0:
        raise ValueError("servers")
    return found


def _text(found: t.Any, limit: int) -> str:
    return clean(found, limit) if isinstance(found, str) else ""


def _code(found: t.Any) -> str:
    if not isinstance(found, str) or not _CODE.fullmatch(found):
        raise ValueError("code")
    return found


def _names(found: t.Any) -> list[str]:
    names = found[:_MOST_NAMES] if isinstance(found, list) else []
    return [text for text in (_text(name, 63) for name in names) if text]


def _offers(digest: t.Any) -> dict[str, t.Any] | None:
    known = isinstance(digest, str) and _DIGEST.fullmatch(digest) is not None
    return {"digest": digest, "kinds": {}, "problem": None} if known else None


def _listing(count: t.Any) -> dict[str, int] | None:
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        return None
    return {"count": min(count, _MOST_COUNT)}

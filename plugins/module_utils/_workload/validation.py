# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""From the validator's reports on an MCPServer's Pods to ``status.validation``."""

from __future__ import annotations

import typing as t

from .._util import clean
from . import migration, names, network_diagnosis, offers, stdio, tls
from .fields import mapping
from .ports import service_port
from .validation_interval import ttl_of

# What status holds of a report; the full one is for logs and results.
_MAX_ISSUES = 20
_MAX_MESSAGE = 300
_MAX_AUTH = 10
_MAX_NAMES = 20
# Seconds from one light probe to the next, and failures in a row that count.
_PERIOD, _THRESHOLD = 10.0, 3
# A process is started for it.
_COSTLY_PERIOD = 60.0
# States without a result: reason and message of the condition Validated.
_UNKNOWN = {
    "Pending": ("ValidationPending", "The Pods have not been validated yet."),
    "Validating": ("ValidationPending", "The Pods are being validated."),
    "AuthRequired": ("AuthRequired", "The server requires credentials, so its compliance is unknown."),
    "Disabled": ("ValidationDisabled", "spec.validation.enabled is false."),
}
_VERDICTS = ("Validated", "AuthRequired", "Failed")


def enabled(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the manifest wants validation; the default is yes."""
    return mapping(server["spec"], "validation").get("enabled") is not False


def strict(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a server that fails validation is a failed deployment."""
    return bool(mapping(server["spec"], "validation").get("strictMode"))


def probe(server: t.Mapping[str, t.Any]) -> tuple[float, int]:
    """Return how often the Pods of a strict server shake hands, in seconds, and how many failures in a row count."""
    wanted = mapping(mapping(server["spec"], "validation"), "probe")
    period, threshold = wanted.get("periodSeconds"), int(wanted.get("failureThreshold") or _THRESHOLD)
    if not strict(server):
        return 0.0, threshold
    usual = _COSTLY_PERIOD if stdio.starts_for_each(server["spec"]) else _PERIOD
    return usual if period is None else float(period), threshold


def pending(server: t.Mapping[str, t.Any], *, running: bool = False) -> dict[str, t.Any]:
    """Return ``status.validation`` before there is a verdict.

    :param running: a validation is under way.
    """
    if not enabled(server):
        return {"state": "Disabled"}
    before = (server.get("status") or {}).get("validation") or {}
    if _same_generation(server) and before.get("state") in _VERDICTS:
        # The result for this generation remains until there is another one.
        return dict(before)
    return {"state": "Validating" if running else "Pending", "attempts": attempts(server), **_last_known(server)}


def verdict(
    server: t.Mapping[str, t.Any],
    reports: t.Sequence[t.Mapping[str, t.Any]],
    now: str,
    *,
    tries: int | None = None,
    validated_containers: str = "",
    pin: offers.Pin | None = None,
) -> dict[str, t.Any]:
    """Return ``status.validation`` from the reports on all Pods; one bad Pod makes a bad server.

    :param reports: ``Report.to_dict()`` of each Pod, at least one.
    :param now: RFC 3339 time of the verdict.
    :param tries: how often this generation was validated; None for once more than before.
    :param validated_containers: a digest of the containers that were validated.
    :param pin: what the server may offer; reports that must match it have been judged.
    """
    worst = max(reports, key=_badness)
    state = _state(worst)
    generation = int(server["metadata"].get("generation") or 0)
    found: dict[str, t.Any] = {
        "state": state,
        "requiresAuth": bool(worst["requires_auth"]),
        "attempts": attempts(server) + 1 if tries is None else tries,
        "lastAttemptTime": now,
        "issues": [_issue(issue) for issue in worst["issues"][:_MAX_ISSUES]],
    }
    auth = _auth(worst.get("auth") or {})
    if worst["requires_auth"] and auth:
        found["auth"] = auth
    # A server that requires credentials was not validated further: whether it is compliant is unknown.
    if worst["compliant"] is not None:
        found["compliant"] = bool(worst["compliant"])
    if worst["transport"]:
        found["protocol"] = worst["transport"]
        found["keepsSessions"] = bool(worst.get("session"))
        found["endpoint"] = endpoint(server, worst.get("path"))
    if worst["protocol_version"]:
        found["protocolVersion"] = clean(worst["protocol_version"], 40)
        found["supportedVersions"] = [clean(version, 40) for version in worst["supported_versions"][:16]]
    if worst["capabilities"]:
        found["capabilities"] = [clean(name, 63) for name in worst["capabilities"][:32]]
    found.update(_of_all(reports))
    found.update(_listed(worst))
    if validated_containers:
        found["proof"] = validated_containers
    if worst["server_info"]:
        found["serverInfo"] = {key: clean(worst["server_info"].get(key), 200) for key in ("name", "version")}
    if state == "Validated":
        found["lastValidated"] = now
        found["validatedGeneration"] = generation
    else:
        found.update(_last_success(server))
    _add_offers(found, server, reports, pin)
    return found


def _add_offers(
    found: dict[str, t.Any],
    server: t.Mapping[str, t.Any],
    reports: t.Sequence[t.Mapping[str, t.Any]],
    pin: offers.Pin | None,
) -> None:
    offered = offers.offers_status(server, reports, pin)
    found.pop("offers", None)
    if offered:
        found["offers"] = offered
    if offered.get("changed") and pin is not None and not pin.required:
        found["issues"] = [*found["issues"][: _MAX_ISSUES - 2], offers.offer_changed(offered)]
    if offered.get("replicasDiffer"):
        found["issues"] = [*found["issues"][: _MAX_ISSUES - 1], offers.replicas_differ()]


def _auth(declared: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what a server declared about the credentials that it requires, in its own words but shortened."""
    found: dict[str, t.Any] = {
        name: clean(declared[field], 500)
        for name, field in (("scheme", "scheme"), ("resourceMetadata", "resource_metadata"), ("resource", "resource"))
        if declared.get(field)
    }
    for name, field in (("authorizationServers", "authorization_servers"), ("scopes", "scopes")):
        if declared.get(field):
            found[name] = [clean(text, 200) for text in declared[field][:_MAX_AUTH]]
    return found


def _of_all(reports: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Return what does not depend on the worst Pod: deprecated features of any Pod, and the shortest freshness."""
    found: dict[str, t.Any] = {}
    features = migration.features_of(reports)
    if features is not None:
        found[migration.FIELD] = features
    fresh = [ttl for ttl in map(ttl_of, reports) if ttl is not None]
    if fresh:
        found["ttlSeconds"] = int(min(fresh))
    return found


def _listed(report: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {}
    for kind in ("tool", "resource", "prompt"):
        listing = report.get(f"{kind}s")
        if listing:
            found[f"{kind}Count"] = int(listing["count"])
            named = listing.get("names")  # a Job has no room for them
            if named:
                found[f"{kind}Names"] = [clean(name, 63) for name in named[:_MAX_NAMES]]
    return found


def is_settled(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the status has a validation result for this generation, or validation is disabled."""
    state = ((server.get("status") or {}).get("validation") or {}).get("state")
    return _same_generation(server) and (state in _VERDICTS or state == "Disabled")


def attempts(server: t.Mapping[str, t.Any]) -> int:
    """Return how often this generation has been validated."""
    if not _same_generation(server):
        return 0
    return int(((server.get("status") or {}).get("validation") or {}).get("attempts") or 0)


def endpoint(server: t.Mapping[str, t.Any], path: t.Any) -> str:
    """Return the URL at which clients in the cluster reach the server."""
    meta = server["metadata"]
    host = names.host(meta["name"], meta["namespace"])
    return f"{tls.scheme(server)}://{host}:{service_port(server)}{clean(path, 1024) or '/'}"


def condition(found: t.Mapping[str, t.Any], failed: str) -> tuple[str, str, str]:
    """Return status, reason and message of the condition Validated.

    It is True only for a result of the generation that the status is about.

    :param found: ``status.validation``.
    :param failed: why the validation failed.
    """
    state = str(found.get("state"))
    blocked = network_diagnosis.blocked_by(found)
    if blocked and state in ("Pending", "Validating"):
        return "Unknown", network_diagnosis.REASON, blocked
    if state == "Validated":
        spoken = " ".join(str(found[name]) for name in ("protocol", "protocolVersion") if found.get(name))
        return "True", state, f"The server speaks MCP: {spoken}." if spoken else "The server speaks MCP."
    if state == "Failed":
        return "False", "ValidationFailed", failed or "The validation failed."
    return "Unknown", _UNKNOWN[state][0], _UNKNOWN[state][1]


def resolved_transport(server: t.Mapping[str, t.Any], found: t.Mapping[str, t.Any], now: str) -> dict[str, t.Any]:
    """Return ``status.resolvedTransport``: the protocol of the last validation that passed; empty if none has.

    :param found: the new ``status.validation``.
    """
    before = dict((server.get("status") or {}).get("resolvedTransport") or {})
    if found.get("state") != "Validated":
        return before
    resolved = {
        "protocol": found["protocol"],
        "keepsSessions": bool(found.get("keepsSessions")),
        "sseConfigApplied": mapping(server["spec"], "transport").get("protocol") == "sse",
        "resolvedGeneration": found["validatedGeneration"],
    }
    same = resolved.items() <= before.items()
    return before if same else {**resolved, "lastResolvedTime": now}


def failure(reports: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """Return the first error of the worst report in one line: code, what was seen, what to do."""
    worst = max(reports, key=_badness)
    for issue in worst["issues"]:
        if issue["level"] == "error":
            parts = [f"{issue['code']}: {clean(issue['message'], _MAX_MESSAGE)}", clean(issue.get("action"), 300)]
            return " ".join(part for part in parts if part)
    return "The server did not prove that it speaks MCP."


def _same_generation(server: t.Mapping[str, t.Any]) -> bool:
    observed = (server.get("status") or {}).get("observedGeneration")
    return observed is not None and observed == server["metadata"].get("generation")


def _last_success(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    before = (server.get("status") or {}).get("validation") or {}
    return {key: before[key] for key in ("lastValidated", "validatedGeneration", "results", "offers") if key in before}


def _last_known(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what remains of the last result until there is another one."""
    before = (server.get("status") or {}).get("validation") or {}
    used = {migration.FIELD: before[migration.FIELD]} if migration.FIELD in before else {}
    return {**_last_success(server), **used}


def _state(report: t.Mapping[str, t.Any]) -> str:
    if report["compliant"]:
        return "Validated"
    return "AuthRequired" if report["requires_auth"] and report["compliant"] is None else "Failed"


def _badness(report: t.Mapping[str, t.Any]) -> int:
    return _VERDICTS.index(_state(report))


def _issue(issue: t.Mapping[str, t.Any]) -> dict[str, str]:
    return {
        "level": str(issue["level"]),
        "code": clean(issue["code"], 63),
        "message": clean(issue["message"], _MAX_MESSAGE),
    }

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Metrics about MCPServers, computed from their statuses at every scrape.

Therefore no metric differs from a status, and none outlives its MCPServer. Names and labels are those of the reference
operator where they mean the same, so that existing dashboards keep working. Label values are the namespaces and names
of MCPServers, and words from fixed lists. Text that a server returns never becomes a label value.
"""

from __future__ import annotations

import typing as t

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .._vendor._deprecations import DEPRECATIONS, known_features
from .._vendor._mcp.issues.catalogue import ISSUE_KINDS
from .._vendor._mcp.protocol.revisions import HANDSHAKE, STATELESS
from .._vendor._util import parse_time
from .._vendor._workload.canary import FIELD as ROLLOUT
from .._vendor._workload.canary import PHASES as ROLLOUT_PHASES
from .._vendor._workload.canary_steps import ANALYSIS_FAILED, CANARY_ABORTED
from .._vendor._workload.conditions import CONDITIONS
from .._vendor._workload.observation import GATE_HELD_REASONS
from .._vendor._workload.validation import enabled
from ..cluster.store import Key, Object, Store
from ..process.metrics import PREFIX

PHASES = ("Pending", "Creating", "Running", "Scaling", "Updating", "Failed", "ValidationFailed", "Terminating")
STATES = ("Pending", "Validating", "Validated", "AuthRequired", "Failed", "Disabled")
CAPABILITIES = ("tools", "resources", "prompts", "logging", "completions")
PROTOCOLS = ("streamable-http", "sse")
REVISIONS = (*HANDSHAKE, *STATELESS)
TRANSPORTS = ("http", "stdio")
COUNTS = {"tools": "toolCount", "resources": "resourceCount", "prompts": "promptCount"}
ROLLBACKS = ("ValidationFailed", "DeadlineExceeded", CANARY_ABORTED, ANALYSIS_FAILED)
LEVELS = ("error", "warning", "info")
_TRUTH = {"True": 1.0, "False": 0.0}
_OTHER = "other"

_SECONDS = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_NAMES = ("namespace", "name")
# Name -> help text, and the labels in addition to the MCPServer's namespace and name.
_FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "mcpserver_created_timestamp_seconds": ("When the MCPServer was created, in seconds since the epoch.", ()),
    "mcpserver_phase": ("1 for the current phase of the MCPServer, 0 for the others.", ("phase",)),
    "mcpserver_ready_total": ("1 while the MCPServer is ready, otherwise 0.", ()),
    "mcpserver_condition": ("1 if the condition is true, 0 if it is false.", ("condition",)),
    "mcpserver_replicas": ("Number of Pods.", ("transport_type",)),
    "mcpserver_ready_replicas": ("Number of ready Pods.", ("transport_type",)),
    "mcpserver_available_replicas": (
        "Number of available Pods: ready for at least minReadySeconds.",
        ("transport_type",),
    ),
    "mcpserver_proved_replicas": ("Number of Pods that passed validation.", ()),
    "mcpserver_gate_held": (
        "1 while the readiness gate of a Pod that fails validation is held open, by reason.",
        ("reason",),
    ),
    "mcpserver_rolled_back": ("1 while an earlier Pod template is applied because the newest one failed.", ()),
    "mcpserver_rollout_phase": (
        "1 for the current phase of the canary, 0 for the others; only with spec.rollout.strategy canary.",
        ("phase",),
    ),
    "mcpserver_hpa_enabled": ("1 if the HorizontalPodAutoscaler is enabled.", ()),
    "mcpserver_strict_mode": ("1 if strict mode is enabled: only validated servers receive traffic.", ()),
    "mcpserver_validation_state": ("1 for the current state of the validation, 0 for the others.", ("state",)),
    "mcpserver_validation_compliant": (
        "1 if the server complies with MCP, 0 if it does not, -1 while that is unknown.",
        (),
    ),
    "mcpserver_validation_attempts": ("Number of validations of the current generation.", ()),
    "mcpserver_validation_issues": (
        "1 for each issue that the last validation found, by level and code.",
        ("level", "code"),
    ),
    "mcpserver_last_validation_timestamp": ("When the server was last validated, in seconds since the epoch.", ()),
    "mcpserver_last_validated_timestamp_seconds": (
        "When the server last passed validation, in seconds since the epoch.",
        (),
    ),
    "mcpserver_deprecated_feature_removal_timestamp_seconds": (
        "From when a revision of MCP may remove a deprecated feature that the server uses, in seconds since the epoch.",
        ("feature",),
    ),
    "mcpserver_protocol": ("1 for the transport that the server speaks.", ("protocol",)),
    "mcpserver_protocol_version": ("1 for the negotiated revision of MCP.", ("version",)),
    "mcpserver_capabilities": ("1 if the server offers the capability, otherwise 0.", ("capability",)),
    "mcpserver_items": ("Number of items that the server lists, by kind.", ("kind",)),
}
_REMOVAL = "mcpserver_deprecated_feature_removal_timestamp_seconds"
_REMOVALS = {
    one.feature: moment.timestamp()
    for one in DEPRECATIONS.values()
    if (moment := parse_time(f"{one.earliest_removal}T00:00:00Z"))
}


class FleetMetrics(Collector):
    """Exports metrics about all MCPServers while this process leads; a standby replica would count them twice.

    :param watch: the ID of the watch of the MCPServers.
    """

    def __init__(self, store: Store, watch: str, leading: t.Callable[[], bool], registry: CollectorRegistry) -> None:
        self._store = store
        self._watch = watch
        self._leading = leading
        self._until_validated = Histogram(
            f"{PREFIX}_time_to_validated_seconds",
            "Seconds from the creation of an MCPServer to its first successful validation.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._rollbacks = Counter(
            f"{PREFIX}_rollbacks",
            "Number of rollbacks to an earlier Pod template, by reason.",
            ["reason"],
            registry=registry,
        )
        for reason in ROLLBACKS:
            self._rollbacks.labels(reason)
        store.subscribe(self._observe_change)
        registry.register(self)

    @t.override
    def collect(self) -> t.Iterable[Metric]:
        families = {
            name: GaugeMetricFamily(name, text, labels=[*_NAMES, *labels]) for name, (text, labels) in _FAMILIES.items()
        }
        for server in self._servers() if self._leading() else ():
            meta = server["metadata"]
            place = [str(meta.get("namespace")), str(meta.get("name"))]
            for name, labels, value in _samples(server):
                families[name].add_metric([*place, *labels], value)
        yield from families.values()

    def _servers(self) -> t.Iterator[Object]:
        for key in self._store.keys(self._watch):
            server = self._store.get(key)
            if server is not None:
                yield server

    def _observe_change(self, key: Key, before: Object | None, after: Object | None) -> None:
        if key.watch != self._watch or before is None or after is None or not self._leading():
            return
        passed = _seconds(_passed(after))
        created = _seconds(after["metadata"].get("creationTimestamp"))
        if _passed(before) is None and passed is not None and created is not None:
            self._until_validated.observe(max(0.0, passed - created))
        back = _rollback(after)
        if back.get("active") and not _rollback(before).get("active"):
            self._rollbacks.labels(_known(ROLLBACKS, back.get("reason"))).inc()


# Name, the values of the additional labels, and the value.
Sample = tuple[str, tuple[str, ...], float]


def _samples(server: Object) -> t.Iterator[Sample]:
    status, spec = _mapping(server, "status"), _mapping(server, "spec")
    phase = status.get("phase")
    transport = (_known(TRANSPORTS, _mapping(spec, "transport").get("type") or "http"),)
    yield from _timestamp("mcpserver_created_timestamp_seconds", server["metadata"].get("creationTimestamp"))
    yield from _enum("mcpserver_phase", PHASES, phase)
    conditions = {
        entry.get("type"): _TRUTH.get(str(entry.get("status")), 0.0) for entry in status.get("conditions") or []
    }
    yield "mcpserver_ready_total", (), conditions.get("Ready", 0.0)
    for condition in CONDITIONS:
        if condition in conditions:
            yield "mcpserver_condition", (condition,), conditions[condition]
    for name, field in (("replicas", "replicas"), ("ready_replicas", "readyReplicas")):
        yield f"mcpserver_{name}", transport, float(status.get(field) or 0)
    yield "mcpserver_available_replicas", transport, float(status.get("availableReplicas") or 0)
    yield from _gates(status)
    if status.get(ROLLOUT):
        yield from _enum("mcpserver_rollout_phase", ROLLOUT_PHASES, _mapping(status, ROLLOUT).get("phase"))
    yield "mcpserver_hpa_enabled", (), float(bool(_mapping(spec, "hpa").get("enabled")))
    strict = enabled(server) and bool(_mapping(spec, "validation").get("strictMode"))
    yield "mcpserver_strict_mode", (), float(strict)
    yield from _validation(_mapping(status, "validation"))


def _gates(status: Object) -> t.Iterator[Sample]:
    conditions = {entry.get("type"): entry for entry in status.get("conditions") or []}
    degraded, ready = conditions.get("Degraded") or {}, conditions.get("Ready") or {}
    yield from _enum("mcpserver_gate_held", GATE_HELD_REASONS, degraded.get("reason"))
    yield "mcpserver_rolled_back", (), float(ready.get("reason") == "RolledBack")
    proved = _mapping(status, "validation").get("provedReplicas")
    if proved is not None:
        yield "mcpserver_proved_replicas", (), float(proved)


def _validation(found: Object) -> t.Iterator[Sample]:
    yield from _enum("mcpserver_validation_state", STATES, found.get("state"))
    compliant = found.get("compliant")
    yield "mcpserver_validation_compliant", (), -1.0 if compliant is None else float(bool(compliant))
    yield "mcpserver_validation_attempts", (), float(found.get("attempts") or 0)
    yield from _timestamp("mcpserver_last_validation_timestamp", found.get("lastAttemptTime"))
    yield from _timestamp("mcpserver_last_validated_timestamp_seconds", found.get("lastValidated"))
    issues = {(_known(LEVELS, entry.get("level")), _known(ISSUE_KINDS, entry.get("code"))) for entry in _issues(found)}
    for labels in sorted(issues):
        yield "mcpserver_validation_issues", labels, 1.0
    for feature in known_features(found.get("deprecatedFeatures")):
        yield _REMOVAL, (feature,), _REMOVALS[feature]
    if found.get("state") != "Validated":
        return
    if found.get("protocol"):
        yield "mcpserver_protocol", (_known(PROTOCOLS, found["protocol"]),), 1.0
    if found.get("protocolVersion"):
        yield "mcpserver_protocol_version", (_known(REVISIONS, found["protocolVersion"]),), 1.0
    offered = found.get("capabilities") or []
    for capability in CAPABILITIES:
        yield "mcpserver_capabilities", (capability,), float(capability in offered)
    for kind, field in COUNTS.items():
        if field in found:
            yield "mcpserver_items", (kind,), float(found[field] or 0)


def _issues(found: Object) -> t.Iterable[Object]:
    return t.cast("t.Iterable[Object]", found.get("issues") or ())


def _enum(name: str, values: t.Iterable[str], current: t.Any) -> t.Iterator[Sample]:
    for value in values:
        yield name, (value,), float(value == current)


def _known(values: t.Container[str], value: t.Any) -> str:
    return str(value) if value in values else _OTHER


def _timestamp(name: str, text: t.Any) -> t.Iterator[Sample]:
    seconds = _seconds(text)
    if seconds is not None:
        yield name, (), seconds


def _seconds(text: t.Any) -> float | None:
    """Return an RFC 3339 time in seconds since the epoch; None if it is missing or malformed."""
    moment = parse_time(text)
    return None if moment is None else moment.timestamp()


def _passed(server: Object) -> t.Any:
    return _mapping(_mapping(server, "status"), "validation").get("lastValidated")


def _rollback(server: Object) -> Object:
    return _mapping(_mapping(server, "status"), "rollback")


def _mapping(item: Object, name: str) -> Object:
    """Return a field that should be a mapping; empty if it is not, as one bad object must not break the scrape."""
    found = item.get(name)
    return found if isinstance(found, dict) else {}

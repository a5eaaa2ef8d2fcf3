# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fleet in numbers: what the statuses of all MCPServers say, read when somebody asks.

There is no number that could differ from a status, and none that outlives its MCPServer. Names and labels are those of
the Go operator where they mean the same, so that its users' dashboards go on. Each label has few values: namespace and
name of MCPServers, and words that are known here. Nothing that a server says of itself becomes one.
"""

from __future__ import annotations

import typing as t

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .._vendor._mcp.issues.catalogue import ISSUE_KINDS
from .._vendor._util import parse_time
from .._vendor._workload.status import CONDITIONS, HELD
from .._vendor._workload.validation import enabled
from ..cluster.store import Key, Object, Store
from ..process.metrics import PREFIX

PHASES = ("Pending", "Creating", "Running", "Scaling", "Updating", "Failed", "ValidationFailed", "Terminating")
STATES = ("Pending", "Validating", "Validated", "AuthRequired", "Failed", "Disabled")
CAPABILITIES = ("tools", "resources", "prompts", "logging", "completions")
PROTOCOLS = ("streamable-http", "sse")
COUNTS = {"tools": "toolCount", "resources": "resourceCount", "prompts": "promptCount"}
ROLLBACKS = ("ValidationFailed", "DeadlineExceeded")
LEVELS = ("error", "warning", "info")
_TRUTH = {"True": 1.0, "False": 0.0}
_OTHER = "other"

_SECONDS = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_NAMES = ("namespace", "name")
# name -> what it says, and the labels beside the MCPServer's namespace and name.
_FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "mcpserver_created_timestamp_seconds": ("When the MCPServer was made.", ()),
    "mcpserver_phase": ("Is 1 for the phase that the MCPServer is in.", ("phase",)),
    "mcpserver_ready_total": ("Is 1 while the MCPServer is ready.", ()),
    "mcpserver_condition": ("Is 1 while the condition is true, 0 while it is false.", ("condition",)),
    "mcpserver_replicas": ("Pods that there are.", ("transport_type",)),
    "mcpserver_ready_replicas": ("Pods that are ready.", ("transport_type",)),
    "mcpserver_available_replicas": ("Pods that have been ready for long enough.", ("transport_type",)),
    "mcpserver_proved_replicas": ("Pods that have passed.", ()),
    "mcpserver_gate_held": ("Is 1 while a Pod that has gone bad still serves, by why.", ("reason",)),
    "mcpserver_rolled_back": ("Is 1 while an earlier template serves, since the one that is wanted failed.", ()),
    "mcpserver_hpa_enabled": ("Is 1 where a HorizontalPodAutoscaler is asked for.", ()),
    "mcpserver_strict_mode": ("Is 1 where a server that does not pass must not be reached.", ()),
    "mcpserver_validation_state": ("Is 1 for the state of the validation.", ("state",)),
    "mcpserver_validation_compliant": ("Is 1 if the server keeps to MCP, 0 if not, -1 while that is not known.", ()),
    "mcpserver_validation_attempts": ("How often this generation was validated.", ()),
    "mcpserver_validation_issues": ("What is wrong with the server, by its stable codes.", ("level", "code")),
    "mcpserver_last_validation_timestamp": ("When the server was last validated, whatever came of it.", ()),
    "mcpserver_last_validated_timestamp_seconds": ("When the server last passed.", ()),
    "mcpserver_protocol": ("Is 1 for the transport that the server speaks.", ("protocol",)),
    "mcpserver_protocol_version": ("Is 1 for the revision of MCP that was agreed on.", ("version",)),
    "mcpserver_capabilities": ("Is 1 for what the server offers; 0 for what it does not.", ("capability",)),
    "mcpserver_items": ("What the server lists.", ("kind",)),
}


class FleetMetrics(Collector):
    """Tells of all MCPServers while this process leads; who stands by would count them again.

    :param watch: which of the store's objects they are.
    """

    def __init__(self, store: Store, watch: str, leading: t.Callable[[], bool], registry: CollectorRegistry) -> None:
        self._store = store
        self._watch = watch
        self._leading = leading
        self._until_validated = Histogram(
            f"{PREFIX}_time_to_validated_seconds",
            "Time from when an MCPServer was made to when it first passed.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._rollbacks = Counter(
            f"{PREFIX}_rollbacks",
            "How often an earlier template took the place of one that had not passed, by why.",
            ["reason"],
            registry=registry,
        )
        for reason in ROLLBACKS:
            self._rollbacks.labels(reason)
        store.subscribe(self._changed)
        registry.register(self)

    @t.override
    def collect(self) -> t.Iterable[Metric]:
        families = {
            name: GaugeMetricFamily(name, text, labels=[*_NAMES, *labels]) for name, (text, labels) in _FAMILIES.items()
        }
        for server in self._servers() if self._leading() else ():
            meta = server["metadata"]
            who = [str(meta.get("namespace")), str(meta.get("name"))]
            for name, labels, value in _numbers(server):
                families[name].add_metric([*who, *labels], value)
        yield from families.values()

    def _servers(self) -> t.Iterator[Object]:
        for key in self._store.keys(self._watch):
            server = self._store.get(key)
            if server is not None:
                yield server

    def _changed(self, key: Key, before: Object | None, after: Object | None) -> None:
        if key.watch != self._watch or before is None or after is None or not self._leading():
            return
        passed = _seconds(_passed(after))
        made = _seconds(after["metadata"].get("creationTimestamp"))
        if _passed(before) is None and passed is not None and made is not None:
            self._until_validated.observe(max(0.0, passed - made))
        back = _rollback(after)
        if back.get("active") and not _rollback(before).get("active"):
            self._rollbacks.labels(_known(ROLLBACKS, back.get("reason"))).inc()


Number = tuple[str, tuple[str, ...], float]


def _numbers(server: Object) -> t.Iterator[Number]:
    status, spec = _mapping(server, "status"), _mapping(server, "spec")
    phase = status.get("phase")
    transport = (str(_mapping(spec, "transport").get("type") or "http"),)
    yield from _moment("mcpserver_created_timestamp_seconds", server["metadata"].get("creationTimestamp"))
    yield from _one_of("mcpserver_phase", PHASES, phase)
    held = {entry.get("type"): _TRUTH.get(str(entry.get("status")), 0.0) for entry in status.get("conditions") or []}
    yield "mcpserver_ready_total", (), held.get("Ready", 0.0)
    for condition in CONDITIONS:
        if condition in held:
            yield "mcpserver_condition", (condition,), held[condition]
    for name, field in (("replicas", "replicas"), ("ready_replicas", "readyReplicas")):
        yield f"mcpserver_{name}", transport, float(status.get(field) or 0)
    yield "mcpserver_available_replicas", transport, float(status.get("availableReplicas") or 0)
    yield from _gates(status)
    yield "mcpserver_hpa_enabled", (), float(bool(_mapping(spec, "hpa").get("enabled")))
    strict = enabled(server) and bool(_mapping(spec, "validation").get("strictMode"))
    yield "mcpserver_strict_mode", (), float(strict)
    yield from _validation(_mapping(status, "validation"))


def _gates(status: Object) -> t.Iterator[Number]:
    conditions = {entry.get("type"): entry for entry in status.get("conditions") or []}
    degraded, ready = conditions.get("Degraded") or {}, conditions.get("Ready") or {}
    yield from _one_of("mcpserver_gate_held", HELD, degraded.get("reason"))
    yield "mcpserver_rolled_back", (), float(ready.get("reason") == "RolledBack")
    proved = _mapping(status, "validation").get("provedReplicas")
    if proved is not None:
        yield "mcpserver_proved_replicas", (), float(proved)


def _validation(found: Object) -> t.Iterator[Number]:
    yield from _one_of("mcpserver_validation_state", STATES, found.get("state"))
    compliant = found.get("compliant")
    yield "mcpserver_validation_compliant", (), -1.0 if compliant is None else float(bool(compliant))
    yield "mcpserver_validation_attempts", (), float(found.get("attempts") or 0)
    yield from _moment("mcpserver_last_validation_timestamp", found.get("lastAttemptTime"))
    yield from _moment("mcpserver_last_validated_timestamp_seconds", found.get("lastValidated"))
    issues = {(_known(LEVELS, entry.get("level")), _known(ISSUE_KINDS, entry.get("code"))) for entry in _issues(found)}
    for labels in sorted(issues):
        yield "mcpserver_validation_issues", labels, 1.0
    if found.get("state") != "Validated":
        return
    if found.get("protocol"):
        yield "mcpserver_protocol", (_known(PROTOCOLS, found["protocol"]),), 1.0
    if found.get("protocolVersion"):
        yield "mcpserver_protocol_version", (str(found["protocolVersion"])[:20],), 1.0
    offered = found.get("capabilities") or []
    for capability in CAPABILITIES:
        yield "mcpserver_capabilities", (capability,), float(capability in offered)
    for kind, field in COUNTS.items():
        if field in found:
            yield "mcpserver_items", (kind,), float(found[field] or 0)


def _issues(found: Object) -> t.Iterable[Object]:
    return t.cast("t.Iterable[Object]", found.get("issues") or ())


def _one_of(name: str, words: t.Iterable[str], said: t.Any) -> t.Iterator[Number]:
    for word in words:
        yield name, (word,), float(word == said)


def _known(words: t.Container[str], said: t.Any) -> str:
    return str(said) if said in words else _OTHER


def _moment(name: str, text: t.Any) -> t.Iterator[Number]:
    seconds = _seconds(text)
    if seconds is not None:
        yield name, (), seconds


def _seconds(text: t.Any) -> float | None:
    """Return a time as seconds; None where there is none."""
    moment = parse_time(text)
    return None if moment is None else moment.timestamp()


def _passed(server: Object) -> t.Any:
    return _mapping(_mapping(server, "status"), "validation").get("lastValidated")


def _rollback(server: Object) -> Object:
    return _mapping(_mapping(server, "status"), "rollback")


def _mapping(item: Object, name: str) -> Object:
    found = item.get(name)
    return found if isinstance(found, dict) else {}

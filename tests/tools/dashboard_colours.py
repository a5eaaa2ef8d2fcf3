# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One colour for each state, in all panels of all dashboards."""

from __future__ import annotations

import re
from typing import Any

GOOD, BAD, AUTH, WAITING, BUSY, OFF = "green", "red", "blue", "#8E8E8E", "yellow", "#C8C8C8"
# Each state and phase of an MCPServer.
STATES = {
    "Pending": WAITING,
    "Validating": BUSY,
    "Validated": GOOD,
    "AuthRequired": AUTH,
    "Failed": BAD,
    "Disabled": OFF,
}
PHASES = {
    "Pending": WAITING,
    "Creating": "light-yellow",
    "Running": GOOD,
    "Scaling": BUSY,
    "Updating": "orange",
    "Failed": BAD,
    "ValidationFailed": "dark-red",
    "Terminating": "purple",
}
# How runs end, and the results of objects and of validations.
RESULTS = {
    "ending": {"complete": GOOD, "crashed": BAD, "timed out": "dark-red", "cancelled": WAITING},
    "outcome": {"succeeded": GOOD, "failed": BAD, "unprocessed": WAITING},
    "result": {"passed": GOOD, "failed": BAD, "auth_required": AUTH},
}
ENUMS = {"state": STATES, "phase": PHASES, **RESULTS}
# Series with a fixed name.
FIXED = {"current": WAITING, "ready": GOOD, "available": AUTH}
# Series whose names match get a colour: levels of issues, kinds of HTTP status, quantiles.
PATTERNS = {
    "^error ": BAD,
    "^warning ": "orange",
    "^info ": AUTH,
    "^2..$": GOOD,
    "^3..$": AUTH,
    "^4..$": "orange",
    "^5..$": BAD,
    "^median": "super-light-blue",
    "^95 %": "blue",
    "^99 %": "dark-blue",
}


def mappings(named: dict[Any, list[str]]) -> list[dict[str, Any]]:
    """Return Grafana's value mappings of ``value: [text, colour]``."""
    options = {
        str(value): {"text": text, "color": colour, "index": index}
        for index, (value, (text, colour)) in enumerate(named.items())
    }
    return [{"type": "value", "options": options}] if options else []


def codes(label: str) -> dict[Any, list[str]]:
    """Return the number that stands for each state in a timeline, from 1 on."""
    return {index: [name, colour] for index, (name, colour) in enumerate(ENUMS[label].items(), start=1)}


def timeline(metric: str, label: str, selector: str) -> str:
    """Return a query of the current state as its number: the metric is 1 for one state and 0 for the others."""
    parts = [f'{metric}{{{selector}, {label}="{name}"}} * {index}' for index, (name, _) in codes(label).items()]
    return f"sum by (namespace, name) ({' or '.join(parts)})"


def overrides(legends: list[str]) -> list[dict[str, Any]]:
    """Return the colours of series by their names."""
    named = {
        name: colour for label, enum in ENUMS.items() if f"{{{{{label}}}}}" in legends for name, colour in enum.items()
    }
    named |= {name: colour for name, colour in FIXED.items() if name in legends}
    found = [_override("byName", name, colour) for name, colour in named.items()]
    if not found:
        # A legend such as "{{level}} {{code}}" may match; of a fixed one it is known.
        shown = [(pattern, colour) for pattern, colour in PATTERNS.items() if _may_match(pattern, legends)]
        found = [_override("byRegexp", f"/{pattern}/", colour) for pattern, colour in shown]
    return found


def _may_match(pattern: str, legends: list[str]) -> bool:
    if pattern.endswith(" "):
        return any(legend.startswith("{{level}}") for legend in legends)
    if pattern.endswith("$"):
        return "{{code}}" in legends
    return any(re.search(pattern, legend) for legend in legends)


def _override(matcher: str, name: str, colour: str) -> dict[str, Any]:
    value = {"mode": "fixed", "fixedColor": colour}
    return {"matcher": {"id": matcher, "options": name}, "properties": [{"id": "color", "value": value}]}

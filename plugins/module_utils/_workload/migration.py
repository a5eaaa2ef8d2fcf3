# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which deprecated features of MCP a server uses: ``status.validation.deprecatedFeatures`` and a condition."""

from __future__ import annotations

import typing as t

from .._deprecations import DEPRECATIONS, known_features
from .kstatus import Condition

MIGRATION_NEEDED: t.Final = "MigrationNeeded"
FIELD: t.Final = "deprecatedFeatures"


def features_of(reports: t.Iterable[t.Mapping[str, t.Any]]) -> list[str] | None:
    """Return the deprecated features in the reports on all Pods; None if no handshake showed what the server uses."""
    found: set[str] = set()
    handshake = False
    for report in reports:
        found.update(known_features(report.get("deprecated_features")))
        handshake = handshake or bool(report.get("protocol_version"))
    return known_features(list(found)) if found or handshake else None


def condition(validation: t.Mapping[str, t.Any]) -> Condition:
    """Return the condition MigrationNeeded. It changes neither ``Ready`` nor what kstatus computes.

    :param validation: ``status.validation``.
    """
    if FIELD not in validation:
        message = "No validation has shown which features the server uses."
        return Condition(MIGRATION_NEEDED, "Unknown", "NotValidated", message)
    used = [DEPRECATIONS[feature] for feature in known_features(validation[FIELD])]
    if not used:
        message = "Validation found no deprecated feature."
        return Condition(MIGRATION_NEEDED, "False", "NoDeprecatedFeatures", message)
    listed = ", ".join(f"{one.title} (from {one.earliest_removal})" for one in used)
    message = f"The server uses features that later revisions of MCP may remove: {listed}. {used[0].migration}"
    return Condition(MIGRATION_NEEDED, "True", "DeprecatedFeatures", message)

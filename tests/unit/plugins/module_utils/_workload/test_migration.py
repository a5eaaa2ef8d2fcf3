# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._deprecations import DEPRECATIONS
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import migration, status, validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.report_encoding import decode_reports
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout

NOW, LATER = "2026-11-22T10:00:00Z", "2026-11-22T10:05:00Z"
READY = Rollout(desired=1, replicas=1, updated=1, ready=1, available=1, observed=True)
REPORT = {
    "compliant": True,
    "requires_auth": False,
    "transport": "sse",
    "path": "/sse",
    "protocol_version": "2024-11-05",
    "supported_versions": ["2024-11-05"],
    "capabilities": ["tools"],
    "server_info": None,
    "issues": [],
    "deprecated_features": ("http-sse",),
}
CURRENT = {**REPORT, "transport": "streamable-http", "deprecated_features": ()}
LOCKED = {**CURRENT, "compliant": None, "requires_auth": True, "protocol_version": None}
UNREACHABLE = {**CURRENT, "compliant": False, "protocol_version": None, "transport": None}


def server(before=None, generation=3):
    return {
        "metadata": {"name": "wiki", "namespace": "a", "generation": generation},
        "spec": {"image": "w"},
        "status": before or {},
    }


def migration_needed(found):
    return next(entry for entry in found["conditions"] if entry["type"] == "MigrationNeeded")


def observed(reports, now=NOW, before=None):
    target = server(before)
    found = validation.verdict(target, reports, now)
    return status.status(target, Observation(READY, found), now)


def test_a_server_that_uses_a_deprecated_feature():
    found = observed([REPORT])
    assert found["validation"]["deprecatedFeatures"] == ["http-sse"]
    condition = migration_needed(found)
    assert (condition["status"], condition["reason"]) == ("True", "DeprecatedFeatures")
    assert condition["observedGeneration"] == 3
    assert condition["message"].endswith("HTTP+SSE transport (from 2026-09-03). Serve Streamable HTTP.")


def test_a_deprecated_feature_changes_neither_the_verdict_nor_the_phase():
    found = observed([REPORT])
    assert (found["phase"], found["validation"]["state"]) == ("Running", "Validated")
    ready, degraded = (
        next(entry for entry in found["conditions"] if entry["type"] == type_) for type_ in ("Ready", "Degraded")
    )
    assert (ready["status"], degraded["status"]) == ("True", "False")


def test_a_server_without_deprecated_features():
    condition = migration_needed(observed([CURRENT]))
    assert (condition["status"], condition["reason"]) == ("False", "NoDeprecatedFeatures")


@pytest.mark.parametrize("report", [LOCKED, UNREACHABLE])
def test_a_server_of_which_nothing_is_known(report):
    found = observed([report])
    assert "deprecatedFeatures" not in found["validation"]
    condition = migration_needed(found)
    assert (condition["status"], condition["reason"]) == ("Unknown", "NotValidated")


def test_a_server_that_requires_credentials_and_registers_clients_dynamically():
    found = observed([{**LOCKED, "deprecated_features": ("dynamic-client-registration",)}])
    assert found["validation"]["deprecatedFeatures"] == ["dynamic-client-registration"]
    assert migration_needed(found)["status"] == "True"


def test_the_features_of_all_pods_count_in_the_order_of_their_removal():
    logging = {**CURRENT, "deprecated_features": ("logging",)}
    assert observed([logging, CURRENT, REPORT])["validation"]["deprecatedFeatures"] == ["http-sse", "logging"]


def test_a_new_generation_keeps_the_condition_until_it_is_validated():
    before = observed([REPORT])
    target = server(before, generation=4)
    found = status.status(target, Observation(READY, validation.pending(target)), LATER)
    condition = migration_needed(found)
    assert (condition["status"], condition["lastTransitionTime"]) == ("True", NOW)
    assert condition["observedGeneration"] == 4


def test_the_transition_time_moves_with_the_status_only():
    before = observed([REPORT])
    again = observed([{**REPORT, "deprecated_features": ("http-sse", "logging")}], LATER, before)
    gone = observed([CURRENT], LATER, before)
    assert migration_needed(again)["lastTransitionTime"] == NOW
    assert migration_needed(gone)["lastTransitionTime"] == LATER


def test_an_earlier_status_with_features_that_are_unknown_here():
    condition = migration.condition({"deprecatedFeatures": ["of-the-future", {"a": "b"}, 7]})
    assert condition[1:3] == ("False", "NoDeprecatedFeatures")


def test_a_job_cannot_write_other_texts_into_the_status():
    short = {**REPORT, "issues": [], "deprecated_features": ["http-sse", "<b>", 7, {"a": 1}] * 99}
    [report] = decode_reports(json.dumps({"servers": [0], "reports": [short]}))
    assert validation.verdict(server(), [report], NOW)["deprecatedFeatures"] == ["http-sse"]


def test_the_first_removal_is_first_and_all_have_a_source():
    # Sampling takes includeContext with it: the rest keeps the order of the registry.
    dates = [one.earliest_removal for one in DEPRECATIONS.values()]
    assert dates == sorted(dates)
    assert all(one.page.startswith("https://modelcontextprotocol.io/specification/") for one in DEPRECATIONS.values())
    assert len({one.code for one in DEPRECATIONS.values()}) == len(DEPRECATIONS)

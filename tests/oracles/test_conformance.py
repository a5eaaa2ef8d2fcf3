# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official conformance suite and the validator agree on every requirement that both judge.

The suite knows Streamable HTTP only.
"""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from oracle import conformance, requirements, servers
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

TITLE = "Requirements that the conformance suite and the validator both judge"
MODERN = "2026-07-28"
JUDGED = {"SUCCESS", "FAILURE"}

DATA = requirements.load()
INTRODUCTION = {
    "INIT_FAILED",
    "INVALID_CAPABILITIES",
    "INVALID_INSTRUCTIONS",
    "INVALID_PROTOCOL",
    "INVALID_SERVER_INFO",
    "MISSING_SERVER_INFO",
}
# (scenario, requirement) of the suite -> issues of the validator that mean the same.
SAME = {(entry["scenario"], entry["requirement"]): set(entry["codes"]) for entry in DATA["same"]}
# A list that is not advertised is no failure, though the suite asks for it.
NEEDS = {entry["requirement"]: entry["needs"] for entry in DATA["same"] if "needs" in entry}
# Why the two may differ about any server, and about one.
OPTIONAL, GAVE_UP, ONE_CODE = (DATA["general"][name] for name in ("optional", "gave_up", "one_code"))
DIFFERENCES = {(entry["server"], entry["requirement"]): entry["why"] for entry in DATA["differences"]}

STREAMABLE = [server.name for server in servers.catalogue() if server.transport == servers.STREAMABLE]
# Servers with one defect each, and correct ones.
ZOO = {
    name: next(fake_server for fake_server in FAKE_SERVERS if fake_server.name == name)
    for name in (
        "capability-true",
        "deep-any-origin",
        "deep-correct",
        "deep-correct-dual-era",
        "deep-correct-stateless",
        "deep-dual-era-without-hints",
        "deep-trusting",
        "deep-undying-session",
        "deep-unknown-method-200",
        "cache-hints-missing",
        "cache-scope-unknown",
        "discover-nameless",
        "initialized-refused",
        "ping-unknown",
        "server-version-number",
        "session-with-space",
        "shape-icon-sourceless",
        "shape-property-true",
        "tool-nameless",
    )
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    with Zoo(ZOO.values(), tmp_path_factory.mktemp("zoo")) as zoo:
        yield zoo


def codes(report, version):
    """Return the issues of the era of a revision."""
    return {
        issue.code
        for issue in report.issues
        if issue.message.startswith(f"{MODERN}: ") == (version != report.protocol_version)
        or issue.code == "ORIGIN_NOT_VALIDATED"  # it was looked at once for both
    }


def reason(name, check, mine):
    """Return why the suite and the validator may differ here."""
    if "missing description" in check.message:
        return OPTIONAL
    if check.message.startswith("Failed") and mine & {*INTRODUCTION, "INITIALIZED_REJECTED"}:
        return GAVE_UP
    if check.scenario == "caching" and check.status == "SUCCESS":
        return ONE_CODE
    return DIFFERENCES.get((name, check.id))


def compare(name, url, report, folder, table):
    versions = [report.protocol_version or "2025-11-25"]
    if MODERN in report.supported_versions and MODERN not in versions:
        versions.append(MODERN)
    unlike, explained, agreed = [], {}, 0
    for version in versions:
        mine = codes(report, version)
        (folder / version).mkdir()
        for check in conformance.judge(url, version, folder / version):
            meaning = SAME.get((check.scenario, check.id))
            needed = NEEDS.get(check.id)
            if meaning is None or check.status not in JUDGED or (needed and needed not in report.capabilities):
                continue
            if (check.status == "FAILURE") == bool(mine & meaning):
                agreed += 1
            elif reason(name, check, mine):
                explained[check.id] = reason(name, check, mine)
            else:
                unlike.append(f"{version} {check.scenario} {check.id}: {check.status} {check.message}; {sorted(mine)}")
    table(TITLE, f"{name:34}{', '.join(versions):24}{agreed:3} agreed, {len(explained)} explained, {len(unlike)} not")
    for requirement, why in sorted(explained.items()):
        table(TITLE, f"  {requirement}: {why}")
    assert not unlike, "\n".join(unlike)
    assert agreed
    assert {requirement for server, requirement in DIFFERENCES if server == name} <= explained.keys()


@pytest.mark.parametrize("name", STREAMABLE)
def test_real_servers(name, running, reports, tmp_path, table):
    compare(name, running.url(name), reports[name], tmp_path, table)


@pytest.mark.parametrize("name", ZOO)
def test_the_zoo(name, zoo, tmp_path, table):
    url = f"http://{HOST}:{zoo.ports[name]}/mcp"
    report = validate(Target(url=url), dataclasses.replace(Options(deep=True), timeout=20))
    compare(name, url, report, tmp_path, table)


@pytest.mark.parametrize("revision", requirements.REVISIONS)
def test_each_scored_requirement_is_compared_or_says_why_not(revision):
    scored = set(conformance.scored(revision))
    compared = {scenario for scenario, _requirement in SAME}
    assert scored
    assert not scored - compared - DATA["scenarios"].keys()
    assert not compared & DATA["scenarios"].keys()


def test_ten_servers_or_more_are_judged():
    assert len(STREAMABLE) >= 10

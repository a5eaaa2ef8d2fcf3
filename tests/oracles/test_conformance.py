# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official conformance suite and the validator agree on every requirement that both judge.

The suite knows Streamable HTTP only.
"""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate
from oracle import conformance, servers
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

TITLE = "Requirements that the conformance suite and the validator both judge"
MODERN = "2026-07-28"
JUDGED = {"SUCCESS", "FAILURE"}

INTRODUCTION = {
    "INIT_FAILED",
    "INVALID_CAPABILITIES",
    "INVALID_INSTRUCTIONS",
    "INVALID_PROTOCOL",
    "INVALID_SERVER_INFO",
    "MISSING_SERVER_INFO",
}
TOOLS = {"TOOLS_LIST_FAILED", "INVALID_TOOL", "INVALID_TOOL_SCHEMA"}
CACHE = {"MODERN_CACHE_HINTS"}
HEADERS = {"MODERN_HEADERS_IGNORED"}
META = {"MODERN_META_IGNORED"}
VERSION = {"VERSION_HEADER_IGNORED"}
# (scenario, requirement) of the suite -> issues of the validator that mean the same.
SAME = {
    ("server-initialize", "server-initialize"): INTRODUCTION,
    ("server-initialize", "server-session-id-visible-ascii"): {"INVALID_SESSION_ID"},
    ("server-initialize", "wire-schema-valid"): INTRODUCTION,
    ("server-session-lifecycle", "server-session-initialized-accepted"): {"INITIALIZED_REJECTED"},
    ("server-session-lifecycle", "server-session-terminated-returns-404"): {"SESSION_NOT_TERMINATED"},
    ("ping", "ping"): {"PING_FAILED"},
    ("tools-list", "tools-list"): TOOLS,
    ("tools-list", "wire-schema-valid"): TOOLS | INTRODUCTION | CACHE | {"MODERN_RESULT_TYPE"},
    ("resources-list", "resources-list"): {"RESOURCES_LIST_FAILED", "INVALID_RESOURCE"},
    ("prompts-list", "prompts-list"): {"PROMPTS_LIST_FAILED", "INVALID_PROMPT"},
    ("dns-rebinding-protection", "localhost-host-rebinding-rejected"): {"ORIGIN_NOT_VALIDATED"},
    ("caching", "sep-2549-cache-scope-valid"): CACHE,
    ("caching", "sep-2549-ttl-non-negative"): CACHE,
    ("caching", "sep-2549-tools-list-caching-hints"): CACHE,
    ("caching", "sep-2549-resources-list-caching-hints"): CACHE,
    ("caching", "sep-2549-prompts-list-caching-hints"): CACHE,
    ("http-header-validation", "sep-2243-server-reject-invalid-headers"): HEADERS,
    ("server-stateless", "sep-2575-http-server-header-mismatch-400"): HEADERS,
    ("server-stateless", "sep-2575-request-meta-invalid-missing-meta"): META,
    ("server-stateless", "sep-2575-http-server-unsupported-version-400"): VERSION,
    ("server-stateless", "sep-2575-server-unsupported-version-error"): VERSION,
    ("server-stateless", "sep-2575-http-server-method-not-found-404"): {"UNKNOWN_METHOD"},
    ("server-stateless", "sep-2575-server-implements-discover"): {"MODERN_DISCOVER_INVALID"},
    ("server-stateless", "sep-2575-server-identifies-in-result-meta"): {"MODERN_SERVER_INFO_MISSING"},
}
# A list that is not advertised is no failure, though the suite asks for it (MCP lifecycle, Capability Negotiation: only
# what was negotiated is used).
NEEDS = {
    "resources-list": "resources",
    "prompts-list": "prompts",
    "sep-2549-resources-list-caching-hints": "resources",
    "sep-2549-prompts-list-caching-hints": "prompts",
}
# Why the two may differ about any server: what the suite says, and what the specification says.
OPTIONAL = "The suite wants a description. MCP schema, Tool and Prompt: description is optional."
GAVE_UP = (
    "The suite's client gave up at the handshake, which the validator judges by itself and goes on from. "
    "MCP lifecycle, Initialization."
)
ONE_CODE = (
    "The suite judges under three names whether the hints are there, ttlMs, and cacheScope; we have one code. "
    "MCP 2026-07-28 schema, CacheableResult: ttlMs is 0 or more, cacheScope is public or private."
)
# (server, requirement) -> why the two differ, and what the specification says.
DIFFERENCES: dict[tuple[str, str], str] = {
    ("deep-any-origin", "localhost-host-rebinding-rejected"): (
        "The suite takes any 4xx for the refusal, and this server refuses the version header that the suite sends with "
        "initialize. MCP 2025-11-25 transports, Protocol Version Header: it belongs to all subsequent requests."
    ),
    ("go-sdk", "localhost-host-rebinding-rejected"): (
        "The suite sends a foreign Host with the foreign Origin, and the server looks at Host. "
        "MCP transports, Security Warning: servers MUST validate the Origin header."
    ),
    ("go-sdk-stateless", "localhost-host-rebinding-rejected"): (
        "The suite sends a foreign Host with the foreign Origin, and the server looks at Host. "
        "MCP transports, Security Warning: servers MUST validate the Origin header."
    ),
}

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

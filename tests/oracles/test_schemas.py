# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The validator finds fault with what the revision's own JSON schema finds fault with, and with nothing else."""

from __future__ import annotations

import functools
import json
import re

import jsonschema
import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks import initialize_checks
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.listed_items import ITEM_TYPES, check_item
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.tool_result import check_result
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues import issue_log
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.issue_log import IssueLog
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol.session_state import SessionState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import schemas

REVISIONS = ("2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
# What the schema says nothing of: these come from the prose, or are advice.
BESIDE = {
    "TOOL_NAME_FORMAT",
    "DUPLICATE_NAME",
    "NO_CAPABILITIES",
    "MODERN_SERVER_INFO_MISSING",
    "LATER_MEMBER_INVALID",
    "FORMER_MEMBER_INVALID",
    "RESOURCE_URI_INVALID",  # the schema names a format, which validators of JSON Schema need not check
}
# Formats, and nulls in members of other revisions, which one line of clients rejects.
ELSEWHERE = re.compile(
    "as lastModified, not a time|null as (taskSupport|structuredContent|outputSchema)|capability '.*' is null"
)
LATER = ", a member of a later revision."  # the revision's schema does not have it
LOOK = settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))

ODD = st.sampled_from(
    [None, True, 0, 1, 0.5, -1, 3.0, "", "x", "dark", "optional", "user", [], {}, [1], ["user"], [{}]]
)
ICONS = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("src", "mimeType", "sizes", "theme"), ODD)) | ODD, max_size=2
)
ANNOTATIONS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("audience", "priority", "lastModified", "title", "readOnlyHint", "destructiveHint"), ODD),
)
# The validator also looks whether these are JSON Schema at all, which the revision's schema does not: what both judge.
JSON_SCHEMA = st.sampled_from(
    [
        {"type": "object"},
        {"type": "object", "properties": {"a": {}}, "required": ["a"], "$schema": "https://example.com"},
        {"type": "string"},
        {},
        [],
        None,
        "x",
        True,
    ]
)
COMMON = {
    "title": ODD,
    "description": ODD,
    "_meta": ODD,
    "icons": ICONS | ODD,
    "annotations": ANNOTATIONS | ODD,
    "x-unknown": ODD,
}
NAME = st.just("n") | ODD.filter(lambda value: value != "")  # an empty name is no name: the prose, not the schema
OBJECT_FIELDS = {
    "Tool": {
        "required": {"name": NAME, "inputSchema": JSON_SCHEMA},
        "optional": {
            **COMMON,
            "outputSchema": JSON_SCHEMA,
            "execution": st.fixed_dictionaries({}, optional={"taskSupport": ODD}) | ODD,
        },
    },
    "Resource": {"required": {"name": NAME, "uri": NAME}, "optional": {**COMMON, "mimeType": ODD, "size": ODD}},
    "ResourceTemplate": {"required": {"name": NAME, "uriTemplate": NAME}, "optional": {**COMMON, "mimeType": ODD}},
    "Prompt": {
        "required": {"name": NAME},
        "optional": {
            **COMMON,
            "arguments": ODD
            | st.lists(
                st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "title", "description", "required"), ODD)),
                max_size=2,
            ),
        },
    },
}
TASK_REQUESTS = ODD | st.fixed_dictionaries({}, optional={"tools": ODD | st.just({"call": 1})})
CAPABILITIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("logging", "completions", "experimental", "extensions", "x-unknown"), ODD),
        **{
            name: st.fixed_dictionaries({}, optional={"listChanged": ODD, "subscribe": ODD}) | ODD
            for name in ("tools", "resources", "prompts")
        },
        "tasks": ODD
        | st.fixed_dictionaries({}, optional={"list": ODD, "requests": st.just({"tools": {"call": 1}}) | ODD}),
    },
)
INFO = st.fixed_dictionaries(
    {"name": NAME, "version": ODD},
    optional={"title": ODD, "description": ODD, "websiteUrl": ODD, "icons": ICONS, "x-unknown": ODD},
)
TEXT = st.fixed_dictionaries(
    {"type": st.just("text")}, optional={"text": ODD, "annotations": ANNOTATIONS, "_meta": ODD}
)
LINK = st.fixed_dictionaries(
    {"type": st.just("resource_link"), "name": ODD, "uri": ODD}, optional={**COMMON, "size": ODD, "mimeType": ODD}
)
RESULTS = st.fixed_dictionaries(
    {"content": st.lists(TEXT | LINK, max_size=2) | ODD},
    optional={"isError": ODD, "_meta": ODD, "structuredContent": ODD},
)


@pytest.fixture(autouse=True)
def _all_issues(monkeypatch):
    """Let members of later revisions leave room for those that the schema has."""
    monkeypatch.setattr(issue_log, "_MAX_PER_CODE", 100)


@functools.cache
def published():
    return schemas.load()


def faults(revision, shape, value):
    """Return what the revision's schema says against a value."""
    schema = published()[revision]
    where = "definitions" if "definitions" in schema else "$defs"
    validator = jsonschema.validators.validator_for(schema)
    found = validator({"$ref": f"#/{where}/{shape}", where: schema[where]}).iter_errors(value)
    return [error.message[:200] for error in found]


def agree(revision, shape, value, log):
    found = [issue.message for issue in log.sorted() if issue.code not in BESIDE]
    ours = [message for message in found if not message.endswith(LATER)]
    theirs = faults(revision, shape, value)
    of_schema = [message for message in ours if not ELSEWHERE.search(message)]
    seen = f"{json.dumps(value)}\nours: {ours}\nthe schema: {theirs}"
    assert bool(of_schema) <= bool(theirs) <= bool(ours), seen


def test_the_schemas_are_there():
    assert set(published()) == set(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("item_type", ITEM_TYPES, ids=lambda item_type: item_type.shape)
def test_what_is_listed(revision, item_type):
    shape = OBJECT_FIELDS[item_type.shape]

    @LOOK
    @given(st.fixed_dictionaries(shape["required"], optional=shape["optional"]))
    def look(item):
        log = IssueLog()
        check_item(item_type, 0, item, set(), revision, log)
        agree(revision, item_type.shape, item, log)

    look()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_how_a_server_introduces_itself(revision):
    @LOOK
    @given(CAPABILITIES | ODD, INFO, st.fixed_dictionaries({}, optional={"instructions": ODD, "_meta": ODD}))
    def look(capabilities, info, more):
        result = {"protocolVersion": revision, "capabilities": capabilities, "serverInfo": info, **more}
        state = SessionState(IssueLog())
        initialize_checks.check_initialize(result, state)
        agree(revision, "InitializeResult", result, state.issues)

    look()


def test_what_a_server_discloses():
    @LOOK
    @given(
        CAPABILITIES,
        INFO,
        st.fixed_dictionaries({}, optional={"instructions": ODD, "ttlMs": ODD, "cacheScope": ODD}),
    )
    def look(capabilities, info, more):
        result = {
            "supportedVersions": ["2026-07-28"],
            "resultType": "complete",
            "ttlMs": 0,
            "cacheScope": "public",
            "capabilities": capabilities,
            "_meta": {"io.modelcontextprotocol/serverInfo": info},
            **more,
        }
        state = SessionState(IssueLog())
        initialize_checks.check_discover(result, state)
        agree("2026-07-28", "DiscoverResult", result, state.issues)

    look()


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_a_tool_returns(revision):
    stateless = revision == "2026-07-28"

    @LOOK
    @given(RESULTS)
    def look(result):
        whole = {**result, "resultType": "complete"} if stateless else result
        state = SessionState(IssueLog(), protocol_version=revision)
        check_result("t", whole, state, tool={}, stateless=stateless)
        agree(revision, "CallToolResult", whole, state.issues)

    look()

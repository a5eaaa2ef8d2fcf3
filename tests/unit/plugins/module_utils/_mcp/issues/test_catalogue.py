# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue import ISSUE_KINDS

# The codes of the operator that the API comes from; scripts written for it go on working.
REFERENCE = """
    TRANSPORT_DETECTION_FAILED TRANSPORT_CREATION_FAILED SSE_CONNECTION_FAILED INIT_FAILED INVALID_PROTOCOL
    MISSING_SERVER_INFO NO_CAPABILITIES MISSING_CAPABILITY TOOLS_LIST_FAILED RESOURCES_LIST_FAILED PROMPTS_LIST_FAILED
    AUTH_REQUIRED AUTH_ON_INITIALIZE PROTOCOL_MISMATCH RETRIES_EXHAUSTED
"""


def test_the_codes_of_the_reference_operator_exist() -> None:
    assert set(REFERENCE.split()) <= set(ISSUE_KINDS)
    assert len(ISSUE_KINDS) >= 40


@pytest.mark.parametrize("kind", ISSUE_KINDS.values(), ids=lambda kind: kind.code)
def test_each_kind_has_a_requirement_and_an_action(kind: object) -> None:
    code, level, spec, action = kind  # type: ignore[misc]
    assert code.isupper()
    assert level in ("error", "warning", "info")
    assert spec
    assert action.endswith((".", ")"))
    assert action[0].isupper()

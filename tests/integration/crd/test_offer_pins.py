# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a server may offer: which settings are admitted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]

DIGEST = "sha256:" + "0" * 64
LOCK = {"name": "mcp-lock"}


@pytest.mark.parametrize(
    "tools",
    [
        {"pin": "observe"},
        {"pin": "approve"},
        {"pin": "enforce", "digest": DIGEST},
        {"pin": "enforce", "configMapRef": {**LOCK, "key": "lock"}},
    ],
)
def test_pins(tools: dict[str, Any], admit: Admit) -> None:
    assert admit({"image": "a/b", "validation": {"tools": tools}})["spec"]["validation"]["tools"] == tools


@pytest.mark.parametrize(
    ("tools", "message"),
    [
        ({"digest": DIGEST}, "Required value"),
        ({"pin": "enforce"}, "enforce requires digest or configMapRef"),
        ({"pin": "observe", "digest": "md5:0"}, "should match"),
        ({"pin": "observe", "digest": DIGEST.upper()}, "should match"),
        ({"pin": "enforce", "digest": DIGEST, "configMapRef": LOCK}, "exclude each other"),
        ({"pin": "trust"}, "Unsupported value"),
    ],
)
def test_pins_that_approve_nothing_or_two_things(tools: dict[str, Any], message: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit({"image": "a/b", "validation": {"tools": tools}})
    assert message in str(json.loads(refused.value.body)["message"])

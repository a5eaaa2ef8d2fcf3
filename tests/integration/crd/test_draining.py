# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.strategy.drainSessions``: which times are admitted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    "strategy",
    [{"drainSessions": True}, {"drainSessions": True, "drainSeconds": 3}, {"drainSessions": False, "drainSeconds": 0}],
)
def test_times(strategy: dict[str, Any], admit: Admit) -> None:
    assert strategy.items() <= admit({"image": "a/b", "strategy": strategy})["spec"]["strategy"].items()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"strategy": {"drainSessions": True, "drainSeconds": 2}}, "drainSeconds must be at least 3"),
        ({"strategy": {"drainSessions": True, "drainSeconds": 3601}}, "less than or equal to 3600"),
        ({"strategy": {"drainSessions": "yes"}}, "must be of type boolean"),
        (
            {"strategy": {"drainSessions": True}, "transport": {"type": "http", "config": {"http": {"port": 9090}}}},
            "metrics.port and transport.config.http.port",
        ),
        (
            {"strategy": {"drainSessions": True}, "transport": {"type": "http", "config": {"http": {"tls": {}}}}},
            "transport.config.http.tls is not allowed",
        ),
    ],
)
def test_times_that_cannot_be(spec: dict[str, Any], message: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit({"image": "a/b", **spec})
    assert message in str(json.loads(refused.value.body)["message"])

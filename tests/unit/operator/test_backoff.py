# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.backoff import Backoff


def test_jitter_stays_within_its_part():
    assert Backoff(chance=lambda: 0.0).delay(1) == pytest.approx(0.75)
    assert Backoff(chance=lambda: 1.0).delay(5000) == pytest.approx(375.0)


def test_a_servers_retry_after_is_respected_up_to_two_minutes():
    backoff = Backoff(first=1.0, most=8.0, jitter=0.0)
    assert [backoff.delay(failures) for failures in (1, 2, 3, 4, 5)] == [1.0, 2.0, 4.0, 8.0, 8.0]
    assert backoff.delay(1, retry_after=30.0) == 30.0
    assert backoff.delay(3, retry_after=3.0) == 4.0
    assert backoff.delay(1, retry_after=3600.0) == 120.0

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.backoff import Backoff


def test_jitter_stays_within_its_part():
    assert Backoff(chance=lambda: 0.0).delay(1) == pytest.approx(0.75)
    assert Backoff(chance=lambda: 1.0).delay(5000) == pytest.approx(375.0)

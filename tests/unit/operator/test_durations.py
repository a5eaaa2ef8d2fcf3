# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.durations import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("30s", 30), ("1h30m", 5400), ("1.5h", 5400), ("+2m", 120), ("250ms", 0.25), (".5s", 0.5), ("0s", 0)],
)
def test_what_go_reads(text, seconds):
    assert seconds_of(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "+", "5", "s", "1d", "-1s", "1s ", " 1s", "1h30", "1e3s", "٣s", "9" * 400 + "h"])
def test_what_go_does_not_read_or_nobody_means(text):
    with pytest.raises(ValueError, match="not a duration"):
        seconds_of(text)

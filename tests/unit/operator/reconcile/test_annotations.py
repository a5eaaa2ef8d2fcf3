# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from dataclasses import replace

import pytest
from mcp_operator.reconcile.annotations import resync_period, verbosity

from .conftest import WATCH

PREFIX = "ansible.sdk.operatorframework.io/"


def item(**annotations):
    found = {PREFIX + name.replace("_", "-"): value for name, value in annotations.items()}
    return {"metadata": {"name": "a", "annotations": found}}


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("1h30m", 5400), ("0s", 0), ("soon", 60), ("", 60)])
def test_a_valid_annotation_sets_the_period(text, seconds):
    assert resync_period(replace(WATCH, reconcile_period=60.0), item(reconcile_period=text)) == seconds


def test_the_highest_verbosity_counts():
    quiet = replace(WATCH, ansible_verbosity=1)
    assert verbosity(quiet, [item(), item(verbosity="3"), item(verbosity="2")]) == 3
    assert verbosity(quiet, [item(verbosity="9")]) == 7
    assert verbosity(quiet, [item(verbosity="many"), item(verbosity="-1"), item(verbosity="\u0663")]) == 1

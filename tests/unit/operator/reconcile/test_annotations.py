# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from dataclasses import replace

import pytest
from mcp_operator.reconcile.annotations import period_warnings, resync_period, verbosity

from .conftest import WATCH

PREFIX = "ansible.sdk.operatorframework.io/"


def item(**annotations):
    found = {PREFIX + name.replace("_", "-"): value for name, value in annotations.items()}
    return {"metadata": {"name": "a", "annotations": found}}


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("1h30m", 5400), ("0s", 0), ("soon", 60), ("", 60)])
def test_a_valid_annotation_sets_the_period(text, seconds):
    assert resync_period(replace(WATCH, reconcile_period=60.0), item(reconcile_period=text)) == seconds


@pytest.mark.parametrize(("text", "seconds"), [("1ms", 10), ("9s", 10), ("10s", 10), ("1us", 10)])
def test_a_shorter_period_than_ten_seconds_means_ten_seconds(text, seconds):
    assert resync_period(replace(WATCH, reconcile_period=60.0), item(reconcile_period=text)) == seconds


@pytest.mark.parametrize(
    ("text", "warned"), [("1ms", True), ("9s", True), ("10s", False), ("0s", False), ("soon", False), ("", False)]
)
def test_a_period_below_the_minimum_gives_a_warning(text, warned):
    found = period_warnings(item(reconcile_period=text))
    assert bool(found) is warned
    assert period_warnings(item()) == []


def test_the_period_of_the_watch_may_be_shorter():
    assert resync_period(replace(WATCH, reconcile_period=1.0), item()) == 1


def test_the_highest_verbosity_counts():
    quiet = replace(WATCH, ansible_verbosity=1)
    assert verbosity(quiet, [item(), item(verbosity="3"), item(verbosity="2")]) == 3
    assert verbosity(quiet, [item(verbosity="9")]) == 7
    assert verbosity(quiet, [item(verbosity="many"), item(verbosity="-1"), item(verbosity="\u0663")]) == 1

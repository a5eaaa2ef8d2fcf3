# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The record of a reconciliation, and what a later process reads in it."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key
from mcp_operator.reconcile.annotations import RECONCILED
from mcp_operator.reconcile.fingerprint import fingerprint, record, recorded_applied, recorded_fingerprint
from mcp_operator.reconcile.run_history import RunHistory
from mcp_operator.watches.definition import Watch

WATCH = Watch(group="example.com", version="v1", kind="Server", role="a.b.c")
KEY = Key(WATCH.id, "team", "a")
APPLIED = {"v1/Service/a": ("u2", "s2", "m2"), "apps/v1/Deployment/a": ("u1", "s1", "m1")}
PRESENT = {name: found[:2] for name, found in APPLIED.items()}


def item(**annotations):
    return {"metadata": {"name": "a", "uid": "u", "generation": 1, "annotations": annotations}}


def recorded(applied=APPLIED):
    return record(fingerprint(WATCH, item(), applied, "content"), applied)


def test_a_later_process_knows_the_manifests_of_dependents_that_are_as_they_were_left():
    assert recorded_applied(recorded(), PRESENT) == APPLIED


@pytest.mark.parametrize(
    "present",
    [
        {},
        {"v1/Service/a": ("u2", "s2")},
        {**PRESENT, "v1/Service/a": ("u2", "edited")},
        {**PRESENT, "v1/Service/a": ("created again", "s2")},
        {**PRESENT, "v1/Service/b": ("u3", "s3")},
    ],
    ids=["none", "one less", "edited", "another uid", "one more"],
)
def test_it_knows_none_if_the_dependents_are_not_as_they_were_left(present):
    assert recorded_applied(recorded(), present) == {}


def test_the_manifests_are_no_part_of_the_fingerprint():
    other = {name: (*found[:2], "other") for name, found in APPLIED.items()}
    assert recorded(other) != recorded()
    assert recorded_fingerprint(recorded(other)) == recorded_fingerprint(recorded())
    assert recorded_fingerprint(recorded()) == fingerprint(WATCH, item(), PRESENT, "content")


@pytest.mark.parametrize("text", ["", "a", "a.b", recorded(PRESENT), "a.b.c", "..-", f"{recorded()}-m3"])
def test_records_of_earlier_versions_and_of_others_name_no_manifests(text):
    assert recorded_applied(text, PRESENT) == {}


def test_an_object_without_dependents_has_no_manifests():
    assert recorded({}).count(".") == 1
    assert recorded_applied(recorded({}), {}) == {}


def test_what_this_process_applied_counts_more_than_the_record():
    known, history = item(**{RECONCILED: recorded()}), RunHistory()
    assert history.applied(KEY, known, PRESENT) == APPLIED
    newer = {"v1/Service/a": ("u2", "s3", "m3")}
    history.record_applied(KEY, known, newer)
    assert history.applied(KEY, known, PRESENT) == newer


def test_an_object_is_unchanged_whatever_its_record_says_of_manifests():
    wanted = fingerprint(WATCH, item(), PRESENT, "content")
    for text in (recorded(), wanted):
        history, known = RunHistory(), item(**{RECONCILED: text})
        assert history.is_unchanged(KEY, known, wanted)
        assert not history.record_reconciled(KEY, known, wanted)

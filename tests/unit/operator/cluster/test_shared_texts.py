# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_operator.cluster.shared_texts import shared, with_shared_conditions

NAMES = st.sampled_from(["type", "status", "conditions", "True"]) | st.text()
VALUES = st.none() | st.booleans() | st.text() | st.lists(st.dictionaries(NAMES, st.text()) | st.none())


@given(st.dictionaries(NAMES, VALUES) | VALUES)
def test_nothing_but_the_texts_themselves_changes(value):
    before = json.dumps(value)
    assert json.dumps(shared(value)) == json.dumps(with_shared_conditions(value)) == before


def texts(value):
    """Return the names and the texts of an object, decoded as if it had been received."""
    decoded = with_shared_conditions(json.loads(json.dumps(value)))
    (condition,) = decoded["conditions"]
    return [text for pair in condition.items() for text in pair]


def test_objects_have_the_same_names_and_usual_values():
    condition = {"type": "Available", "status": "True", "lastTransitionTime": "2026-11-29T00:00:00Z"}
    one, other = texts({"conditions": [condition]}), texts({"conditions": [condition]})
    assert [first is second for first, second in zip(one, other, strict=True)] == [True] * 5 + [False]


@pytest.mark.parametrize("name", ["app.kubernetes.io/instance", "ownerReferences"])
def test_only_texts_that_are_known_are_kept(name):
    """Texts of objects that are gone must not stay in memory."""
    one, other = ({name: json.loads('"of one object"')} for _number in range(2))
    assert shared(one)[name] is one[name] is not shared(other)[name]

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_operator.cluster.pages import Page

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["items", "metadata", "kind", "apiVersion", ""]) | st.text()


def read(text):
    page = Page(text)
    return list(page.items()), page.metadata


@given(st.dictionaries(NAMES, JSON), st.sampled_from([None, 1]), st.booleans())
def test_it_finds_what_a_decoder_of_the_whole_text_finds(content, indent, ascii_only):
    text = json.dumps(content, indent=indent, ensure_ascii=ascii_only)
    items = content.get("items")
    assert read(f" {text}\n") == (items if isinstance(items, list) else [], content.get("metadata"))


def test_the_metadata_may_follow_the_items():
    assert read('{"items":[{"a":1},{"b":2}],"metadata":{"continue":"x"}}') == ([{"a": 1}, {"b": 2}], {"continue": "x"})


def test_items_are_decoded_one_by_one():
    page = Page('{"items":[1,2,not JSON')
    items = page.items()
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(ValueError, match="Expecting value"):
        next(items)


@given(st.dictionaries(NAMES, JSON), st.data())
def test_a_text_that_ends_early_is_an_error(content, data):
    text = json.dumps(content)
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(ValueError, match=r"expected|Expecting|Unterminated|Invalid|Extra|after"):
        read(text[:end])


@pytest.mark.parametrize("text", ["", "[]", "null", '{"items":[1]}x', '{"items":[1,]}', '{"items":[1 2]}', '{"a" 1}'])
def test_what_is_not_the_json_of_an_object_is_an_error(text):
    with pytest.raises(ValueError, match=r"expected|Expecting|Unterminated|Invalid|Extra|after"):
        read(text)


def test_the_last_of_several_fields_of_a_name_counts_for_metadata_and_all_items_are_read():
    assert read('{"metadata":1,"items":[1],"items":[2],"metadata":2}') == ([1, 2], 2)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a server offers is kept in little memory, or not at all."""

from __future__ import annotations

import random

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.collector import OfferCollector
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.kept_items import (
    MAX_PACKED,
    KeptItems,
    pack,
    unpack,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.lock import OfferedItems

EVIL = "\x1b[2J\u202eAdd."


def listed(items, tools, instructions=None):
    collector = OfferCollector(items.add)
    collector.set_instructions(instructions)
    collector.start()
    collector.add("tools", tools)
    return collector.offers().digest


def tools(count, size=0, seed=0):
    source = random.Random(seed)
    return [{"name": f"tool{number}", "description": source.randbytes(size).hex()} for number in range(count)]


def test_what_is_kept_is_what_a_lock_file_has():
    found = [{"name": "add", "description": EVIL, "_meta": {"a": 1}}]
    kept, offered = KeptItems(), OfferedItems()
    digest = listed(kept, found, EVIL)
    entry = offered.entry(listed(offered, found, EVIL))
    assert unpack(kept.packed(digest)) == entry
    assert unpack(pack(entry)) == entry


def test_of_ten_thousand_tools_nothing_is_kept():
    kept = KeptItems()
    packed = kept.packed(listed(kept, [{"name": str(number)} for number in range(400)]))
    assert 0 < len(packed) <= MAX_PACKED
    kept = KeptItems()
    assert kept.packed(listed(kept, tools(10_000, 100))) == b""
    assert kept._items is None, "the first ones are not kept until the last one is listed"


def test_an_entry_that_does_not_fit_is_not_kept():
    kept = KeptItems()
    assert kept.packed(listed(kept, tools(10, 30_000))) == b""

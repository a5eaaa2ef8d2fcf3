# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The CPU time of the digests of what a server offers: ``python tests/bench/offer_digests.py`` prints figures."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections")]
PACKAGE = "ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.offers.collector"


def tool(number: int) -> dict[str, Any]:
    """Return a tool of about 1 KiB, as the servers of GitHub or of filesystems have them."""
    words = "Search the repositories of an organization, and return the best matches first. "
    names = ("owner", "repository", "query", "page", "perPage", "sort")
    properties = {name: {"type": "string", "description": words, "minLength": 1} for name in names}
    schema = {"type": "object", "properties": properties, "required": list(names[:3]), "additionalProperties": False}
    return {"name": f"tool_{number}", "title": "Search", "description": words * 2, "inputSchema": schema}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    collector = importlib.import_module(PACKAGE).OfferCollector
    for count in (1, 3, 10, 20, 100, 10_000):
        tools = [tool(number) for number in range(count)]
        number = runs if count <= 100 else 1
        began = time.process_time()
        for _run in range(number):
            one = collector()
            one.start()
            one.add("tools", tools)
            assert one.offers().digest
        spent = (time.process_time() - began) * 1000 / number
        print(f"{count:6} tools, {len(json.dumps(tools)):9} bytes: {spent:8.3f} ms of CPU time")


if __name__ == "__main__":
    main()

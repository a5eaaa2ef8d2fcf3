# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""RFC 8785 and the digests of docs/reference/offer-digest.md, written from their texts and not from our code."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any


def number(value: float) -> str:
    """ECMAScript 2024, section 6.1.6.1.20, with the names of its variables."""
    if value == 0:
        return "0"
    if value < 0:
        return "-" + number(-value)
    _sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    digits, k = "".join(map(str, figures)), len(figures)
    n = exponent + k
    if k <= n <= 21:
        return digits + "0" * (n - k)
    if 0 < n <= 21:
        return digits[:n] + "." + digits[n:]
    if -6 < n <= 0:
        return "0." + "0" * -n + digits
    e = ("+" if n > 0 else "-") + str(abs(n - 1))
    return (digits if k == 1 else digits[0] + "." + digits[1:]) + "e" + e


def canonical(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: [*memoryview(key.encode("utf-16-be")).cast("B")])
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(float(value))
    return json.dumps(value, ensure_ascii=False)


def digest(value: Any) -> str:
    return "sha256:" + hashlib.sha256(canonical(value).encode()).hexdigest()


# List, its members that count.
LISTS = {
    "tools": "name title description inputSchema outputSchema annotations",
    "prompts": "name title description arguments",
    "resources": "uri name title description mimeType annotations",
    "resourceTemplates": "uriTemplate name title description mimeType annotations",
}


def item(kind: str, given: dict[str, Any]) -> str:
    kept = {key: value for key, value in given.items() if key in LISTS[kind].split() and value is not None}
    if isinstance(kept.get("annotations"), dict):
        kept["annotations"] = {key: value for key, value in kept["annotations"].items() if key != "lastModified"}
    return digest(kept)


def offers(server: dict[str, Any]) -> str:
    """Return the digest of what a server offers: its instructions and its lists."""
    whole: dict[str, Any] = {"format": 1}
    for kind in LISTS:
        if server.get(kind):
            whole[kind] = digest(sorted(item(kind, one) for one in server[kind]))
    if server.get("instructions", "").strip():
        whole["instructions"] = digest(server["instructions"])
    return digest(whole)

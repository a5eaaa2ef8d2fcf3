# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Short names for contents: two things have the same fingerprint when they are equal as JSON."""

from __future__ import annotations

import hashlib
import json
import typing as t

_LENGTH = 10


def fingerprint(value: t.Any) -> str:
    """Return a name of ten hexadecimal digits for a JSON-able value, fit for labels and object names."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]

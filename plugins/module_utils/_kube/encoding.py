# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""JSON that YAML readers understand too: ours of the rendered templates, and the API server's of apply patches."""

from __future__ import annotations

import json
import re
import typing as t

# What JSON leaves as it is and YAML does not allow in a double-quoted scalar, or reads as a line break.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def to_json(value: t.Any) -> str:
    """Return a value as JSON that is also YAML, on one line.

    Plain ASCII JSON would write an emoji as two escapes. PyYAML makes two broken characters of them, and the API
    server, which reads apply patches as YAML, refuses the whole patch.

    :raises ValueError: the value holds a number that JSON does not have.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)

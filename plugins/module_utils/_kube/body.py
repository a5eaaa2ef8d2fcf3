# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Request bodies: the media types of patches, and JSON that the API server can also read as YAML.

See https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply.
"""

from __future__ import annotations

import json
import re
import typing as t

JSON = "application/json"
# What JSON leaves as it is and YAML does not allow in a double-quoted scalar, or reads as a line break.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class MergePatch(dict[str, t.Any]):
    """A JSON merge patch (RFC 7386): the fields to set, None for those to remove."""

    media_type = "application/merge-patch+json"


class JsonPatch(list[dict[str, t.Any]]):
    """A JSON patch (RFC 6902): a list of operations."""

    media_type = "application/json-patch+json"


class ApplyPatch(dict[str, t.Any]):
    """A manifest to apply server-side."""

    media_type = "application/apply-patch+yaml"


def media_type(body: t.Any) -> str:
    """Return the media type that the body's class names; plain JSON for any other value."""
    return str(getattr(body, "media_type", JSON))


def to_json(value: t.Any) -> str:
    """Return a value as JSON that is also YAML, on one line.

    Plain ASCII JSON would write an emoji as two escapes. PyYAML makes two broken characters of them, and the API
    server, which reads apply patches as YAML, refuses the whole patch.

    :raises ValueError: the value holds a number that JSON does not have.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)

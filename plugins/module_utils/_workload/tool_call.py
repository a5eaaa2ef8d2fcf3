# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The tool that is called after each rollout, and the expectations: ``toolCall`` and ``expect`` of ``validation``."""

from __future__ import annotations

import json
import typing as t

from .errors import ManifestError
from .fields import mapping

# The schema limits the number of arguments; it cannot limit what is in them.
MAX_ARGUMENTS = 4096  # bytes of JSON
MAX_NAME = 128
MAX_EXPRESSIONS, MAX_EXPRESSION = 16, 500


class ToolCall(t.NamedTuple):
    """A tool to call.

    :param arguments: a JSON object.
    """

    name: str
    arguments: str


def tool_call(spec: t.Mapping[str, t.Any]) -> ToolCall | None:
    """Return the tool to call after each rollout; None for none.

    :raises ManifestError: the arguments are too large, or a field has a type that the CustomResourceDefinition does
        not allow.
    """
    given = mapping(mapping(spec, "validation"), "toolCall")
    if not given:
        return None
    name = given.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        raise ManifestError(
            "validation.toolCall has no valid name.", f"Set the name of a tool, at most {MAX_NAME} characters."
        )
    text = json.dumps(mapping(given, "arguments"), sort_keys=True, separators=(",", ":"))
    if len(text) > MAX_ARGUMENTS:
        raise ManifestError(
            f"validation.toolCall.arguments has {len(text)} bytes as JSON.", f"Use at most {MAX_ARGUMENTS} bytes."
        )
    return ToolCall(name, text)


def expect(spec: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    """Return the JMESPath expressions that must hold for the report.

    :raises ManifestError: there are too many, one is too long, or the field has a type that the
        CustomResourceDefinition does not allow.
    """
    given = mapping(spec, "validation").get("expect") or []
    if not isinstance(given, (list, tuple)) or not all(
        isinstance(text, str) and 0 < len(text) <= MAX_EXPRESSION for text in given
    ):
        raise ManifestError(
            "validation.expect is not a list of expressions.", f"Use at most {MAX_EXPRESSION} characters for each."
        )
    if len(given) > MAX_EXPRESSIONS:
        raise ManifestError(f"validation.expect has {len(given)} expressions.", f"Use at most {MAX_EXPRESSIONS}.")
    return tuple(given)


def check(spec: t.Mapping[str, t.Any]) -> None:
    """Check both fields.

    :raises ManifestError: as :func:`tool_call` and :func:`expect`.
    """
    tool_call(spec)
    expect(spec)


def without_tool_call(server: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return an MCPServer without the call, which may change something, and the expectations about its result."""
    validation = dict(mapping(server["spec"], "validation"))
    if validation.pop("toolCall", None):
        validation.pop("expect", None)
    return {**server, "spec": {**server["spec"], "validation": validation}}

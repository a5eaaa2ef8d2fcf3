# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check a report against the JMESPath expressions of the option ``expect``."""

from __future__ import annotations

import json
import typing as t

from ..._util import clean
from ..errors import InvalidTarget, MissingLibrary

if t.TYPE_CHECKING:
    import types

    from ..issues.issue_log import IssueLog
    from ..protocol.jsonrpc import Json
    from .bounded_search import BoundedInterpreter

MAX_LENGTH: t.Final = 2000  # characters of one expression
_SHOWN: t.Final = 160
# The library raises some of Python's own exceptions for invalid expressions.
_FAILURES: t.Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def check_expressions(expressions: t.Sequence[str]) -> None:
    """Check the syntax of the expressions.

    :raises InvalidTarget: if one is invalid.
    :raises MissingLibrary: if jmespath is not installed.
    """
    if not expressions:
        return
    library = _library()
    for expression in expressions:
        if len(expression) > MAX_LENGTH:
            raise InvalidTarget(f"An expectation is longer than {MAX_LENGTH} characters.")
        _compile(library, expression)


def check(expressions: t.Sequence[str], report: Json, issues: IssueLog) -> None:
    """Add an issue for each expression whose value is false, null or empty."""
    library = _library()
    from .bounded_search import BoundedInterpreter  # noqa: PLC0415  # it requires the library

    interpreter = BoundedInterpreter()
    for expression in expressions:
        found = _unmet(library, interpreter, expression, report)
        if found is not None:
            issues.add("EXPECTATION_FAILED", f"{clean(expression, _SHOWN)} does not hold: {found}.")


def _library() -> types.ModuleType:
    try:
        import jmespath.parser  # noqa: PLC0415  # not needed without expectations
    except ImportError:
        raise MissingLibrary("jmespath") from None
    return jmespath


def _compile(library: types.ModuleType, expression: str) -> t.Any:
    try:
        return library.compile(expression)
    except _FAILURES as exc:
        raise InvalidTarget(
            f"The expectation {clean(expression, _SHOWN)!r} is not a JMESPath expression: {clean(exc)}."
        ) from None


def _unmet(library: types.ModuleType, interpreter: BoundedInterpreter, expression: str, report: Json) -> str | None:
    """Return what was found if the expression does not hold, else None."""
    parsed = _compile(library, expression).parsed
    try:
        value = interpreter.visit(parsed, report)
        if value or (isinstance(value, (int, float)) and value is not False):  # in JMESPath, 0 is true
            return None
        found = _operands(interpreter, parsed, report) or [value]
        return f"found {' and '.join(_shown(item) for item in found)}"
    except _FAILURES as exc:
        return f"it cannot be evaluated ({clean(exc, _SHOWN)})"


def _operands(interpreter: BoundedInterpreter, parsed: t.Any, report: Json) -> list[t.Any]:
    """Return the operands of a comparison except its literals: they say more than "false"."""
    if parsed["type"] != "comparator":
        return []
    return [interpreter.visit(part, report) for part in parsed["children"] if part["type"] != "literal"]


def _shown(value: t.Any) -> str:
    return clean(json.dumps(value), _SHOWN)

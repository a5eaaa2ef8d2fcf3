# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Convert a ``metav1.LabelSelector`` to the syntax of API queries, so that the API server selects the objects."""

from __future__ import annotations

import re
import typing as t

_NAME = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_KEY = re.compile(rf"([a-z0-9]([-a-z0-9.]{{0,251}}[a-z0-9])?/)?{_NAME}")
_VALUE = re.compile(rf"({_NAME})?")
_WITH_VALUES = {"In": "in", "NotIn": "notin"}
_WITHOUT_VALUES = {"Exists": "", "DoesNotExist": "!"}


def query_of(selector: t.Mapping[str, t.Any]) -> str:
    """Return the query; empty for a selector that selects all objects.

    :raises ValueError: the selector is invalid.
    """
    unknown = set(selector) - {"matchLabels", "matchExpressions"}
    if unknown:
        raise ValueError(f"a label selector has no {', '.join(sorted(map(str, unknown)))}")
    labels = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or []
    if not isinstance(labels, dict) or not isinstance(expressions, list):
        raise ValueError("matchLabels must be a map and matchExpressions a list")  # noqa: TRY004 - callers handle one error
    terms = [f"{_key(key)}={_value(value)}" for key, value in labels.items()]
    return ",".join(terms + [_term(expression) for expression in expressions])


def _term(expression: t.Any) -> str:
    if not isinstance(expression, dict):
        raise ValueError("an entry of matchExpressions must be a map")  # noqa: TRY004 - callers handle one error
    key, operator, values = _key(expression.get("key")), expression.get("operator"), expression.get("values") or []
    if operator in _WITH_VALUES and isinstance(values, list) and values:
        return f"{key} {_WITH_VALUES[operator]} ({','.join(_value(value) for value in values)})"
    if operator in _WITHOUT_VALUES and not values:
        return f"{_WITHOUT_VALUES[operator]}{key}"
    raise ValueError(f"operator {operator!r} with values {values!r} is not a valid expression")


def _key(key: t.Any) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a valid label key")
    return key


def _value(value: t.Any) -> str:
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise ValueError(f"{value!r} is not a valid label value; quote numbers and booleans")
    return value

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""JSON in the canonical form of RFC 8785, the JSON Canonicalization Scheme (pure).

The package rfc8785 does the same, but module_utils must run where it is not installed.
"""

from __future__ import annotations

import math
import typing as t
from json.encoder import encode_basestring

_EXACT: t.Final = 2**53  # smaller integers are exact as IEEE 754 doubles


class NotCanonical(ValueError):
    """The value has no canonical form."""


def canonical_json(value: t.Any) -> bytes:
    """Return a JSON value in its canonical form.

    :raises NotCanonical: if a number is no finite double, a string is not Unicode, or the nesting is too deep.
    """
    try:
        return _text(value).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("a string has a lone surrogate") from None
    except RecursionError:
        raise NotCanonical("the JSON is nested too deeply") from None


def _text(value: t.Any) -> str:
    if isinstance(value, str):
        # It escapes exactly what RFC 8785 section 3.2.2.2 escapes.
        return encode_basestring(value)
    if value is None or value is True or value is False:
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, dict):
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
        return "{" + ",".join([f"{encode_basestring(key)}:{_text(value[key])}" for key in keys]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    raise NotCanonical(f"{type(value).__name__} is not a JSON type")


def _utf16(key: str) -> bytes:
    """Return the order of a key: that of its UTF-16 code units (RFC 8785 section 3.2.3)."""
    return key.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    """Return a number as ECMAScript's ``Number::toString`` does (RFC 8785 section 3.2.2.3)."""
    if isinstance(value, int) and -_EXACT < value < _EXACT:
        return str(value)
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double):
        raise NotCanonical("a number is no finite double")
    if not double:
        return "0"  # also for -0
    mantissa, _e, exponent = repr(double).partition("e")  # the shortest digits that round-trip, as in ECMAScript
    if not exponent:
        return mantissa.removesuffix(".0")
    return _positional(mantissa, int(exponent))


def _positional(mantissa: str, exponent: int) -> str:
    sign = "-" if mantissa.startswith("-") else ""
    whole, _point, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).rstrip("0") or "0"
    point = len(whole) + exponent  # the value is 0.DIGITS * 10**point
    if len(digits) <= point <= 21:
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"

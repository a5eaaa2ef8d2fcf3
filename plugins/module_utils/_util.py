# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Untrusted text, secrets, times and durations: what all packages of module_utils and the operator share."""

from __future__ import annotations

import datetime as dt
import re
import typing as t

NAME: t.Final = 253  # characters of one name: the longest that Kubernetes allows
MESSAGE: t.Final = 500  # characters of one message
_EXCERPT: t.Final = 120  # characters of a body that are quoted

MASK: t.Final = "********"
# The sidecar has the same pattern (sidecar/cmd/mcp-sidecar/masker.go).
_SECRET_NAME = re.compile(
    r"passw|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth", re.IGNORECASE
)
# Fields of the Kubernetes API that only name a Secret or an account.
_REFERENCES: t.Final = frozenset({"secretName", "secretKeyRef", "secretRef", "automountServiceAccountToken"})

# RFC 3339, with the nanoseconds that Go may write.
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-]\d{2}:\d{2}))", re.ASCII)
_UNITS: t.Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION_PART = re.compile(r"(\d+\.?\d*|\.\d+)(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")", re.ASCII)
# A century. Go's longest duration is 292 years.
_LONGEST: t.Final = 100 * 365 * 24 * 3600.0


def clean(value: object, limit: int = NAME) -> str:
    """Return a value as one line of at most ``limit`` printable characters; None becomes an empty string.

    Runs of other characters become one space: control characters, which could drive a terminal; bidirectional,
    zero-width and tag characters, which hide or reorder text; lone surrogates, which cannot be encoded.
    """
    if value is None:
        return ""
    # Cut first: the text of an untrusted server may be megabytes long.
    text = str(value)[: limit * 4]
    if not text.isprintable():
        text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def clean_with_end(value: object, limit: int) -> str:
    """Return a value as :func:`clean` does, without its middle if it is too long: chains of errors end with a cause."""
    text = "" if value is None else str(value)
    if len(text) > limit * 8:  # as in `clean`: it may be megabytes long
        text = f"{text[: limit * 4]}{text[-limit * 4 :]}"
    text, half = clean(text, limit * 8), (limit - 3) // 2
    return text if len(text) <= limit else f"{text[:half].rstrip()} … {text[-half:].lstrip()}"


def excerpt(body: bytes) -> str:
    """Return the beginning of a body, quoted, for a message."""
    text = clean(" ".join(body[: _EXCERPT * 4].decode("utf-8", "replace").split()), _EXCERPT)
    return f'"{text}"' if text else "an empty body"


def is_secret_name(name: object) -> bool:
    """Return whether a variable, header or field of this name probably holds a secret, such as ``X-API-Key``."""
    return _SECRET_NAME.search(str(name)) is not None


def mask_secrets(value: t.Any) -> t.Any:
    """Return a copy of plain data in which secrets are masked.

    A secret is a string under a key that :func:`is_secret_name` accepts, and the ``value`` of an object with such a
    ``name`` (an environment variable or a header).
    """
    if isinstance(value, t.Mapping):
        named = "value" in value and isinstance(value.get("name"), str) and is_secret_name(value["name"])
        return {key: MASK if _is_secret(key, item, named=named) else mask_secrets(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_secrets(item) for item in value]
    return value


def _is_secret(key: object, item: object, *, named: bool) -> bool:
    if named and key == "value":
        return True
    return isinstance(item, str) and key not in _REFERENCES and is_secret_name(key)


def parse_time(value: object) -> dt.datetime | None:
    """Return an RFC 3339 time, such as Kubernetes' ``Time`` and ``MicroTime``; None if the value is none."""
    match = _TIME.fullmatch(str(value))
    if match is None:
        return None
    day, time, fraction, offset = match.groups()
    try:
        return dt.datetime.fromisoformat(f"{day}T{time}.{(fraction or '0')[:6].ljust(6, '0')}{offset or '+00:00'}")
    except ValueError:
        return None


def format_time(moment: dt.datetime, *, micro: bool = False) -> str:
    """Return a time in UTC as Kubernetes writes it: a ``Time``, or a ``MicroTime``."""
    return moment.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")


def parse_duration(text: str) -> float:
    """Return the seconds of a duration as Go writes it: ``30s``, ``1h30m``, ``250ms``.

    The package durationpy is no substitute: it also accepts ``1d``, ``1y``, blanks and non-ASCII digits, and is not
    installed on hosts that run modules.

    :raises ValueError: if it is no duration, negative, or longer than a century.
    """
    if text in ("0", "+0"):
        return 0.0
    end = 1 if text.startswith("+") else 0
    total = 0.0
    while True:
        part = _DURATION_PART.match(text, end)
        if part is None:
            break
        total += float(part[1]) * _UNITS[part[2]]
        end = part.end()
    if end != len(text) or not text.strip("+") or total > _LONGEST:
        raise ValueError(f"not a duration: {text!r}; write it like 30s, 5m or 1h30m")
    return total


def format_duration(seconds: float) -> str:
    """Return a duration as kubectl prints an age: ``12s``, ``5m``, ``3h``, ``4d``."""
    whole = max(0, int(seconds))
    for limit, unit, letter in ((120, 1, "s"), (3 * 3600, 60, "m"), (48 * 3600, 3600, "h")):
        if whole < limit:
            return f"{whole // unit}{letter}"
    return f"{whole // 86400}d"


def as_mapping(value: t.Any) -> dict[str, t.Any]:
    """Return a value that should be a mapping; an empty one if it is not."""
    return value if isinstance(value, dict) else {}

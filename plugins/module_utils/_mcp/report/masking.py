# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Mask the secrets of the options in a report: a server may repeat what it was sent, in whole or in part."""

from __future__ import annotations

import dataclasses
import json
import typing as t
import urllib.parse

from ..._util import MASK

if t.TYPE_CHECKING:
    from ..options import Options

_SHORTEST: t.Final = 4  # shorter values would match ordinary text
_PREFIX: t.Final = 8  # a prefix of this length is masked too, since texts are truncated

_T = t.TypeVar("_T")


def secrets_in_options(options: Options) -> set[str]:
    """Return the values of the options that a report must not contain, in all encodings."""
    given = [options.bearer_token, *options.headers.values()]
    if options.client_credentials is not None:
        given.append(options.client_credentials.client_secret)
    found = {value for value in given if value is not None}
    # In "Bearer TOKEN", the scheme is not secret.
    found |= {value.partition(" ")[2] for value in found if " " in value}
    return {encoded for value in found if len(value) >= _SHORTEST for encoded in _encodings(value)}


def _encodings(secret: str) -> tuple[str, ...]:
    """Return the encodings of a secret that a server may repeat: plain, in JSON, in a URL and in a form."""
    in_json = json.dumps(secret)[1:-1]
    return secret, in_json, in_json.replace("/", r"\/"), urllib.parse.quote(secret), urllib.parse.quote_plus(secret)


def mask_values(value: _T, secrets: t.Collection[str]) -> _T:
    """Return a copy of a dataclass or of plain data with the secrets masked in all strings."""
    ordered = sorted(secrets, key=len, reverse=True)  # a secret may contain another
    return t.cast("_T", _mask(value, ordered)) if ordered else value


def _mask(value: t.Any, secrets: t.Sequence[str]) -> t.Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
        for secret in secrets:
            value = _mask_truncated(value, secret)
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _mask(getattr(value, field.name), secrets) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    if isinstance(value, t.Mapping):
        return {key: _mask(item, secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_mask(item, secrets) for item in value])
    return value


def _mask_truncated(text: str, secret: str) -> str:
    """Mask the rest of a secret where a text was truncated."""
    beginning = secret[:_PREFIX]
    at = text.find(beginning) if len(secret) > _PREFIX else -1
    while at >= 0:
        length = next(
            (number for number, (one, other) in enumerate(zip(text[at:], secret)) if one != other),
            min(len(text) - at, len(secret)),
        )
        text = f"{text[:at]}{MASK}{text[at + length :]}"
        at = text.find(beginning, at + len(MASK))
    return text

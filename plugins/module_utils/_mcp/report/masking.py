# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Keep secrets out of what is shown: a server may repeat what it was sent, whole or in part."""

from __future__ import annotations

import dataclasses
import json
import typing as t
import urllib.parse

from ..._util import MASK

if t.TYPE_CHECKING:
    from ..options import Options

_SHORTEST: t.Final = 4  # what is shorter is no secret, and would be found everywhere
_TELLING: t.Final = 8  # so many characters of the beginning of a secret tell too much: texts are cut

_T = t.TypeVar("_T")


def secrets_in_options(options: Options) -> set[str]:
    """Return what must not be shown."""
    given = [options.bearer_token, *options.headers.values()]
    if options.client_credentials is not None:
        given.append(options.client_credentials.client_secret)
    found = {value for value in given if value is not None}
    # The scheme of a header like "Bearer TOKEN" is none.
    found |= {value.partition(" ")[2] for value in found if " " in value}
    return {form for value in found if len(value) >= _SHORTEST for form in _forms(value)}


def _forms(secret: str) -> tuple[str, ...]:
    """Return how a secret looks where a server repeats it: as it is, in JSON, and in a URL or a form."""
    in_json = json.dumps(secret)[1:-1]
    return secret, in_json, in_json.replace("/", r"\/"), urllib.parse.quote(secret), urllib.parse.quote_plus(secret)


def mask_values(value: _T, secrets: t.Collection[str]) -> _T:
    """Return the value, a dataclass or plain data, with all secrets in its texts masked."""
    ordered = sorted(secrets, key=len, reverse=True)  # one may hold another
    return t.cast("_T", _mask(value, ordered)) if ordered else value


def _mask(value: t.Any, secrets: t.Sequence[str]) -> t.Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
        for secret in secrets:
            value = _mask_beginnings(value, secret)
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _mask(getattr(value, field.name), secrets) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    if isinstance(value, t.Mapping):
        return {key: _mask(item, secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_mask(item, secrets) for item in value])
    return value


def _mask_beginnings(text: str, secret: str) -> str:
    """Mask what is left of a secret where a text was cut."""
    beginning = secret[:_TELLING]
    at = text.find(beginning) if len(secret) > _TELLING else -1
    while at >= 0:
        length = next(
            (number for number, (one, other) in enumerate(zip(text[at:], secret)) if one != other),
            min(len(text) - at, len(secret)),
        )
        text = f"{text[:at]}{MASK}{text[at + length :]}"
        at = text.find(beginning, at + len(MASK))
    return text

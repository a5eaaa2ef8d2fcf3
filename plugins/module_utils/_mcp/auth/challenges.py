# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Recognize that a server requires credentials, by status and challenge only (RFC 9110 section 11)."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._util import clean
from ..errors import ProtocolError
from ..report.report import Auth

if t.TYPE_CHECKING:
    from ..transport.http1 import Headers

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_SCHEME = re.compile(rf"({_NAME})(?:[ ]+|(?=,)|$)")
_PARAM = re.compile(rf'({_NAME})[ \t]*=[ \t]*(?:({_NAME})|"((?:[^"\\]|\\.)*)")[ \t]*(?=,|$)')
_TOKEN68 = re.compile(r"([A-Za-z0-9._~+/-]+=*)[ \t]*(?=,|$)")
_SEPARATOR = re.compile(r"[ \t]*(?:,[ \t]*)*")
_MAX_LENGTH = 16 * 1024
_MAX_CHALLENGES = 20


@dataclasses.dataclass(frozen=True)
class Challenge:
    """One challenge: a scheme with either parameters or one opaque token."""

    scheme: str
    params: t.Mapping[str, str]
    token: str | None = None


def parse_challenges(value: str) -> tuple[Challenge, ...]:
    """Parse the value of a WWW-Authenticate header.

    :raises ProtocolError: if it does not follow the grammar.
    """
    if len(value) > _MAX_LENGTH:
        raise _invalid(value)
    challenges: list[Challenge] = []
    at = _skip(value, 0)
    while at < len(value):
        match = _SCHEME.match(value, at)
        if match is None or len(challenges) >= _MAX_CHALLENGES:
            raise _invalid(value)
        scheme, at = match.group(1), match.end()
        params: dict[str, str] = {}
        token: str | None = None
        while at < len(value):
            param = _PARAM.match(value, at)
            if param is not None:
                plain, quoted = param.group(2), param.group(3)
                params.setdefault(
                    param.group(1).lower(), plain if plain is not None else re.sub(r"\\(.)", r"\1", quoted)
                )
                at = _skip(value, param.end())
                continue
            opaque = None if params or token else _TOKEN68.match(value, at)
            if opaque is None:
                break
            token, at = opaque.group(1), _skip(value, opaque.end())
        challenges.append(Challenge(scheme, params, token))
        at = _skip(value, at)
    if not challenges:
        raise _invalid(value)
    return tuple(challenges)


def _skip(value: str, at: int) -> int:
    match = _SEPARATOR.match(value, at)
    return match.end() if match else at


def _invalid(value: str) -> ProtocolError:
    return ProtocolError(f"The challenge {clean(value)!r} does not follow RFC 9110.", code="WWW_AUTHENTICATE_INVALID")


def requires_credentials(status: int, headers: Headers) -> bool:
    """Return whether a response asks for (other) credentials; a 403 does so only with a challenge."""
    return status in (401, 407) or (status == 403 and headers.get("www-authenticate") is not None)


def parse_all_challenges(headers: Headers) -> tuple[tuple[Challenge, ...], list[ProtocolError]]:
    """Return the challenges of a response, and an error for each header that cannot be parsed."""
    found: list[Challenge] = []
    problems: list[ProtocolError] = []
    for value in [*headers.all("www-authenticate"), *headers.all("proxy-authenticate")][:_MAX_CHALLENGES]:
        try:
            found.extend(parse_challenges(value))
        except ProtocolError as exc:  # noqa: PERF203  # one invalid header must not hide the others
            problems.append(exc)
    return tuple(found), problems


def summarize_challenges(challenges: t.Sequence[Challenge]) -> Auth:
    """Return the most useful challenge for the report: a Bearer challenge if there is one, else the first."""
    if not challenges:
        return Auth()
    bearer = [challenge for challenge in challenges if challenge.scheme.lower() == "bearer"]
    chosen = (bearer or list(challenges))[0]
    shown = {name: clean(value) for name, value in chosen.params.items()}
    return Auth(
        scheme=clean(chosen.scheme),
        realm=shown.get("realm"),
        error=shown.get("error"),
        scope=shown.get("scope"),
        resource_metadata=shown.get("resource_metadata"),
    )

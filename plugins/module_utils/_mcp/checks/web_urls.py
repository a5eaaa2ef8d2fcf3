# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Tell whether a text is a URL of the format ``url`` as ajv-formats reads it (pure).

That is one of HTTP or FTP, with a public address in IPv4 or a name that has a top-level domain.
"""

from __future__ import annotations

import re
import typing as t

_BEGIN: t.Final = re.compile("(?:https?|ftp)://", re.ASCII | re.IGNORECASE)
_SPACES: t.Final = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_USER: t.Final = re.compile(f"[^{_SPACES}]+")
_REST: t.Final = re.compile(f"([^/:]*)(?::[0-9]{{2,5}})?(?:/[^{_SPACES}]*)?")
# Not of a letter, of ASCII or from U+00A1 to U+FFFF. A range of so many characters takes 20 times as long to compile.
_NO_LETTER: t.Final = "@\\[-`{-\u00a0\U00010000-\U0010ffff"
_LETTER_OR_DIGIT: t.Final = f"[^\x00-/:-{_NO_LETTER}]"
_LABEL: t.Final = re.compile(f"{_LETTER_OR_DIGIT}+(?:-{_LETTER_OR_DIGIT}+)*")
_TOP: t.Final = re.compile(f"[^\x00-{_NO_LETTER}]{{2,}}")
_BYTE: t.Final = re.compile("25[0-5]|2[0-4][0-9]|1?[0-9]{1,2}")
_MAX_STARTS: t.Final = 5  # places where a host may begin, after a user name or not, that are tried


def is_web_url(value: str) -> bool | None:
    """Tell whether it is; None if that is not decided."""
    begin = _BEGIN.match(value)
    if begin is None:
        return False
    rest = value[begin.end() :]
    ends = [found.start() for found in re.finditer("@", rest) if _USER.fullmatch(rest, 0, found.start())]
    starts = [0, *(end + 1 for end in ends)]
    if any(_is_host_and_more(rest[start:]) for start in starts[:_MAX_STARTS]):
        return True
    return None if len(starts) > _MAX_STARTS else False


def _is_host_and_more(text: str) -> bool:
    found = _REST.fullmatch(text)
    return found is not None and (_is_public_ipv4(found[1]) or _is_name(found[1]))


def _is_public_ipv4(host: str) -> bool:
    parts = host.split(".", 4)
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return False
    first, second, _third, last = map(int, parts)
    private = first in (10, 127) or (first, second) in ((169, 254), (192, 168)) or (first == 172 and 16 <= second <= 31)
    return (
        not private
        and not parts[0].startswith("0")
        and 1 <= first <= 223
        and all(_BYTE.fullmatch(part) for part in parts[1:3])
        and not parts[3].startswith("0")
        and 1 <= last <= 254
    )


def _is_name(host: str) -> bool:
    *labels, top = host.split(".")
    return bool(labels) and _TOP.fullmatch(top) is not None and all(_LABEL.fullmatch(label) for label in labels)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find links that run scripts, leak data or hide where they lead."""

from __future__ import annotations

import ipaddress
import re
import typing as t

_AUTHORITY = re.compile(
    rb"https?://(?:([^\s/?#@<>\"'`\0]{1,200})@)?(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]{2,45}\]|0x[0-9a-f]{8}|\d{8,10}"
    rb"|[^\s/?#@<>\"'`\0:]{1,253})(?=[:/?#\s\"'`)>,;.\0]|$)"
)
_PLACEHOLDER = re.compile(rb"[<>{}$*%\[\]]|user|name|pass|pwd|token|secret|key|xxx|\.\.\.|foo|bar|login")
_SCRIPT = re.compile(rb"(?:^|[\s(\"'<=\0])(?:javascript|vbscript):[^\s]")
_DATA = re.compile(
    rb"data:(?:(?:text/(?:html|javascript)|application/(?:x-)?(?:java|ecma)script|application/xhtml\+xml)[;,]"
    rb"|[\w/+.;=-]{0,100}?;base64,[a-z0-9+/=\s]{200})"
)
_IMAGE = re.compile(
    rb"!\[[^\]\0]{0,100}\]\(\s{0,8}https?://[^\s)\0]{0,300}?(?:[?&/=][^\s)\0]{0,100}?[{<\[$]|=\s{0,8}\))"
)
LITERALS: t.Final = (b"://", b"script:", b"data:", b"](")


def link_defect(text: bytes, at: int, literal: bytes) -> tuple[int, str] | None:
    """Return where a link around a literal begins and what is wrong with it; None if it is harmless.

    :param text: in lower case, with spaces only.
    """
    if literal == b"://":
        start = max(0, at - 5)
        match = _AUTHORITY.search(text, start, at + 500)
        what = _authority_defect(match) if match is not None else None
        return (match.start(), what) if match is not None and what is not None else None
    pattern, before, what = {
        b"script:": (_SCRIPT, 12, "a link that runs a script"),
        b"data:": (_DATA, 0, "a data: URL with a page, a script or a large payload"),
        b"](": (_IMAGE, 110, "an image whose URL has a placeholder, so that showing it sends data"),
    }[literal]
    match = pattern.search(text, max(0, at - before), at + 600)
    return (match.start(), what) if match is not None else None


def _authority_defect(match: re.Match[bytes]) -> str | None:
    login, host = match[1], match[2].strip(b"[]")
    if login is not None and b":" in login and not _PLACEHOLDER.search(login):
        return "a link with credentials"
    try:
        address = ipaddress.ip_address(int(host, 0) if host.isdigit() or host[:2] == b"0x" else host.decode())
    except ValueError:
        return None
    return "a link to the address of a host without a name" if address.is_global else None

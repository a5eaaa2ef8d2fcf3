# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A list's pages and a watch's events, as the API server sends them. Everything that is read has a limit."""

from __future__ import annotations

import json
import time
import typing as t

from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from .._vendor._kube.errors import ApiUnreachable, KubeError, from_status

GONE = 410
# etcd takes objects of 1.5 MiB unless it is told otherwise; JSON with escapes and the event around it is larger.
MAX_EVENT_BYTES = 16 * 1024 * 1024
# 500 objects of a common size are a few MiB. Whose objects are larger gets smaller pages.
MAX_PAGE_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024


class Expired(KubeError):
    """The resourceVersion is too old: what happened since then is not known any more (410)."""

    code = "API_EXPIRED"


class PageTooLarge(KubeError):
    """A page of a list is larger than we read; one of fewer objects may not be."""

    code = "API_PAGE_TOO_LARGE"


class WatchEvent(t.NamedTuple):
    """``ADDED``, ``MODIFIED``, ``DELETED`` or ``BOOKMARK``, and the object."""

    type: str
    object: dict[str, t.Any]


def read_page(response: BaseHTTPResponse, *, what: str, seconds: float) -> dict[str, t.Any]:
    """Read a whole answer and close it.

    :param seconds: that it may take in all, however steadily it drips.
    :raises KubeError: it ends early, takes too long, is too large, or is not a list.
    """
    deadline = time.monotonic() + seconds
    data = bytearray()
    try:
        for chunk in response.stream(_CHUNK):
            data += chunk
            if len(data) > MAX_PAGE_BYTES:
                raise PageTooLarge(f"Could not {what}: a page of the list is larger than {MAX_PAGE_BYTES} bytes.")
            if time.monotonic() > deadline:
                raise ApiUnreachable(f"Could not {what}: in {seconds:.0f} s only {len(data)} bytes came.")
        page = json.loads(data)
    except (HTTPError, OSError, ValueError, RecursionError) as exc:
        raise ApiUnreachable(f"Could not {what}: the answer broke off: {_short(exc)}.") from None
    finally:
        response.close()
    if not isinstance(page, dict) or not isinstance(page.get("metadata"), dict):
        raise KubeError(f"Could not {what}: the answer is not a list.")
    return page


def read_events(response: BaseHTTPResponse, *, what: str) -> t.Iterator[WatchEvent]:
    """Yield a watch's events until the API server ends it, or nothing has come for as long as reading may take.

    Of a kind of which nothing ever happens the API server sends no bookmarks either: silence is no error. If the
    connection has died, the next call says so.

    :raises Expired: the API server says so.
    :raises KubeError: it says another error, or the stream breaks off or is no watch.
    """
    try:
        for line in _lines(response.stream(_CHUNK)):
            yield _event(line, what)
    except ReadTimeoutError:
        return
    except (HTTPError, OSError) as exc:
        raise ApiUnreachable(f"Could not {what}: the stream broke off: {_short(exc)}.") from None


def _lines(chunks: t.Iterable[bytes]) -> t.Iterator[bytes]:
    buffer = bytearray()
    for chunk in chunks:
        # Only what is new can hold the end of the line: a large event is not searched again with each chunk.
        start = len(buffer)
        buffer += chunk
        while (end := buffer.find(b"\n", start)) >= 0:
            line = bytes(buffer[:end])
            del buffer[: end + 1]
            start = 0
            if line.strip():
                yield line
        if len(buffer) > MAX_EVENT_BYTES:
            raise KubeError(f"The API server sent an event of more than {MAX_EVENT_BYTES} bytes.")


def _event(line: bytes, what: str) -> WatchEvent:
    try:
        content = json.loads(line)
        event = WatchEvent(content["type"], content["object"])
        well_formed = isinstance(event.object["metadata"], dict)
    except (ValueError, LookupError, TypeError, RecursionError):
        well_formed = False
    if not well_formed:
        raise KubeError(f"Could not {what}: the API server sent something that is not an event.")
    if event.type == "ERROR":
        status = event.object.get("code")
        raise expired_or(from_status(status if isinstance(status, int) else 0, event.object, what))
    return event


def expired_or(error: KubeError) -> KubeError:
    """Return an error as :class:`Expired` where that is what it says."""
    return Expired(error.seen, error.action, status=GONE) if error.status == GONE else error


def _short(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc!s:.200}".rstrip(".: ")

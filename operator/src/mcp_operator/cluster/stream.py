# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read pages of lists and events of watches from responses of the API server, with limits of size and time."""

from __future__ import annotations

import json
import time
import typing as t

from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from .._vendor._kube.errors import ApiUnreachable, KubeError, from_status
from .pages import Page

GONE = 410
# The default limit of an object in etcd is 1.5 MiB; its JSON with escapes and the event around it are larger.
MAX_EVENT_BYTES = 16 * 1024 * 1024
# 500 objects of a common size are a few MiB. For larger objects, smaller pages are requested.
MAX_PAGE_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024


class Expired(KubeError):
    """The resourceVersion is too old; the API server does not have the changes since then any more (410)."""

    code = "API_EXPIRED"


class PageTooLarge(KubeError):
    """A page of a list exceeds the limit; request a page with fewer objects."""

    code = "API_PAGE_TOO_LARGE"


class WatchEvent(t.NamedTuple):
    """An event of a watch: ``ADDED``, ``MODIFIED``, ``DELETED`` or ``BOOKMARK``, and the object."""

    type: str
    object: dict[str, t.Any]


def read_page[Item](
    response: BaseHTTPResponse, keep: t.Callable[[t.Any], Item | None], *, what: str, seconds: float
) -> tuple[list[Item], dict[str, t.Any]]:
    """Read a complete response and close it; return what is kept of its items, and the metadata of the list.

    :param keep: returns the part of an item to keep; None to drop it.
    :param what: the request, for error messages.
    :param seconds: limit of the total time.
    :raises KubeError: the response ends early, takes too long, is too large, or is not a list.
    """
    deadline = time.monotonic() + seconds
    data = bytearray()
    try:
        for chunk in response.stream(_CHUNK):
            data += chunk
            if len(data) > MAX_PAGE_BYTES:
                raise PageTooLarge(f"Could not {what}: a page of the list is larger than {MAX_PAGE_BYTES} bytes.")
            if time.monotonic() > deadline:
                raise ApiUnreachable(f"Could not {what}: received only {len(data)} bytes in {seconds:.0f} s.")
        page = Page(data.decode())
        del data
        kept = [value for item in page.items() if (value := keep(item)) is not None]
    except (HTTPError, OSError, ValueError, RecursionError) as exc:
        raise ApiUnreachable(f"Could not {what}: the connection was lost: {_short(exc)}.") from None
    finally:
        response.close()
    if not isinstance(page.metadata, dict):
        raise KubeError(f"Could not {what}: the response is not a list.")
    return kept, page.metadata


def read_events(response: BaseHTTPResponse, *, what: str) -> t.Iterator[WatchEvent]:
    """Yield the events of a watch until the API server ends it, or nothing was received within the read timeout.

    The timeout is not an error, because the API server sends no bookmarks for kinds without changes. If the connection
    was lost, the next request fails.

    :param what: the request, for error messages.
    :raises Expired: the resourceVersion is too old.
    :raises KubeError: the API server sends another error, the connection is lost, or the response is not a watch.
    """
    try:
        for line in _lines(response.stream(_CHUNK)):
            yield _event(line, what)
    except ReadTimeoutError:
        return
    except (HTTPError, OSError) as exc:
        raise ApiUnreachable(f"Could not {what}: the connection was lost: {_short(exc)}.") from None


def _lines(chunks: t.Iterable[bytes]) -> t.Iterator[bytes]:
    buffer = bytearray()
    for chunk in chunks:
        # Search only the new bytes for the end of the line, so that large events take linear time.
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
        raise KubeError(f"Could not {what}: the API server sent data that is not an event.")
    if event.type == "ERROR":
        status = event.object.get("code")
        raise expired_or(from_status(status if isinstance(status, int) else 0, event.object, what))
    return event


def expired_or(error: KubeError) -> KubeError:
    """Return :class:`Expired` for an error with status 410, otherwise the error itself."""
    return Expired(error.seen, error.action, status=GONE) if error.status == GONE else error


def _short(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc!s:.200}".rstrip(".: ")

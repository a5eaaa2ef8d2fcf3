# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Writes lock files of what MCPServers offer, and compares what they offer with a lock file."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._mcp.errors import InvalidTarget
from .._mcp.offers.lock import Difference, Entry, differences
from .._mcp.offers.lock_file import read_lock, write_lock
from .._util import clean
from .served_offers import TIMEOUT, find_servers, key_of, served_offers

if t.TYPE_CHECKING:
    from pathlib import Path

    from .._kube.client import Client

_THREADS = 8


class Pinned(t.NamedTuple):
    """The result of comparing MCPServers with a lock file.

    :param before: the text of the file; empty if there is none.
    :param after: the text that it is to have.
    :param differences: by the name of the MCPServer, those that are not as in the file. A new one has no differences.
    :param digests: of all MCPServers, by name.
    """

    before: str
    after: str
    differences: dict[str, list[Difference]]
    digests: dict[str, str]

    @property
    def changed(self) -> bool:
        """Whether the file is to be written."""
        return self.before != self.after


def compare(
    client: Client, path: Path, wanted: t.Sequence[str], namespace: str | None, timeout: float = TIMEOUT
) -> Pinned:
    """Compare what MCPServers offer with a lock file. Entries of other MCPServers in the file remain.

    :param wanted: names, or ``namespace/name``; empty for all.
    :param namespace: of names without one; None for all namespaces.
    :param timeout: seconds for one server.
    :raises McpKubernetesError: the file, the API server or one of the MCPServers cannot be used.
    """
    before = _read(path)
    locked = read_lock(before, str(path)) if before else {}
    servers = find_servers(client, wanted, namespace)
    served = _served(client, servers, timeout)
    changed: dict[str, list[Difference]] = {}
    for name, entry in served.items():
        old = locked.get(name)
        if old is None or old["digest"] != entry["digest"]:
            changed[name] = [] if old is None else differences(old, entry)
    # An unchanged entry keeps its text, so that nothing else is reviewed.
    after = write_lock({**locked, **served}) if served or not before else before
    return Pinned(before, after, changed, {name: entry["digest"] for name, entry in served.items()})


def _served(client: Client, servers: t.Sequence[dict[str, t.Any]], timeout: float) -> dict[str, Entry]:
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="offers") as pool:
        entries = pool.map(lambda server: served_offers(client, server, timeout), servers)
        return {key_of(server): entry for server, entry in zip(servers, entries)}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidTarget(f"The lock file {clean(path)} cannot be read: {clean(exc, 120)}.") from None


def write(path: Path, text: str) -> None:
    """Write a lock file.

    :raises InvalidTarget: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise InvalidTarget(f"The lock file {clean(path)} cannot be written: {exc.strerror}.") from None


def as_text(name: str, found: t.Sequence[Difference], digest: str) -> str:
    """Return the differences of one MCPServer for people.

    :param found: empty for an MCPServer that the file does not have.
    :param digest: of what it offers now.
    """
    if not found:
        return f"{name}: not in the lock file; it offers {digest}"
    lines = [f"{name}: offers {digest}"]
    for one in found:
        lines.append(f"  {one.summary}")
        lines += [f"    - {one.old}"] if one.old else []
        lines += [f"    + {one.new}"] if one.new else []
    return "\n".join(lines)

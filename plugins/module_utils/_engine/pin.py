# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Writes lock files of what MCP servers offer, and compares what they offer with a lock file."""

from __future__ import annotations

import os
import secrets
import shutil
import typing as t

from .._errors import McpKubernetesError
from .._mcp.errors import InvalidTarget
from .._mcp.offers.lock import Difference, Entry, differences
from .._mcp.offers.lock_file import MAX_BYTES, read_lock, write_lock
from .._util import clean

if t.TYPE_CHECKING:
    from pathlib import Path

    from .served_offers import Served


class Pinned(t.NamedTuple):
    """The result of comparing servers with a lock file.

    :param before: the text of the file; empty if there is none.
    :param after: the text that it is to have.
    :param differences: by the name of the server, those that are not as in the file. A new one has no differences.
    :param digests: of all servers whose offers are known, by name.
    :param unknown: why the offers of the others are not known, by name. Their entries remain.
    :param stale: names of entries whose MCPServers do not exist. They remain, too.
    """

    before: str
    after: str
    differences: dict[str, list[Difference]]
    digests: dict[str, str]
    unknown: dict[str, McpKubernetesError]
    stale: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the file is to be written."""
        return self.before != self.after


def compare(
    path: Path, read_served: t.Callable[[], Served], covers: t.Callable[[str], bool] = lambda _name: False
) -> Pinned:
    """Compare what servers offer with a lock file. Entries of other servers in the file remain.

    :param read_served: returns what they offer; called after the file has been read.
    :param covers: tells by the name of an entry whether its server would be among them, if it existed.
    :raises McpKubernetesError: the file cannot be used, or from ``read_served``.
    """
    before = _read(path)
    locked = read_lock(before, f"The lock file {clean(path)}") if before else {}
    entries: dict[str, Entry] = {}
    unknown: dict[str, McpKubernetesError] = {}
    served = read_served()
    for name, found in sorted(served.items()):
        if isinstance(found, McpKubernetesError):
            unknown[name] = found
        else:
            entries[name] = found
    changed: dict[str, list[Difference]] = {}
    for name, entry in entries.items():
        old = locked.get(name)
        if old is None or old["digest"] != entry["digest"]:
            changed[name] = [] if old is None else differences(old, entry)
    after = write_lock({**locked, **entries}) if entries else before
    stale = tuple(sorted(name for name in locked if name not in served and covers(name)))
    return Pinned(before, after, changed, {name: entry["digest"] for name, entry in entries.items()}, unknown, stale)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1).decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8"
        raise InvalidTarget(f"The lock file {clean(path)} cannot be read: {reason}.") from None


def write(path: Path, text: str) -> None:
    """Replace a lock file. If it cannot be written completely, it remains as it was.

    :raises InvalidTarget: it cannot be written.
    """
    target = path.resolve()  # a symbolic link remains one
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        exists = target.exists()
        if exists and not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        try:
            with temporary.open("x", encoding="utf-8") as file:
                file.write(text)
            if exists:
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as exc:
        raise InvalidTarget(f"The lock file {clean(path)} cannot be written: {exc.strerror}.") from None


def as_text(name: str, found: t.Sequence[Difference], digest: str) -> str:
    """Return the differences of one server for people.

    :param found: empty for a server that the file does not have.
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


def stale_as_text(name: str) -> str:
    """Return what is said about an entry whose MCPServer does not exist."""
    return f"{clean(name)}: in the lock file, but there is no such MCPServer; remove the entry"

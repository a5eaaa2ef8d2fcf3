# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The files of MCP clients: add servers, and keep everything else that is in them."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import sys
import tempfile
import tomllib
import typing as t
from decimal import Decimal
from pathlib import Path

from .._vendor._workload.client_config import CLIENTS, Entry, toml_table
from ..errors import ArgumentsInvalid

_MAX_SIZE: t.Final = 16 * 1024 * 1024  # bytes
_INDENT = re.compile(r"^([ \t]+)\S", re.MULTILINE)
_HEADER = re.compile(r"^\[", re.MULTILINE)
# The fields by which the clients connect, and with which credentials. Others are about the use of the server.
_CONNECTING: t.Final = (
    *("type", "url", "headers", "headersHelper", "oauth"),
    *("command", "args", "cwd", "env", "envFile", "env_vars"),
    *("bearer_token_env_var", "http_headers", "env_http_headers"),
)
_ATTEMPTS: t.Final = 5
_BY_HAND: t.Final = "Print the entries without --write, and add them by hand."

Entries = t.Mapping[str, Entry]


def usual_file(client: str, environment: t.Mapping[str, str]) -> Path | None:
    """Return the file that a client reads: of the project if it has one there, else of the user.

    :return: None for a client that is told its file each time.
    """
    home = Path(environment.get("HOME") or Path.home())
    if client == "claude-desktop":
        folder = home / "Library" / "Application Support" if sys.platform == "darwin" else home / ".config"
        return folder / "Claude" / "claude_desktop_config.json"
    if client == "codex":
        return Path(environment.get("CODEX_HOME") or home / ".codex") / "config.toml"
    files = {
        "claude-code": Path(".mcp.json"),
        "cursor": Path(".cursor", "mcp.json"),
        "vscode": Path(".vscode", "mcp.json"),
        "ansible": Path("/opt/mcp/mcpservers.json"),
    }
    return files.get(client)


def merge(client: str, path: Path, entries: Entries, *, replace: bool = False) -> Path | None:
    """Add entries to a file, which may not exist yet. What is there stays, and is copied to a backup first.

    :param replace: change an entry of the same name that connects differently. Fields that are not about the connection
        stay; headers of the earlier one may be credentials for another server.
    :return: the backup; None if there was no file, or if it had the entries.
    :raises ArgumentsInvalid: the file cannot be read, understood or written, or has another entry of the same name.
    """
    # A file may be a link into a repository of settings.
    path = Path(os.path.realpath(path))
    merged = _in_toml if CLIENTS[client].toml else _in_json
    for _attempt in range(_ATTEMPTS):
        before = _read(path)
        after = merged(CLIENTS[client].key, path, before or "", entries, replace)
        if after == before:
            return None
        try:
            return _write(path, before, after)
        except _Changed:
            continue
        except OSError as exc:
            raise ArgumentsInvalid(f"{path} cannot be written: {exc.strerror}.") from None
    raise ArgumentsInvalid(f"{path} is being changed by another program.", "Try again.")


class _Changed(Exception):
    """Another program has changed the file since it was read."""


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > _MAX_SIZE:
            raise ArgumentsInvalid(f"{path} is larger than {_MAX_SIZE} bytes.", _BY_HAND)
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as exc:
        raise ArgumentsInvalid(f"{path} cannot be read: {exc}.") from None


def _in_json(key: str, path: Path, before: str, entries: Entries, replace: bool) -> str:
    try:
        document = _json(before) if before.strip() else {}
    except (ValueError, RecursionError) as exc:
        # VS Code's files may have comments, which would be lost.
        raise ArgumentsInvalid(f"{path} is not strict JSON: {exc}.", _BY_HAND) from None
    servers = document.setdefault(key, {}) if key and isinstance(document, dict) else document
    if not isinstance(servers, dict):
        raise ArgumentsInvalid(f"{path} has no object{f' {key}' if key else ''} with servers.", _BY_HAND)
    changed = False
    for name, entry in entries.items():
        merged = _merged(path, name, servers.get(name), entry, replace=replace)
        changed |= merged != servers.get(name)
        servers[name] = merged
    if not changed:
        return before
    indent = _INDENT.search(before)
    text = json.dumps(document, indent=indent.group(1) if indent else 2, ensure_ascii=False) + "\n"
    try:
        text.encode()
    except UnicodeError as exc:
        raise ArgumentsInvalid(f"{path} has text that is not Unicode: {exc}.", _BY_HAND) from None
    return text


def _json(text: str) -> t.Any:
    return json.loads(
        text, object_pairs_hook=_without_duplicates, parse_float=_exact_number, parse_constant=_exact_number
    )


def _exact_number(text: str) -> float:
    """Return a number that is written back with the same value."""
    number = float(text)
    if not math.isfinite(number) or Decimal(repr(number)) != Decimal(text):
        raise ValueError(f"the number {text[:40]} would be changed")
    return number


def _in_toml(key: str, path: Path, before: str, entries: Entries, replace: bool) -> str:
    document = _toml(path, before)
    text = before
    for name, entry in entries.items():
        known = document.get(key, {}).get(name) if isinstance(document.get(key, {}), dict) else ""
        merged = _merged(path, name, known, entry, replace=replace)
        if merged == known:
            continue
        document = {**document, key: {**document.get(key, {}), name: merged}}
        if known is None:
            text = f"{text}\n{toml_table(key, name, entry)}" if text.strip() else toml_table(key, name, entry)
        else:
            text = _with_fields(text, f"{key}.{name}", entry, [field for field in known if field not in merged])
        # Tables can be written in many ways. The text is used only if it means what was intended.
        if _toml(path, text) != document:
            raise ArgumentsInvalid(f"{path} cannot be changed without the risk of losing something.", _BY_HAND)
    return text


def _with_fields(text: str, table: str, entry: Entry, dropped: t.Collection[str]) -> str:
    """Return a TOML text with other values of the fields of a table, and without those that are dropped."""
    for field in dropped:
        text = _replaced(text, f"[{table}.{field}]", _comments_at_end)

    def change(lines: list[str]) -> list[str]:
        names = {*entry, *dropped}
        kept = [line for line in lines if line.partition("=")[0].strip() not in names or "=" not in line]
        return [kept[0], *(f"{field} = {json.dumps(value)}" for field, value in entry.items()), *kept[1:]]

    return _replaced(text, f"[{table}]", change)


def _comments_at_end(lines: list[str]) -> list[str]:
    """Return the comments after the fields of a table, which are about what follows."""
    last = max(number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    return lines[last + 1 :]


def _replaced(text: str, header: str, change: t.Callable[[list[str]], list[str]]) -> str:
    """Return a text with other lines from a header to the next one."""
    start = text.find(header)
    if start < 0:
        return text
    following = _HEADER.search(text, start + len(header))
    end = following.start() if following else len(text)
    return text[:start] + "".join(f"{line}\n" for line in change(text[start:end].splitlines())) + text[end:]


def _toml(path: Path, text: str) -> dict[str, t.Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as exc:
        raise ArgumentsInvalid(f"{path} is not TOML: {exc}.", _BY_HAND) from None


def _merged(path: Path, name: str, known: t.Any, entry: Entry, *, replace: bool) -> Entry:
    if known is None:
        return entry
    if not isinstance(known, dict) or (not replace and any(known.get(field) != entry[field] for field in entry)):
        raise ArgumentsInvalid(f"{path} has another entry {name}.", "Change it with --replace.")
    same = _is_same_server(known, entry)
    return {**{field: value for field, value in known.items() if same or field not in _CONNECTING}, **entry}


def _is_same_server(known: Entry, entry: Entry) -> bool:
    """Tell whether two entries are about one server: by its URL, or by the program that connects to it."""
    given = known.get("args")
    program = given[:2] if isinstance(given, list) else None
    return (known.get("url"), known.get("command"), program) == (
        entry.get("url"),
        entry.get("command"),
        entry["args"][:2] if "args" in entry else None,
    )


def _without_duplicates(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _back_up(path: Path) -> Path:
    """Copy the file to the first free name, so that no earlier backup is lost."""
    number = 1
    while True:
        backup = path.with_name(f"{path.name}.bak" if number == 1 else f"{path.name}.{number}.bak")
        try:
            # Other users must not read the copy before it has the mode of the file.
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        os.close(descriptor)
        shutil.copy2(path, backup)
        return backup


def _require(path: Path, before: str | None) -> None:
    if _read(path) != before:
        raise _Changed


def _write(path: Path, before: str | None, text: str) -> Path | None:
    """Replace the file as a whole, with the mode that it had, and return the backup.

    :raises _Changed: it is no longer as it was read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _require(path, before)
        backup = None if before is None else _back_up(path)
        if backup is not None:
            shutil.copymode(path, temporary)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return backup

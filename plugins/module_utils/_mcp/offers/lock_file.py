# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The text of a lock file: YAML in ASCII, so that hidden characters are visible in a review."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..errors import InvalidTarget, MissingLibrary
from .lock import MAX_NESTING, Entry, entry_problem

try:
    import yaml
except ImportError:
    yaml = None  # type: ignore[assignment]

VERSION: t.Final = 1
MAX_BYTES: t.Final = 64 * 1024 * 1024
# The levels around an item, and those of its schemas.
MAX_DEPTH: t.Final = 5 + MAX_NESTING
_NUMBERS: t.Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_LONGEST_NUMBER: t.Final = 400  # characters; the largest double has 309 digits
_MERGE: t.Final = "tag:yaml.org,2002:merge"
_HEADER: t.Final = """\
# What MCP servers offered when this file was written, for review. Written by mcp-operator pin and the module mcp_pin.
# A server is pinned by its digest in spec.validation.tools.
"""


def write_lock(servers: t.Mapping[str, Entry]) -> str:
    """Return the text of a lock file.

    :param servers: the entries by the name of the server.
    :raises MissingLibrary: PyYAML is not installed.
    """
    if yaml is None:
        raise MissingLibrary("PyYAML")
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(dumper):  # type: ignore[misc, valid-type]
        """Writes no aliases: a reviewer would have to look them up."""

        def ignore_aliases(self, _data: t.Any) -> bool:
            return True

    content = {"version": VERSION, "servers": {name: servers[name] for name in sorted(servers)}}
    text = yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=False, width=120)
    return f"{_HEADER}---\n{text}"


def read_lock(text: str, where: str = "The lock file") -> dict[str, Entry]:
    """Return the entries of a lock file by the name of the server.

    :param where: the file, for messages.
    :raises MissingLibrary: PyYAML is not installed.
    :raises InvalidTarget: it is not a lock file, or a digest in it is not that of its texts.
    """
    if yaml is None:
        raise MissingLibrary("PyYAML")
    if len(text) > MAX_BYTES:
        raise _invalid(where, f"it has more than {MAX_BYTES} bytes")
    if text.startswith("%") or "\n%" in text:  # libyaml takes quadratic time for many directives
        raise _invalid(where, "it has a YAML directive")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        problem = _structure_problem(yaml.parse(text, Loader=loader))
        if problem:
            raise _invalid(where, problem)
        content = yaml.load(text, Loader=_json_loader(loader))
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as exc:
        raise _invalid(where, f"it is not YAML: {clean(exc, 200)}") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise _invalid(where, f"it does not say version: {VERSION}")
    servers = content.get("servers")
    if not isinstance(servers, dict) or not all(isinstance(name, str) for name in servers):
        raise _invalid(where, "servers is not an object")
    for name, entry in servers.items():
        problem = entry_problem(entry)
        if problem:
            raise _invalid(where, f"the entry {clean(name)} is not valid: {problem}")
    return servers


def _structure_problem(events: t.Iterable[t.Any]) -> str:
    """Return what a lock file may not have; empty if it has none of it. The rest of the text is not parsed.

    An alias can make a short text an endless value, and constructors of tags raise any exception. For deep nesting,
    libyaml takes quadratic time, in which no other thread runs.
    """
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            return "it has a YAML alias"
        if getattr(event, "tag", None) is not None:
            return "it has a YAML tag"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return f"it is nested more than {MAX_DEPTH} levels deep"
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return ""


def _json_loader(loader: t.Any) -> t.Any:
    """Return a loader of YAML that accepts each key of a mapping once, and no long numbers."""

    class Loader(loader):  # type: ignore[misc]
        """A reviewer may read one entry of a name, and the other one would count."""

        def construct_mapping(self, node: t.Any, deep: bool = False) -> t.Any:
            keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
            if len(set(keys)) < len(keys) or any(key.tag == _MERGE for key, _value in node.value):
                raise yaml.constructor.ConstructorError(None, None, "a key occurs twice", node.start_mark)
            return super().construct_mapping(node, deep)

        def construct_scalar(self, node: t.Any) -> t.Any:
            # Those in base 60, such as 1:30, take quadratic time.
            if node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
                raise yaml.constructor.ConstructorError(None, None, "a number is too long", node.start_mark)
            return super().construct_scalar(node)

    return Loader


def _invalid(where: str, problem: str) -> InvalidTarget:
    return InvalidTarget(
        f"{where} cannot be used: {problem}.",
        "Restore it from version control, or write it again and review the difference.",
        code="LOCK_INVALID",
    )

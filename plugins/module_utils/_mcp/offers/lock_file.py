# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The text of a lock file: YAML in ASCII, so that hidden characters are visible in a review."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..errors import InvalidTarget, MissingLibrary
from .lock import Entry, entry_problem

try:
    import yaml
except ImportError:
    yaml = None  # type: ignore[assignment]

VERSION: t.Final = 1
MAX_BYTES: t.Final = 64 * 1024 * 1024
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
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # An alias can make a short text an endless value.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            raise _invalid(where, "it has a YAML alias")
        content = yaml.load(text, Loader=_without_repetition(loader))
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
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


def _without_repetition(loader: t.Any) -> t.Any:
    """Return a loader of YAML that accepts each key of a mapping once."""

    class Loader(loader):  # type: ignore[misc]
        """A reviewer may read one entry of a name, and the other one would count."""

        def construct_mapping(self, node: t.Any, deep: bool = False) -> t.Any:
            keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
            if len(set(keys)) < len(keys) or any(key.tag == _MERGE for key, _value in node.value):
                raise yaml.constructor.ConstructorError(None, None, "a key occurs twice", node.start_mark)
            return super().construct_mapping(node, deep)

    return Loader


def _invalid(where: str, problem: str) -> InvalidTarget:
    return InvalidTarget(
        f"{where} cannot be used: {problem}.",
        "Restore it from version control, or write it again and review the difference.",
        code="LOCK_INVALID",
    )

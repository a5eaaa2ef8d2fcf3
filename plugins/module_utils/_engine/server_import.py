# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Import MCP servers: from a file, a URL or a registry to manifests of MCPServers, with what to add and to review."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

from .._mcp.errors import MissingLibrary
from .._util import as_mapping, clean
from .._workload.errors import RegistryUnreadable
from .._workload.foreign_manifest import manifest_of_foreign, objects_of, targets_of_foreign
from .._workload.registry_entry import Imported, check_entry, manifest_of, targets_of
from .registry_client import MAX_BYTES, bounded, read_url, server_url

try:
    import yaml
except ImportError:
    yaml = None  # type: ignore[assignment]

_NAME: t.Final = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_LONGEST_NUMBER: t.Final = 100  # characters; longer ones take quadratic time
_NUMBERS: t.Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class Source(t.NamedTuple):
    """Where a server is read from.

    :param place: a file, a URL, or the name of a server in the registry.
    :param registry: the URL of a registry; empty if the place is none of its servers.
    :param version: of the server in the registry.
    """

    place: str
    registry: str = ""
    version: str = "latest"


class Choices(t.NamedTuple):
    """What to make of it.

    :param name: of the MCPServer; empty for that of the source.
    :param package: ``oci``, ``npm`` or ``pypi``; empty for the first of these.
    :param remotes: return the remote URLs instead of manifests.
    """

    name: str = ""
    package: str = ""
    remotes: bool = False


class Result(t.NamedTuple):
    """What was imported.

    :param manifests: of MCPServers.
    :param targets: of the file for ``mcp-operator validate --targets``.
    :param missing: what must be added before the manifests are applied.
    :param dropped: fields that were left out, with the reasons.
    :param notes: what should be reviewed.
    """

    manifests: list[dict[str, t.Any]]
    targets: list[dict[str, t.Any]]
    missing: list[str]
    dropped: list[str]
    notes: list[str]


def read_source(source: Source) -> bytes:
    """Return what a file, a URL or a registry has.

    :raises RegistryUnreadable: it cannot be read, or is another server than that of the name.
    """
    if source.registry:
        data = read_url(server_url(source.registry, source.place, source.version))
        _check_answer(data, source)
        return data
    if source.place.startswith(("http://", "https://")):
        return read_url(source.place)
    try:
        with Path(source.place).open("rb") as file:
            return bounded(file.read(MAX_BYTES + 1))
    except OSError as exc:
        seen = f"{clean(source.place, 300)} cannot be read: {exc.strerror}."
        raise RegistryUnreadable(seen, "Give a file or a URL, or the registry of a name.") from None


def import_servers(data: bytes, choices: Choices) -> Result:
    """Return what becomes of a ``server.json``, or of objects of other projects.

    :param data: JSON or YAML; nothing in it is trusted, followed or executed.
    :raises McpKubernetesError: it cannot be decoded, nothing can be imported, or the name is that of no MCPServer.
    """
    if choices.name and not _NAME.fullmatch(choices.name):
        seen = f"The name {clean(repr(choices.name), 100)} is not the name of an MCPServer."
        raise RegistryUnreadable(seen, "Use lower-case letters, digits and '-'.")
    documents = decode(data)
    if not any("apiVersion" in as_mapping(document) for document in documents):
        if len(documents) != 1:
            raise RegistryUnreadable("There is not exactly one document.", "Give a server.json.")
        return _of_entry(documents[0], choices)
    objects, others = objects_of(documents)
    notes = [f"{other} was left out; it is needed if the server refers to it." for other in others]
    if choices.package:
        raise RegistryUnreadable("The type of a package was chosen, and this is no server.json.", "Leave it out.")
    if choices.name and len(objects) > 1:
        raise RegistryUnreadable(f"One name was chosen for {len(objects)} objects.", "Leave it out.")
    result = Result([], [], [], [], notes)
    for found in objects:
        if choices.remotes:
            targets, missing, left_out = targets_of_foreign(found)
            result.targets.extend(targets)
            result.missing.extend(missing)
            result.notes.extend(left_out)
        else:
            _add(result, manifest_of_foreign(found, choices.name), named=len(objects) > 1)
    return result


def as_text(result: Result, source: str) -> str:
    """Return the manifests, or the file of targets, as YAML that begins with what a person must know as comments.

    :param source: where it was read from. The query of a URL is left out: it can have a token.
    :raises MissingLibrary: PyYAML is not installed.
    """
    if yaml is None:
        raise MissingLibrary("PyYAML")
    if source.startswith(("http://", "https://")):
        source = re.split(r"[?#]", source)[0]
    comments = [f"Imported from {source}. Review it before you apply it."]
    for label, lines in (("ADD", result.missing), ("DROPPED", result.dropped), ("NOTE", result.notes)):
        comments += [f"{label}: {line}" for line in lines]
    # Each is one line: what comes from the source is cleaned.
    head = "".join(f"# {clean(line, 1000)}\n" for line in comments)
    documents = result.manifests or [{"targets": result.targets}]
    dumped = (yaml.safe_dump(document, sort_keys=False, width=120) for document in documents)
    return head + "".join(f"---\n{document}" for document in dumped)


def decode(data: bytes) -> list[t.Any]:
    """Return the documents of JSON or YAML.

    :raises RegistryUnreadable: it is neither.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise RegistryUnreadable(f"The file is not UTF-8 at byte {exc.start}.", "Save it as UTF-8.") from None
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError) as exc:
        problem = clean(exc, 200)
        # JSON with an error is not read as YAML, whose message would be about something else.
        if text.lstrip()[:1] in ("", "{", "["):
            raise RegistryUnreadable(f"The server is not JSON: {problem}.", "Give a server.json.") from None
    try:
        return [document for document in _yaml_documents(text) if document is not None]
    # PyYAML raises all of these for values that their tag does not fit, for example AttributeError for !!timestamp x.
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, ArithmeticError, AttributeError, TypeError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        problem = clean(getattr(exc, "problem", None) or type(exc).__name__, 200)
        raise RegistryUnreadable(f"This is not YAML{where}: {problem}.", "Give JSON or YAML.") from None


def _yaml_documents(text: str) -> t.Iterator[t.Any]:
    """Yield documents of YAML without aliases, of which a few lines can stand for gigabytes."""
    if yaml is None:
        raise MissingLibrary("PyYAML")

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: t.Any, index: t.Any) -> t.Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.MarkedYAMLError(problem="aliases are not supported", problem_mark=mark)
            node = super().compose_node(parent, index)
            if node is not None and node.tag in _NUMBERS and len(node.value) > _LONGEST_NUMBER:
                raise yaml.MarkedYAMLError(problem="a number is too long", problem_mark=node.start_mark)
            return node

    yield from yaml.load_all(text, Loader=Loader)


def _check_answer(data: bytes, source: Source) -> None:
    """Check that a registry answers with the server that was requested."""
    documents = decode(data)
    if len(documents) != 1 or "apiVersion" in as_mapping(documents[0]):
        raise RegistryUnreadable("The registry does not answer with one server.", "Do not trust it.")
    entry = check_entry(documents[0])
    name, version = entry["name"], entry.get("version")
    if name != source.place or source.version not in ("latest", version):
        raise RegistryUnreadable(
            f"The registry answers with {clean(name, 200)}, version {clean(version, 100)}.", "Do not trust it."
        )


def _of_entry(entry: t.Any, choices: Choices) -> Result:
    if choices.remotes:
        targets, missing, notes = targets_of(entry)
        return Result([], targets, list(missing), [], list(notes))
    result = Result([], [], [], [], [])
    _add(result, manifest_of(entry, choices.name, choices.package), named=False)
    return result


def _add(result: Result, imported: Imported, *, named: bool) -> None:
    """Add a manifest to the result.

    :param named: begin each line with the name of the MCPServer.
    """
    name = imported.manifest["metadata"]["name"] if named else ""
    prefix = f"{name}: " if name else ""
    result.manifests.append(imported.manifest)
    for lines, added in (
        (result.missing, imported.missing),
        (result.dropped, imported.dropped),
        (result.notes, imported.notes),
    ):
        lines.extend(prefix + line for line in added)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Read MCPServer manifests from files and folders, like ``kubectl apply -f``."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

from ..module_utils._workload import manifest as manifests
from ..module_utils._workload import names
from ..module_utils._workload.errors import ManifestError, ManifestFileError

_SUFFIXES = (".yaml", ".yml", ".json")
# Ten times the size of a file with a thousand MCPServers.
MAX_FILE_BYTES = 16 * 1024 * 1024


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one of two bases
    """YAML that can be converted to JSON: without dates, merge keys and duplicate keys."""


def _mapping(loader: t.Any, node: t.Any) -> dict[t.Any, t.Any]:
    if not isinstance(node, yaml.MappingNode):  # it has the tag !!map
        raise yaml.constructor.ConstructorError(None, None, "not a mapping", node.start_mark)
    found: dict[t.Any, t.Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, (str, int, float, bool, type(None))):
            raise yaml.constructor.ConstructorError(None, None, "a key is not a string", key_node.start_mark)
        if key == "<<":
            # A few lines of merge keys can expand to gigabytes.
            raise yaml.constructor.ConstructorError(
                None, None, "merge keys (<<) are not supported", key_node.start_mark
            )
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key!r}", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_NOT_JSON = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_JSON]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read(paths: t.Sequence[str], given: t.Sequence[t.Any], namespace: str) -> tuple[list[dict[str, t.Any]], list[str]]:
    """Return the MCPServers of files and of a variable, and the other documents in the files.

    :param paths: files, and folders whose YAML and JSON files are read, without subfolders.
    :param given: manifests that are not in files.
    :param namespace: for manifests without one.
    :raises ManifestFileError: a file cannot be read.
    :raises ManifestError: a manifest is invalid, two have the same name, or there is none.
    """
    found: dict[tuple[str, str], tuple[dict[str, t.Any], str]] = {}
    others: list[str] = []
    sources = [_documents(file) for path in paths for file in _files(path)]
    sources.append(iter([(f"servers[{number}]", manifest) for number, manifest in enumerate(given)]))
    for source in sources:
        for place, document in source:
            if isinstance(document, t.Mapping) and document.get("kind") not in (names.KIND, None):
                others.append(f"{place}: {ascii(document['kind'])[:80]}")
                continue
            try:
                server = manifests.check(document, namespace)
            except ManifestError as exc:
                raise ManifestError(f"{place}: {exc.seen}", exc.action) from None
            key = (server["metadata"]["namespace"], server["metadata"]["name"])
            if key in found:
                raise ManifestError(
                    f"{place}: the MCPServer {'/'.join(key)} is also in {found[key][1]}.",
                    "Remove or rename one of them.",
                )
            found[key] = (server, place)
    if not found:
        where = ", ".join(map(str, paths)) or "the variables"
        raise ManifestError(f"There is no MCPServer in {where}.", "Set mcp_manifests or mcp_servers.")
    return [server for server, _place in found.values()], others


def _check_depth(text: str) -> None:
    """Reject deep nesting before the recursive parser runs, which would overflow the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > manifests.MAX_DEPTH:
            problem = f"it has more than {manifests.MAX_DEPTH} levels"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=t.cast("t.Any", event.start_mark))


def _files(given: str) -> list[Path]:
    path = Path(given).expanduser()
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES and file.is_file())
    if not path.is_file():
        raise ManifestFileError(f"There is no file or folder {given}.", "Check mcp_manifests.")
    return [path]


def _documents(path: Path) -> t.Iterator[tuple[str, t.Any]]:
    """Yield the location and the content of each document that is not empty."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as exc:
        raise ManifestFileError(f"{path} cannot be read: {exc.strerror}.", "Check its permissions.") from None
    if len(data) > MAX_FILE_BYTES:
        raise ManifestFileError(f"{path} is larger than {MAX_FILE_BYTES} bytes.", "Split it.")
    try:
        text = data.decode("utf-8-sig")
        _check_depth(text)
        documents = list(yaml.load_all(text, Loader=_Loader))
    except UnicodeDecodeError as exc:
        raise ManifestFileError(f"{path} is not UTF-8 at byte {exc.start}.", "Save it as UTF-8.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        problem = getattr(exc, "problem", None) or type(exc).__name__
        raise ManifestFileError(f"{path}{where}: invalid YAML: {problem}.", "Correct it.") from None
    for number, document in enumerate(documents, start=1):
        if document is not None:
            yield (str(path) if len(documents) == 1 else f"{path} document {number}"), document

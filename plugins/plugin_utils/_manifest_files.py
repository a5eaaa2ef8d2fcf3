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
_SHOWN = 3  # objects of other kinds that an error names
# Limits of all files together: ten times what a thousand MCPServers have.
MAX_BYTES = 16 * 1024 * 1024
MAX_DOCUMENTS = 10_000
MAX_NODES = 500_000
# Longer numbers take quadratic time; the keys of a mapping that are longer than that can all have one hash.
_NUMBER_CHARACTERS, _KEY_CHARACTERS = 100, 18


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one of two bases
    """YAML that can be converted to JSON: without other types, merge keys and duplicate keys."""

    # Merge keys that are written as tags, and the types for which PyYAML expands them, are not constructed.
    yaml_constructors = {  # noqa: RUF012 - PyYAML looks it up in the class
        tag: constructor
        for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in ("null", "bool", "str", "seq")
    }


def _mapping(loader: t.Any, node: t.Any) -> dict[t.Any, t.Any]:
    if not isinstance(node, yaml.MappingNode):  # it has the tag !!map
        raise yaml.constructor.ConstructorError(None, None, "not a mapping", node.start_mark)
    found: dict[t.Any, t.Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) and (
            not isinstance(key, (int, float, type(None))) or len(key_node.value) > _KEY_CHARACTERS
        ):
            raise yaml.constructor.ConstructorError(None, None, "a key is not a string", key_node.start_mark)
        if key == "<<":
            # A few lines of merge keys can expand to gigabytes.
            raise yaml.constructor.ConstructorError(
                None, None, "merge keys (<<) are not supported", key_node.start_mark
            )
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key!r:.80}", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _number(loader: t.Any, node: t.Any) -> int | float:
    text = loader.construct_scalar(node)
    if len(text) > _NUMBER_CHARACTERS:
        problem = f"a number has more than {_NUMBER_CHARACTERS} characters"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    convert = loader.construct_yaml_int if node.tag == _INT else loader.construct_yaml_float
    found: int | float = convert(node)
    return found


_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_NOT_JSON = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor(_INT, _number)
_Loader.add_constructor(_FLOAT, _number)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_JSON]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


class _Limits:
    """What may still be read, of all files together."""

    def __init__(self) -> None:
        self.bytes, self.documents, self._nodes = MAX_BYTES, MAX_DOCUMENTS, MAX_NODES

    def check(self, text: str) -> int:
        """Return the number of documents, before anything is made of them.

        The parser that follows is recursive, and takes 200 bytes and more for each node.

        :raises yaml.YAMLError: the text is no YAML, or a limit is exceeded.
        """
        documents = depth = nodes = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents, nodes = documents + 1, 0
                self.documents -= 1
            elif isinstance(event, yaml.NodeEvent):
                nodes += 1
                self._nodes -= 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            problem = ""
            if depth > manifests.MAX_DEPTH:
                problem = f"it has more than {manifests.MAX_DEPTH} levels"
            elif nodes > manifests.MAX_NODES:
                problem = f"the document has more than {manifests.MAX_NODES} values"
            elif self.documents < 0:
                problem = f"there are more than {MAX_DOCUMENTS} documents"
            elif self._nodes < 0:
                problem = f"all documents together have more than {MAX_NODES} values"
            if problem:
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=t.cast("t.Any", event.start_mark))
        return documents


def read(
    paths: t.Sequence[str], given: t.Sequence[t.Any], namespace: str, *, only: bool = False
) -> tuple[list[dict[str, t.Any]], list[str]]:
    """Return the MCPServers of files and of a variable, and the other documents in the files.

    :param paths: files, and folders whose YAML and JSON files are read, without subfolders.
    :param given: manifests that are not in files.
    :param namespace: for manifests without one.
    :param only: refuse manifests that name another namespace, as ``kubectl apply -n`` does.
    :raises ManifestFileError: a file cannot be read.
    :raises ManifestError: a manifest is invalid, two have the same name, or there is none.
    """
    found: dict[tuple[str, str], tuple[dict[str, t.Any], str]] = {}
    others: list[str] = []
    limits = _Limits()
    sources = [_documents(file, limits) for path in paths for file in _files(path)]
    sources.append(iter([(f"servers[{number}]", manifest) for number, manifest in enumerate(given)]))
    for source in sources:
        for place, document in source:
            kind = document.get("kind") if isinstance(document, t.Mapping) else None
            if isinstance(kind, str) and kind != names.KIND:
                others.append(f"{place}: {ascii(kind[:80])[:80]}")
                continue
            try:
                server = manifests.check(document, namespace)
            except ManifestError as exc:
                raise ManifestError(f"{place}: {exc.seen}", exc.action) from None
            key = (server["metadata"]["namespace"], server["metadata"]["name"])
            if only and key[0] != namespace:
                raise ManifestError(
                    f"{place}: the MCPServer {key[1]} names the namespace {key[0]}, but only {namespace} was selected.",
                    "Correct mcp_namespace or the manifest. To deploy to the namespaces that manifests name, set "
                    "mcp_any_namespace=true.",
                )
            if key in found:
                raise ManifestError(
                    f"{place}: the MCPServer {'/'.join(key)} is also in {found[key][1]}.",
                    "Remove or rename one of them.",
                )
            found[key] = (server, place)
    if not found:
        if not paths:
            raise ManifestError("There is no MCPServer in the variables.", "Set mcp_manifests or mcp_servers.")
        kinds = f" Found were: {', '.join(others[:_SHOWN])}." if others else ""
        raise ManifestError(
            f"There is no MCPServer in {', '.join(map(str, paths))}.{kinds}", "Check the path, and kind in the files."
        )
    return [server for server, _place in found.values()], others


def _files(given: str) -> list[Path]:
    path = Path(given).expanduser()
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES and file.is_file())
    if not path.is_file():
        raise ManifestFileError(f"There is no file or folder {given}.", "Check mcp_manifests.")
    return [path]


def _documents(path: Path, limits: _Limits) -> t.Iterator[tuple[str, t.Any]]:
    """Yield the location and the content of each document that is not empty."""
    try:
        with path.open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError as exc:
        raise ManifestFileError(f"{path} cannot be read: {exc.strerror}.", "Check its permissions.") from None
    limits.bytes -= len(data)
    if limits.bytes < 0:
        raise ManifestFileError(
            f"{path}: all files together are larger than {MAX_BYTES} bytes.", "Deploy them in several runs."
        )
    try:
        text = data.decode("utf-8-sig")
        total = limits.check(text)
        for number, document in enumerate(yaml.load_all(text, Loader=_Loader), start=1):
            if document is not None:
                yield (str(path) if total == 1 else f"{path} document {number}"), document
    except UnicodeDecodeError as exc:
        raise ManifestFileError(f"{path} is not UTF-8 at byte {exc.start}.", "Save it as UTF-8.") from None
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, ArithmeticError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        problem = getattr(exc, "problem", None) or type(exc).__name__
        raise ManifestFileError(f"{path}{where}: invalid YAML: {problem}.", "Correct it.") from None

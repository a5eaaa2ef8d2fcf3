# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The schema of MCPServers, from the CustomResourceDefinition of the role."""

from __future__ import annotations

import difflib
import functools
import typing as t

import yaml

from ..module_utils._util import as_mapping, clean
from ..module_utils._workload.errors import ManifestError
from ._role import CRD


@functools.cache
def spec_schema() -> dict[str, t.Any]:
    """Return the schema of ``spec`` in the stored version."""
    crd = yaml.load(CRD.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    [version] = [one for one in crd["spec"]["versions"] if one["storage"]]
    return t.cast("dict[str, t.Any]", version["schema"]["openAPIV3Schema"]["properties"]["spec"])


def check_fields(server: t.Mapping[str, t.Any]) -> None:
    """Check that the API server knows all fields of a manifest's spec, where no API server does it.

    :raises ManifestError: one is unknown.
    """
    for path, name, known in _unknown(server.get("spec"), spec_schema(), "spec"):
        similar = difflib.get_close_matches(name, known, 1)
        raise ManifestError(
            f"The field {clean(f'{path}.{name}', 200)} of {server['metadata']['name']} is unknown.",
            f"Did you mean {similar[0]}?" if similar else "Remove it.",
        )


def _unknown(value: t.Any, schema: t.Mapping[str, t.Any], path: str) -> t.Iterator[tuple[str, str, list[str]]]:
    """Yield the path, the name, and the names beside it that are known, of each field that is unknown."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unknown(item, as_mapping(schema.get("items")), f"{path}[{number}]")
    if not isinstance(value, dict):
        return
    properties = as_mapping(schema.get("properties"))
    free = not properties or "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields")
    for key, item in value.items():
        if key in properties:
            yield from _unknown(item, properties[key], f"{path}.{key}")
        elif not free:
            yield path, str(key), list(properties)

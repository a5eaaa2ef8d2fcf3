# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write docs/reference/mcpserver.md from the CustomResourceDefinition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CRD = ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml"
PAGE = ROOT / "docs" / "reference" / "mcpserver.md"
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by tests/tools/crd_page.py from the CustomResourceDefinition; do not edit.
-->

# MCPServer

`apiVersion: {group}/{version}`, `kind: MCPServer`. On the command line, `kubectl explain mcpserver.spec` shows these
descriptions, and those of the types of Kubernetes.
"""


def page() -> str:
    """Return the page."""
    # The parser in C is ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    crd = yaml.load(CRD.read_text(encoding="utf-8"), Loader=loader)["spec"]
    [version] = crd["versions"]
    fields = version["schema"]["openAPIV3Schema"]["properties"]
    parts = [HEAD.format(group=crd["group"], version=version["name"])]
    for name in ("spec", "status"):
        rows = [_row(*found) for found in _walk(fields[name], "")]
        table = ["| Field | Type | Default | Description |", "|---|---|---|---|", *rows]
        parts.append("\n".join([f"\n## {name}\n", f"{_text(fields[name])}\n", *table, ""]))
    return "".join(parts)


def _walk(schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield the fields of our own; those of core types say nothing here, and have their own reference."""
    inner = schema.get("items", schema)
    required = inner.get("required", [])
    for name, field in inner.get("properties", {}).items():
        if "description" not in field:
            continue
        here = f"{path}.{name}" if path else name
        yield here, field, name in required
        yield from _walk(field, f"{here}[]" if field.get("type") == "array" else here)


def _row(path: str, field: dict[str, Any], required: bool) -> str:
    default = "required" if required else f"`{_plain(field['default'])}`" if "default" in field else ""
    return f"| `{path}` | {_type(field)} | {default} | {_text(field)} |"


def _type(field: dict[str, Any]) -> str:
    if field.get("x-kubernetes-int-or-string"):
        return "number or string"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}s"
    if "additionalProperties" in field:
        return "map"
    return str(field.get("type", "any"))


def _text(field: dict[str, Any]) -> str:
    text = " ".join(str(field["description"]).split()).replace("|", "\\|")
    choices = field.get("enum") or field.get("items", {}).get("enum")
    return f"{text} One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else text


def _plain(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

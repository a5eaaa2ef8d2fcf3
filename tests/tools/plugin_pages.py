# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write docs/reference/plugins.md and roles.md from what ansible-doc says."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from steps import BIN, COLLECTIONS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
COLLECTION = "mcp.kubernetes"
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by tests/tools/plugin_pages.py from what ansible-doc says; do not edit.
-->

"""
KINDS = {
    "module": "Modules",
    "lookup": "Lookup plugins",
    "test": "Tests",
    "filter": "Filters",
    "inventory": "Inventory plugins",
}
# Begins the short description of modules that only the playbooks and roles of the collection use.
INTERNAL = "(internal) "
PLUGINS = {"module": "modules"}
_MARKUP = re.compile(r"\b([BCEIOPMV]|RV)\(((?:[^()\\]|\\.|\([^()]*\))*)\)")
_LINK = re.compile(r"\bL\(([^,()]+), *([^()]+)\)")

Doc = dict[str, Any]


def pages() -> dict[Path, str]:
    """Return each page's text."""
    plugins = [HEAD, "# Plugins\n\nOn the command line: `ansible-doc mcp.kubernetes.NAME`.\n"]
    internal: list[str] = []
    for kind, title in KINDS.items():
        plugins.append(f"\n## {title}\n")
        for name, entry in sorted(_ansible_doc(kind).items()):
            hidden = entry["doc"]["short_description"].startswith(INTERNAL)
            (internal if hidden else plugins).append(_plugin(name, entry))
    plugins += [
        "\n## Internal modules\n",
        "\nThe playbooks and roles of the collection use these modules. Their options can change in any release.\n",
        *internal,
    ]
    roles = [HEAD, "# Roles\n\nOn the command line: `ansible-doc --type role mcp.kubernetes.NAME`.\n"]
    for name, entry in sorted(_ansible_doc("role").items()):
        for point, found in entry["entry_points"].items():
            heading = name if point == "main" else f"{name}, tasks_from: {point}"
            roles.append("\n".join([f"\n## {heading}\n", *_paragraphs(found), "", *_table(found["options"]), ""]))
    return {FOLDER / "plugins.md": "".join(plugins), FOLDER / "roles.md": "".join(roles)}


def _ansible_doc(kind: str) -> dict[str, Doc]:
    if kind == "role":
        names = [folder.name for folder in (ROOT / "roles").iterdir()]
    else:
        names = [file.stem for file in (ROOT / "plugins" / PLUGINS.get(kind, kind)).glob("[!_]*.py")]
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_NOCOLOR": "1"}
    command = [str(BIN / "ansible-doc"), "--type", kind, "--json", *(f"{COLLECTION}.{name}" for name in names)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
    found: dict[str, Doc] = json.loads(done.stdout)
    return found


def _plugin(name: str, entry: Doc) -> str:
    doc = entry["doc"]
    parts = [f"\n### {name}\n", f"{_plain(doc['short_description'].removeprefix(INTERNAL))}.\n", *_paragraphs(doc), ""]
    if doc.get("options"):
        parts += [*_table(doc["options"]), ""]
    if entry.get("return"):
        parts += ["Returns", "", *_returns(entry["return"]), ""]
    if entry.get("examples"):
        parts += ["```yaml", entry["examples"].strip("\n"), "```", ""]
    return "\n".join(parts)


def _paragraphs(doc: Doc) -> list[str]:
    return [f"- {_plain(text)}" for text in _texts(doc.get("description", []))]


def _table(options: Doc) -> list[str]:
    rows = [_row(path, option) for path, option in _walk(options, "options")]
    return ["| Option | Type | Default | Description |", "|---|---|---|---|", *rows]


def _returns(values: Doc) -> list[str]:
    rows = [
        f"| `{path}` | {_type(value)} | {_cell(value.get('returned', ''))} | {_cell(*_texts(value['description']))} |"
        for path, value in _walk(values, "contains")
    ]
    return ["| Value | Type | Returned | Description |", "|---|---|---|---|", *rows]


def _walk(fields: Doc, inner: str, path: str = "") -> Iterator[tuple[str, Doc]]:
    for name, field in fields.items():
        here = f"{path}.{name}" if path else name
        yield here, field
        many = "[]" if field.get("type") == "list" else ""
        yield from _walk(field.get(inner) or field.get("suboptions") or {}, inner, here + many)


def _row(path: str, option: Doc) -> str:
    default = option.get("default")
    shown = "required" if option.get("required") else "" if default is None else f"`{json.dumps(default)}`"
    words = _cell(*_texts(option.get("description", [])))
    if option.get("choices"):
        words += " One of " + ", ".join(f"`{choice}`" for choice in option["choices"]) + "."
    if option.get("env"):
        words += " Environment: " + ", ".join(f"`{entry['name']}`" for entry in option["env"]) + "."
    return f"| `{path}` | {_type(option)} | {shown} | {words} |"


def _type(field: Doc) -> str:
    kind = str(field.get("type", "str"))
    return f"list of {field['elements']}" if kind == "list" and "elements" in field else kind


def _texts(found: Any) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


def _cell(*texts: str) -> str:
    return " ".join(_plain(text) for text in texts).replace("|", "\\|")


def _plain(text: str) -> str:
    """Return a text with ansible-doc's markup as Markdown's."""
    text = _LINK.sub(r"[\1](\2)", " ".join(text.split()))
    return _MARKUP.sub(lambda found: f"`{found[2].replace(chr(92), '')}`", text)


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

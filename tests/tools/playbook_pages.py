# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write docs/reference/playbooks.md and the comments at the top of the playbooks from playbooks/meta."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOKS = ROOT / "playbooks"
PAGE = ROOT / "docs" / "reference" / "playbooks.md"
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by tests/tools/playbook_pages.py from playbooks/meta; do not edit.
-->

# Playbooks

For example: `ansible-playbook mcp.kubernetes.deploy -e mcp_manifests=servers/`. A variable that begins with `mcp_`
and that no playbook has is an error with the nearest name. The comment at the top of each file in `playbooks/` lists
its variables, too.

A variable has one name and one meaning in all playbooks. The name says what it is about: variables of the operator
begin with `mcp_operator_`, files to write or read end with `_file`, limits in seconds with `_timeout`, and what makes
a playbook fail begins with `mcp_fail_on_`. A variable that sets an option of a role has the option's name: `mcp_mode`
is `mcpserver_mode` of the role `mcpserver`, and `mcp_operator_image` is `operator_image` of the role `operator`.

Earlier names are still accepted. To set a variable by two of its names is an error, except that an extra variable
with the current name replaces a variable of the inventory with an earlier name.
If other playbooks have a variable with the earlier name, it can be set beside the current name, for them.
"""
INDEX = """
## All variables

| Variable | Earlier names | Playbooks |
|---|---|---|
"""
_WIDTH = 120
_HEAD = re.compile(r"(?<=^---\n)((?:#[^\n]*\n)+)", re.MULTILINE)

Spec = dict[str, Any]


def specs() -> dict[str, Spec]:
    """Return what playbooks/meta says, by the name of the playbook."""
    found = {}
    for path in sorted((PLAYBOOKS / "meta").glob("*.yml")):
        found[path.stem] = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"][path.stem]
    return found


def pages() -> dict[Path, str]:
    """Return the text of the page, and that of each playbook with its comment."""
    parts, found = [HEAD], {}
    for name, spec in specs().items():
        path = PLAYBOOKS / f"{name}.yml"
        text = path.read_text(encoding="utf-8")
        before, _comment_before, after = _HEAD.split(text, maxsplit=1)
        found[path] = f"{before}{_comment(spec)}{after}"
        parts.append(_section(name, spec))
    parts.append(_index())
    found[PAGE] = "\n".join(parts)
    return found


def _index() -> str:
    """Return a table of all variables, with the playbooks that have them."""
    found: dict[str, dict[str, Spec]] = {}
    for playbook, spec in specs().items():
        for name, field in spec["options"].items():
            found.setdefault(name, {})[playbook] = field
    rows = [f"| `{name}` | {_earlier(fields)} | {', '.join(fields)} |\n" for name, fields in sorted(found.items())]
    return INDEX.lstrip("\n") + "".join(rows)


def _earlier(fields: dict[str, Spec]) -> str:
    """Return the earlier names of a variable, with the playbooks that have them if others do not."""
    having: dict[str, list[str]] = {}
    for playbook, field in fields.items():
        for alias in field.get("aliases", []):
            having.setdefault(alias, []).append(playbook)
    return ", ".join(
        f"`{alias}`" + ("" if len(own) == len(fields) else f" ({', '.join(own)})") for alias, own in having.items()
    )


def _section(name: str, spec: Spec) -> str:
    rows = [
        f"| `{option}` | {_type(field)} | {_default(field)} | {_cell(field)} |"
        for option, field in spec["options"].items()
    ]
    table = ["| Variable | Type | Default | Description |", "|---|---|---|---|", *rows]
    description = "\n\n".join(spec["description"])
    examples = ["```shell", *spec["examples"], "```"]
    return "\n".join([f"## {name}\n", f"{description}\n", *examples, "", *table, ""])


def _cell(field: Spec) -> str:
    text = _text(field).replace("|", "\\|")
    if field.get("aliases"):
        text += f" Earlier name: {', '.join(f'`{name}`' for name in field['aliases'])}."
    return text


def _text(field: Spec) -> str:
    description = field["description"]
    return " ".join([description] if isinstance(description, str) else description)


def _type(field: Spec) -> str:
    return f"list of {field['elements']}" if field["type"] == "list" else str(field["type"])


def _default(field: Spec) -> str:
    if field.get("required"):
        return "required"
    return f"`{_plain(field['default'])}`" if "default" in field else ""


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _comment(spec: Spec) -> str:
    lines: list[str] = []
    for paragraph in spec["description"]:
        lines += [*_wrapped(paragraph), ""]
    lines += [*(f"  {example}" for example in spec["examples"]), ""]
    width = max(map(len, spec["options"])) + 2
    for option, field in spec["options"].items():
        default = f" Default: {_plain(field['default'])}." if "default" in field else ""
        text = _text(field) + (" Required." if field.get("required") else default)
        lines += _wrapped(text, option.ljust(width), " " * width)
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH - 2,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def main() -> None:
    """Write them."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

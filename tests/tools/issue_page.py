# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write docs/validation-issues.md from the validator's catalogue of issues."""

from __future__ import annotations

import importlib
import sys

from steps import COLLECTIONS, ROOT

PAGE = ROOT / "docs" / "validation-issues.md"
PACKAGE = "ansible_collections.mcp.kubernetes.plugins.module_utils._mcp"
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by tests/tools/issue_page.py from the validator's catalogue; do not edit.
-->

# Issues that the validator reports

Each issue has a stable code, a level, a message that says what was observed, the requirement of the specification, and
what you can do. A server complies if it has no issue of level **error**. A **warning** is a violation that most clients
tolerate; with `strict`, warnings count as errors, except for [texts](validation-texts.md). An **info** is not a defect.

An issue has the same level with and without `deep`. If a server supports a revision with a handshake and 2026-07-28,
its issues at 2026-07-28 are warnings at most.

The column *Clients that fail* is measured. The official clients ({versions})
connect to fake servers that have only this issue, and list what these offer or call a tool. *Sometimes* means that they
fail on some of these servers. *Not measured* are issues that depend on options of the validator or on credentials, or
that come with others only. If more than half of the clients that can use such a server fail, the issue is an error. A
warning names those that fail. `make oracles` measures again.
"""


def page() -> str:
    """Return the page."""
    sys.path.insert(0, str(COLLECTIONS))
    clients = importlib.import_module(f"{PACKAGE}.issues.failing_clients")
    failures = importlib.import_module(f"{PACKAGE}.issues.measured_failures")

    def failing(code: str) -> str:
        if code not in failures.FAILURES:
            return "not measured"
        always, sometimes = failures.FAILURES[code]
        if len(always) == len(failures.VERSIONS):
            return "all"
        parts = [clients.join_clients(always), sometimes and f"sometimes {clients.join_clients(sometimes)}"]
        return "; ".join(part for part in parts if part) or "none"

    versions = ", ".join(f"{client.partition(' ')[0]} {version}" for client, version in failures.VERSIONS.items())
    parts = [HEAD.replace("{versions}", versions)]
    for title, kinds in importlib.import_module(f"{PACKAGE}.issues.catalogue").SECTIONS.items():
        rows = [
            f'| <a id="{kind.code.lower()}"></a>`{kind.code}` | {kind.level} | {failing(kind.code)} | {kind.spec} | '
            f"{kind.action} |"
            for kind in kinds
        ]
        parts.append(
            "\n".join(
                [
                    f"\n## {title}\n",
                    "| Code | Level | Clients that fail | Specification | What to do |",
                    "|---|---|---|---|---|",
                    *rows,
                    "",
                ]
            )
        )
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which requirements of the conformance suite the validator judges, and docs/conformance-suite.md.

``python tests/servers/oracle/requirements.py`` writes the page from conformance_reasons.yaml.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("conformance_reasons.yaml")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "conformance-suite.md"
REVISIONS = ("2025-11-25", "2026-07-28")
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by tests/servers/oracle/requirements.py from conformance_reasons.yaml; do not edit.
-->

# The conformance suite and the validator

`make oracles` runs the official
[conformance suite](https://github.com/modelcontextprotocol/conformance) and the validator with `deep` on published
servers and on broken ones, and fails if their results for a requirement differ, unless this page has the
reason. On three servers it also runs the suite through the sidecar, with HTTP and HTTPS, and fails if a result
differs. With HTTPS it leaves out `http-header-validation` and `dns-rebinding-protection`: the suite sends plain
HTTP there, or expects a certificate for a foreign host. The suite supports only Streamable HTTP. What a revision
requires is in the suite's `requirements/<revision>.yaml`.

## Requirements that both test

| Scenario | Requirement | Issues of the validator | Only with the capability |
|---|---|---|---|
"""


def load() -> dict[str, Any]:
    """Return the content of conformance_reasons.yaml."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def page() -> str:
    """Return the page."""
    data = load()
    text = HEAD
    for entry in data["same"]:
        codes = ", ".join(f"`{code}`" for code in entry["codes"])
        text += f"| `{entry['scenario']}` | `{entry['requirement']}` | {codes} | {entry.get('needs', '')} |\n"
    text += "\n## Where they differ\n\n| Server | Requirement | Why |\n|---|---|---|\n"
    text += "".join(f"| any | any | {why} |\n" for why in data["general"].values())
    for entry in data["differences"]:
        text += f"| `{entry['server']}` | `{entry['requirement']}` | {entry['why']} |\n"
    text += "\n## Scenarios that the validator does not have\n\n| Scenarios | Why |\n|---|---|\n"
    for name, why in data["reasons"].items():
        scenarios = ", ".join(f"`{scenario}`" for scenario, reason in data["scenarios"].items() if reason == name)
        text += f"| {scenarios} | {why} |\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

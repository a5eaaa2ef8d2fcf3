# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Make the README of the chart from the comments in its ``values.yaml``.

``chart_readme.py --check`` only tells whether the file is what the values make now.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "operator" / "chart"
TARGET = CHART / "README.md"
KEY = re.compile(r"^( *)([\w-]+):(?: |$)")
HEAD = """\
<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0
-->

# {name} {version}

{description}. Made by `make chart-readme` from `values.yaml`; do not edit.

```console
$ helm upgrade --install mcp-operator operator/chart -n mcp-operator-system --create-namespace \\
    --set image.repository=IMAGE
$ helm test mcp-operator -n mcp-operator-system
```

[`values-ha.yaml`](values-ha.yaml) runs two Pods on different nodes. To upgrade with the values of an installed release,
use `--reset-then-reuse-values`: `--reuse-values` lacks the values that a newer chart added, and the chart then refuses.
For other ways, see [Install, upgrade and remove the operator](../../docs/how-to/install.md).

Requires Kubernetes `{kube}`.

## Values

Unknown values are refused.

| Value | Default | Description |
|---|---|---|
"""


def comments(text: str) -> dict[tuple[str, ...], str]:
    """Return the comment in front of each key, by its path."""
    found: dict[tuple[str, ...], str] = {}
    stack: list[tuple[int, str]] = []
    said: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            said.append(line.strip().lstrip("# "))
            continue
        match = KEY.match(line)
        if match:
            stack = [entry for entry in stack if entry[0] < len(match[1])] + [(len(match[1]), match[2])]
            found[tuple(name for _indent, name in stack)] = " ".join(said)
        said = []
    return found


def rows(values: dict[str, Any], said: dict[tuple[str, ...], str], above: tuple[str, ...] = ()) -> list[str]:
    """Return a row for each value; a mapping without comments inside is one value."""
    found = []
    for name, value in values.items():
        path = (*above, name)
        inside = any(text for key, text in said.items() if key[: len(path)] == path and key != path)
        if isinstance(value, dict) and value and inside:
            if said.get(path):
                found.append(_row(path, "", said[path]))
            found += rows(value, said, path)
        else:
            found.append(_row(path, f"`{json.dumps(value)}`", said.get(path, "")))
    return found


def _row(path: tuple[str, ...], default: str, description: str) -> str:
    cells = [cell.replace("|", "\\|").replace("<", "&lt;") for cell in (default, description)]
    return f"| `{'.'.join(path)}` | {' | '.join(cells)} |"


def page() -> str:
    """Return the page as the values make it now."""
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    head = HEAD.format(**{key: chart[key] for key in ("name", "version", "description")}, kube=chart["kubeVersion"])
    return head + "".join(f"{row}\n" for row in rows(yaml.safe_load(text), comments(text)))


def main() -> None:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is another")
    made = page()
    if not parser.parse_args().check:
        TARGET.write_text(made, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != made:
        sys.exit(f"{TARGET.relative_to(ROOT)} is not what values.yaml makes: run `make chart-readme`.")


if __name__ == "__main__":
    main()

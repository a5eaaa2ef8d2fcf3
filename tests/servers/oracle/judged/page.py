# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The table of results, for the terminal and as docs/judged-servers.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import compare

ROOT = Path(__file__).resolve().parents[4]
PAGE = ROOT / "docs" / "judged-servers.md"
RESULTS = Path(__file__).resolve().parent / "results.json"
CLIENTS = ("python-1", "python-2", "typescript-1", "typescript-2")
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by `make oracles-all` from its last run; do not edit.
-->

# Published servers, judged

`make oracles-all` installs published MCP servers in the versions below, starts one at a time on loopback, and compares
what the validator reports with what the official clients can do: Python {python-1} and {python-2}, TypeScript
{typescript-1} and {typescript-2}.

{summary}

- **equal**: the validator passes what the clients can use, with the same name, version, revision, capabilities and
  lists.
- **stricter**: the validator fails what a client can use. The table says why.
- **wrong**: anything else. There must be none: the command exits with code 1 if there is one.
- **not judged**: the packages could not be installed, the server did not start, or nothing can use it. The command
  exits with code 1, unless you allow it with `--allow-not-judged`.

With `--resume`, the command leaves out what was judged with the validator's code as it is.

For each client the table contains the revision that it negotiated, or "fails". A client without a cell has no revision
in common with the server. *Deep* issues are those that only `deep` reports.

## Add a server

Add an entry to the file of its ecosystem in `tests/servers/oracle/judged/servers`, and run
`make oracles-all SERVERS=NAME`, where NAME can be a pattern such as `'go-sdk-*'`.

```yaml
servers:
  - name: my-server                  # the version is appended
    versions: [1.2.0]                # one server for each version and variant
    packages: {npm: ["my-server@{version}"]}     # installers: pypi, npm, go, cargo, maven, debian
    command: ["{node}", "{modules}/my-server/dist/index.js", "--port", "{port}"]
    variants:
      - {transport: streamable-http, path: /mcp}
      - {suffix: sse, transport: sse, path: /sse}
reasons:                             # only for what was measured
  - {servers: my-server-*, client: python-1, why: "This client rejects ... (specification, section)."}
  - {servers: my-server-*, code: INVALID_TOOL, why: "The specification requires ..."}
```

A server that uses stdio is started behind the project's sidecar: see `stdio.yaml`. For a reverse proxy in front, TLS
and tokens see `proxies.yaml`. Packages are installed once for each machine, with the dependencies of one day
(`DAY` in `installers.py`).
"""


def load() -> dict[str, dict[str, Any]]:
    """Return the results of the last run by name of the server."""
    if not RESULTS.exists():
        return {}
    return {result["name"]: result for result in json.loads(RESULTS.read_text(encoding="utf-8"))["servers"]}


def save(results: Iterable[dict[str, Any]], clients: dict[str, str]) -> None:
    """Write the results and the page."""
    content = {"clients": clients, "servers": list(results)}
    RESULTS.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page of the saved results."""
    content = json.loads(RESULTS.read_text(encoding="utf-8"))
    results = content["servers"]
    counts = Counter(result["verdict"] for result in results)
    counted = ", ".join(f"{counts[verdict]} {verdict}" for verdict in compare.VERDICTS)
    summary = f"Of {len(results)} configurations: {counted}."
    states = len({result.get("validator_digest") for result in results})
    seen = "the same for all of them" if states == 1 else f"in {states} states meanwhile, see `--resume`"
    summary += f"\nThe code of the validator was {seen}."
    text = HEAD.replace("{summary}", summary)
    for client, version in content["clients"].items():
        text = text.replace(f"{{{client}}}", version)
    for ecosystem in dict.fromkeys(result["ecosystem"] for result in results):
        text += f"\n## {ecosystem}\n\n| Server | Packages | Validator | " + " | ".join(CLIENTS)
        text += " | Verdict |\n|---|---|---|" + "---|" * (len(CLIENTS) + 1) + "\n"
        text += "".join(_row(result) for result in results if result["ecosystem"] == ecosystem)
    return text


def _row(result: dict[str, Any]) -> str:
    verdict = result["verdict"]
    why = f": {' '.join(result['why'])}" if result["why"] else ""
    cells = [f"`{result['name']}`", ", ".join(f"`{package}`" for package in result["packages"])]
    if "validator" not in result:
        cells += ["", *("" for _client in CLIENTS)]
    else:
        cells += [_validator(result), *(_client(result, client) for client in CLIENTS)]
    cells.append(f"{verdict}{why}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _validator(result: dict[str, Any]) -> str:
    judged = result["validator"]
    text = {True: "pass", False: "fail", None: "needs credentials"}[judged["compliant"]]
    text += f" {judged['revision'] or ''}"
    others = [revision for revision in judged["revisions"] if revision > (judged["revision"] or "")]
    text += f", also {', '.join(others)}" if others else ""
    info = result["server"]
    text += f"<br>{info['name']} {info['version']}" if info else ""
    for issues, mark in ((judged["issues"], ""), (judged["deep"], "deep: ")):
        text += "".join(f"<br>{mark}{issue.replace(' ', ' `')}`" for issue in issues)
    return text


def _client(result: dict[str, Any], client: str) -> str:
    answer = result["clients"].get(client)
    if answer is None:
        return ""
    return "fails" if "error" in answer else str(answer["revision"])


def line(result: dict[str, Any]) -> str:
    """Return one result for the terminal."""
    if "validator" not in result:
        return f"{result['name']:44}not judged: {' '.join(result['why'])}"
    judged = result["validator"]
    ours = {True: "pass", False: "fail", None: "auth"}[judged["compliant"]]
    theirs = " ".join(f"{_client(result, client) or '-':10}" for client in CLIENTS)
    text = f"{result['name']:44}{ours} {judged['revision'] or '-':11}{theirs} {result['verdict']}"
    details = [*judged["issues"], *(f"deep {issue}" for issue in judged["deep"]), *result["why"]]
    details += [f"{name}: {answer['error']}" for name, answer in result["clients"].items() if "error" in answer]
    return "\n    ".join([text, *details])

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validation reports as SARIF 2.1.0, the format of OASIS for the results of analysis tools.

GitHub's code scanning shows each result at a line of a file in the repository, and rejects results without a file. So
the location of a result is the line of the file that lists the server, or the URL as a path if no file does.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
import urllib.parse

from ..._util import MESSAGE, clean
from ..issues.catalogue import ISSUE_KINDS
from ..options import CLIENT_VERSION
from ..report.report import ERROR, INFO, WARNING, Issue

if t.TYPE_CHECKING:
    from .formats import ServerReport

    _Object = dict[str, t.Any]

_SCHEMA: t.Final = "https://json.schemastore.org/sarif-2.1.0.json"
_PROJECT: t.Final = "https://git.example.com/mcp/kubernetes"
_LEVELS: t.Final = {ERROR: "error", WARNING: "warning", INFO: "note"}
# GitHub rejects files with more.
MAX_RESULTS: t.Final = 25_000


def as_sarif(reports: t.Sequence[ServerReport]) -> str:
    """Return one run with a result for each issue."""
    found = [(report, issue) for report in reports for issue in report.report.issues]
    # The sort is stable, so that of too many results the least important ones are left out.
    found = sorted(found, key=lambda pair: list(_LEVELS).index(pair[1].level))[:MAX_RESULTS]
    codes = sorted({issue.code for _report, issue in found})
    samples = {issue.code: issue for _report, issue in found}
    seen: dict[str, int] = {}
    run = {
        "tool": {
            "driver": {
                "name": "mcp-operator validate",
                "version": CLIENT_VERSION,
                "informationUri": _PROJECT,
                "rules": [_rule(samples[code]) for code in codes],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(report, issue, codes.index(issue.code), seen) for report, issue in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def help_uri(code: str) -> str:
    """Return the address of the explanation of an issue."""
    return f"{_PROJECT}/docs/validation-issues.md#{code.lower()}"


def _rule(issue: Issue) -> _Object:
    kind = ISSUE_KINDS.get(issue.code)
    level, spec, action = (issue.level, issue.spec, issue.action) if kind is None else kind[1:]
    uri = help_uri(issue.code)
    return {
        "id": issue.code,
        "name": "".join(part.capitalize() for part in issue.code.split("_")),
        "shortDescription": {"text": issue.code.replace("_", " ").capitalize()},
        "fullDescription": {"text": spec or issue.code},
        "help": {"text": action or spec or issue.code, "markdown": f"{action}\n\n[{issue.code}]({uri})"},
        "helpUri": uri,
        "defaultConfiguration": {"level": _LEVELS[level]},
        "properties": {"tags": ["mcp"]},
    }


def _result(report: ServerReport, issue: Issue, rule: int, seen: dict[str, int]) -> _Object:
    url = _without_query(report.url)
    # Of the same issues of one server only the order differs: their messages change with the answers of the server.
    identity = hashlib.sha256(f"{report.label} {url} {issue.code}".encode()).hexdigest()[:16]
    seen[identity] = seen.get(identity, 0) + 1
    text = " ".join(part for part in (f"{_shown(report, url)}: {issue.message}", issue.action) if part)
    return {
        "ruleId": issue.code,
        "ruleIndex": rule,
        "level": _LEVELS[issue.level],
        "message": {"text": clean(text, 2 * MESSAGE)},
        "locations": [
            {
                "physicalLocation": _place(report, url),
                "logicalLocations": [{"name": _shown(report, url), "fullyQualifiedName": url, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{identity}:{seen[identity]}"},
    }


def _shown(report: ServerReport, url: str) -> str:
    return clean(report.label) or url


def _place(report: ServerReport, url: str) -> _Object:
    if report.location is not None:
        file, line = report.location
        uri = {"uri": urllib.parse.quote(file)}
        if not file.startswith("/"):
            uri["uriBaseId"] = "%SRCROOT%"
        return {"artifactLocation": uri, "region": {"startLine": line}}
    scheme, _colon, rest = url.partition("://")
    path = urllib.parse.quote(f"{scheme}/{rest}" if rest else url.lstrip("/") or "unknown", safe="/:[]%")
    return {"artifactLocation": {"uri": path}, "region": {"startLine": 1}}


def _without_query(url: str) -> str:
    """Return a URL without its query, which may hold a key, and without control characters."""
    return clean(url.partition("#")[0].partition("?")[0], 2 * MESSAGE)

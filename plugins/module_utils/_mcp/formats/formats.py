# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The formats of validation reports: text for people, JSON for programs, JUnit's XML and SARIF for pipelines.

The text is laid out here and not by rich: ``validate`` must run where no other package is installed.
"""

from __future__ import annotations

import json
import types
import typing as t
import xml.etree.ElementTree as ET

from ..._util import clean
from ..report.report import ERROR, Issue, Listing, Report, Revision
from .sarif import as_sarif

COMPLIANT, NOT_COMPLIANT, UNKNOWN = 0, 1, 3
_NAMES: t.Final = 12  # of each listing, in the text
_LISTINGS: t.Final = ("tools", "resources", "resource_templates", "prompts")


class Location(t.NamedTuple):
    """Where a server is listed.

    :param file: path with slashes, relative to the working directory if it is in there.
    :param line: from 1.
    """

    file: str
    line: int


class ServerReport(t.NamedTuple):
    """The report of a server.

    :param url: as the user gave it.
    :param label: the name of the server; empty for the URL.
    """

    url: str
    report: Report
    label: str = ""
    location: t.Optional[Location] = None

    @property
    def name(self) -> str:
        """Return the name or the URL without control characters."""
        return clean(self.label or self.url)

    @property
    def sentence(self) -> str:
        """Return the result in one or two sentences."""
        return self.report.summary(self.report.endpoint or self.name)


def exit_code(results: t.Sequence[ServerReport]) -> int:
    """Return the worst result as an exit code."""
    found = {result.report.compliant for result in results}
    return NOT_COMPLIANT if False in found else UNKNOWN if None in found else COMPLIANT


def as_json(results: t.Sequence[ServerReport]) -> str:
    """Return one object with a report for each server."""
    reports = [
        {"name": item.name, "url": clean(item.url), "msg": item.sentence, **item.report.to_dict()} for item in results
    ]
    compliant = {COMPLIANT: True, NOT_COMPLIANT: False, UNKNOWN: None}[exit_code(results)]
    return json.dumps({"compliant": compliant, "reports": reports}, indent=2) + "\n"


def as_text(results: t.Sequence[ServerReport]) -> str:
    """Return a paragraph for each server, and a summary line for several servers."""
    parts = ["\n".join(_lines(result)) for result in results]
    if len(results) > 1:
        good = sum(result.report.compliant is True for result in results)
        unknown = sum(result.report.compliant is None for result in results)
        more = f" {unknown} of them require credentials." if unknown else ""
        parts.append(f"{good} of {len(results)} servers comply with MCP.{more}")
    return "\n\n".join(parts) + "\n"


def _lines(result: ServerReport) -> t.Iterator[str]:
    report = result.report
    mark = {True: "PASS", False: "FAIL", None: "????"}[report.compliant]
    yield f"{mark}  {report.endpoint or result.name}"
    if report.protocol_version is not None:
        others = [version for version in report.supported_versions if version != report.protocol_version]
        yield _row("protocol", report.protocol_version + (f" (also {', '.join(others)})" if others else ""))
    if report.transport is not None:
        mode = f", responses as {report.response_mode.upper()}" if report.response_mode else ""
        yield _row("transport", f"{report.transport}{mode}, {'a' if report.session else 'no'} session")
    if report.server_info is not None:
        yield _row("server", " ".join(report.server_info.get(key, "") for key in ("name", "version")).strip())
    if report.capabilities:
        yield _row("offers", ", ".join(report.capabilities))
    for key in _LISTINGS:
        listing = getattr(report, key)
        if listing is not None:
            yield _row(key.replace("_", " "), _listed(listing))
    yield from _other_revisions(report.revisions)
    if report.tool_call is not None:
        yield _row("called", f"{report.tool_call.name}: {', '.join(report.tool_call.content) or 'no content'}")
    if report.auth is not None:
        wanted = [report.auth.scheme or "of no scheme", *report.auth.authorization_servers, *report.auth.scopes]
        yield _row("credentials", ", ".join(wanted))
    yield _row("took", f"{report.duration:.2f} s")
    if report.not_checked:
        yield _row("not checked", f"{', '.join(report.not_checked)}: the time ran out")
    yield from _issue_lines(report.issues)


def _other_revisions(revisions: t.Sequence[Revision]) -> t.Iterator[str]:
    """Yield what differs at the revisions that the server supports as well as the negotiated one, the first."""
    for other in revisions[1:]:
        pairs = {name: (getattr(revisions[0], name), getattr(other, name)) for name in other.differs}
        changes = [f"{name.replace('_', ' ')}: {_change(*pair)}" for name, pair in pairs.items()] or ["the same"]
        for number, change in enumerate(changes):
            yield _row("" if number else f"at {other.protocol_version}", change)


def _change(first: t.Any, other: t.Any) -> str:
    """Return a value, and what a list has more or less than that of the negotiated revision."""
    if isinstance(other, t.Mapping):
        return " ".join(other.get(key, "") for key in ("name", "version")).strip()
    if isinstance(other, bool):
        return "yes" if other else "no"
    if other is None:
        return "none"
    before, after = (value.names if isinstance(value, Listing) else value or () for value in (first, other))
    count = [str(other.count)] if isinstance(other, Listing) else []
    more, less = [name for name in after if name not in before], [name for name in before if name not in after]
    changes = [f"{word} {_some(names)}" for word, names in (("also", more), ("not", less)) if names]
    return ", ".join([*count, *changes])


def _some(names: t.Sequence[str]) -> str:
    return ", ".join(names[:_NAMES]) + (", ..." if len(names) > _NAMES else "")


def _issue_lines(issues: t.Sequence[Issue]) -> t.Iterator[str]:
    """Yield the messages of each code, and its requirement and advice once."""
    by_code: dict[str, list[Issue]] = {}
    for issue in issues:
        by_code.setdefault(issue.code, []).append(issue)
    for code, alike in by_code.items():
        for issue in alike:
            yield f"  {issue.level:<8}{code}: {issue.message}"
        yield f"          {alike[0].spec}"
        yield f"          {alike[0].action}"


def _row(name: str, value: str) -> str:
    return f"  {name:<19}{value}"


def _listed(listing: Listing) -> str:
    names = ", ".join(listing.names[:_NAMES])
    more = ", ..." if listing.truncated or len(listing.names) > _NAMES else ""
    return f"{listing.count}  {names}{more}".rstrip()


def as_junit(results: t.Sequence[ServerReport]) -> str:
    """Return a suite with a test case for each server."""
    counts = {
        "tests": len(results),
        "failures": sum(result.report.compliant is False for result in results),
        "errors": 0,
        "skipped": sum(result.report.compliant is None for result in results),
    }
    shown = {name: str(count) for name, count in counts.items()}
    time = f"{sum(result.report.duration for result in results):.3f}"
    root = ET.Element("testsuites", {"name": "mcp-operator validate", **shown, "time": time})
    suite = ET.SubElement(root, "testsuite", {"name": "MCP servers", **shown, "time": time})
    for result in results:
        _add_case(suite, result)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add_case(suite: ET.Element, result: ServerReport) -> None:
    report = result.report
    fields = {"classname": "mcp", "name": result.name, "time": f"{report.duration:.3f}"}
    case = ET.SubElement(suite, "testcase", fields)
    if report.compliant is False:
        kind = next((issue.code for issue in report.issues if issue.level == ERROR), "")
        ET.SubElement(case, "failure", {"type": kind, "message": result.sentence})
    elif report.compliant is None:
        ET.SubElement(case, "skipped", {"message": result.sentence})
    ET.SubElement(case, "system-out").text = "\n".join(_lines(result))


FORMATS: t.Final[t.Mapping[str, t.Callable[[t.Sequence[ServerReport]], str]]] = types.MappingProxyType(
    {"text": as_text, "json": as_json, "junit": as_junit, "sarif": as_sarif}
)

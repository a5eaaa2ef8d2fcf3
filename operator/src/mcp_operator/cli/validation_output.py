# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What validations found, as text for people, as JSON for programs, and as JUnit's XML for continuous integration."""

from __future__ import annotations

import json
import types
import typing as t
import xml.etree.ElementTree as ET

from .._vendor._mcp.report.report import ERROR, Listing, Report
from .._vendor._util import clean

COMPLIES, DOES_NOT, NOT_KNOWN = 0, 1, 3
_NAMES: t.Final = 12  # of each listing, in the text
_LISTINGS: t.Final = ("tools", "resources", "resource_templates", "prompts")


class Verdict(t.NamedTuple):
    """A server by the URL that was given, and what was found."""

    url: str
    report: Report

    @property
    def where(self) -> str:
        """Return the server's name for people."""
        return clean(self.url)

    @property
    def sentence(self) -> str:
        """Return the verdict in one sentence or two."""
        return self.report.summary(self.report.endpoint or self.where)


def exit_code(verdicts: t.Sequence[Verdict]) -> int:
    """Return the worst verdict as an exit code."""
    found = {verdict.report.compliant for verdict in verdicts}
    return DOES_NOT if False in found else NOT_KNOWN if None in found else COMPLIES


def as_json(verdicts: t.Sequence[Verdict]) -> str:
    """Return one object with a report for each server."""
    reports = [{"name": item.where, "msg": item.sentence, **item.report.to_dict()} for item in verdicts]
    compliant = {COMPLIES: True, DOES_NOT: False, NOT_KNOWN: None}[exit_code(verdicts)]
    return json.dumps({"compliant": compliant, "reports": reports}, indent=2) + "\n"


def as_text(verdicts: t.Sequence[Verdict]) -> str:
    """Return a paragraph for each server, and a line about all of them when there are several."""
    parts = ["\n".join(_lines(verdict)) for verdict in verdicts]
    if len(verdicts) > 1:
        good = sum(verdict.report.compliant is True for verdict in verdicts)
        unknown = sum(verdict.report.compliant is None for verdict in verdicts)
        more = f" {unknown} of them want credentials." if unknown else ""
        parts.append(f"{good} of {len(verdicts)} servers comply with MCP.{more}")
    return "\n\n".join(parts) + "\n"


def _lines(verdict: Verdict) -> t.Iterator[str]:
    report = verdict.report
    mark = {True: "PASS", False: "FAIL", None: "????"}[report.compliant]
    yield f"{mark}  {report.endpoint or verdict.where}"
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
    if report.tool_call is not None:
        yield _row("called", f"{report.tool_call.name}: {', '.join(report.tool_call.content) or 'no content'}")
    if report.auth is not None:
        wanted = [report.auth.scheme or "of no scheme", *report.auth.authorization_servers, *report.auth.scopes]
        yield _row("credentials", ", ".join(wanted))
    yield _row("took", f"{report.duration:.2f} s")
    for issue in report.issues:
        yield f"  {issue.level:<8}{issue.code}: {issue.message}"
        yield f"          {issue.spec}"
        yield f"          {issue.action}"


def _row(name: str, value: str) -> str:
    return f"  {name:<19}{value}"


def _listed(listing: Listing) -> str:
    names = ", ".join(listing.names[:_NAMES])
    more = ", ..." if listing.truncated or len(listing.names) > _NAMES else ""
    return f"{listing.count}  {names}{more}".rstrip()


def as_junit(verdicts: t.Sequence[Verdict]) -> str:
    """Return a suite with a test case for each server."""
    counts = {
        "tests": len(verdicts),
        "failures": sum(verdict.report.compliant is False for verdict in verdicts),
        "errors": 0,
        "skipped": sum(verdict.report.compliant is None for verdict in verdicts),
    }
    shown = {name: str(count) for name, count in counts.items()}
    time = f"{sum(verdict.report.duration for verdict in verdicts):.3f}"
    root = ET.Element("testsuites", {"name": "mcp-operator validate", **shown, "time": time})
    suite = ET.SubElement(root, "testsuite", {"name": "MCP servers", **shown, "time": time})
    for verdict in verdicts:
        _add_case(suite, verdict)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add_case(suite: ET.Element, verdict: Verdict) -> None:
    report = verdict.report
    fields = {"classname": "mcp", "name": verdict.where, "time": f"{report.duration:.3f}"}
    case = ET.SubElement(suite, "testcase", fields)
    if report.compliant is False:
        kind = next((issue.code for issue in report.issues if issue.level == ERROR), "")
        ET.SubElement(case, "failure", {"type": kind, "message": verdict.sentence})
    elif report.compliant is None:
        ET.SubElement(case, "skipped", {"message": verdict.sentence})
    ET.SubElement(case, "system-out").text = "\n".join(_lines(verdict))


FORMATS: t.Final[t.Mapping[str, t.Callable[[t.Sequence[Verdict]], str]]] = types.MappingProxyType(
    {"text": as_text, "json": as_json, "junit": as_junit}
)

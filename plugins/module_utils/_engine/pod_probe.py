# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates the server of one Pod, at the Pod's address or over any other way to it."""

from __future__ import annotations

import dataclasses
import enum
import json
import typing as t

from .._errors import McpKubernetesError
from .._mcp.api import validate, validate_and_keep
from .._mcp.errors import MissingLibrary
from .._mcp.issues.catalogue import ISSUE_KINDS
from .._mcp.options import Options, Target, ToolCall
from .._mcp.report.report import ERROR, Issue, Report
from .._mcp.transport.tls import EXPIRED
from .._workload import probe_auth
from .._workload.probe_access import NO_ACCESS

if t.TYPE_CHECKING:
    import socket

    from .._mcp.api import KeptSession
    from .._mcp.options import OnItem
    from .._workload.probe_access import ProbeAccess
    from .._workload.probe_spec import ProbeSpec
    from .._workload.timeouts import Timeouts

_ENDS_WITH_SESSION: t.Final = "ENDS_WITH_SESSION"
_LIST_CHANGED: t.Final = "list_changed"  # a key of reports that the server sent a notification

# Issue codes of failures that may pass without any change.
_TRANSIENT = frozenset(
    {
        "AUTH_TOKEN_FAILED",
        "CA_UNAVAILABLE",
        "CREDENTIALS_UNAVAILABLE",
        "CONNECT_FAILED",
        "CONNECTION_LOST",
        "TIMEOUT",
        "DNS_FAILED",
        "INCOMPLETE_BODY",
        "NO_RESPONSE",
        "TOO_MANY_REQUESTS",
        "VALIDATOR_BUSY",
    }
)

# Codes of answers that are evidence against a server that has passed, and not against one that starts.
_WHILE_STARTING = frozenset({"SERVER_ERROR"})

# Codes of answers that a proxy or a policy between the operator and the server may have sent, or of none.
_SENT_BETWEEN = frozenset({"FORBIDDEN", "SERVER_ERROR", "SSE_CONNECTION_FAILED", "TLS_EXPECTED"})

# Codes of errors without an answer. A server that no connection to was opened was not reached.
_UNREACHED = frozenset({"TIMEOUT", "CONNECT_FAILED"})

# Codes of errors that follow from others: nothing is as expected of a server that does not answer.
_CONSEQUENCES = frozenset({"EXPECTATION_FAILED"})

Dial = t.Callable[[str, int, float], "socket.socket"]


class Ending(enum.Enum):
    """How a server ends with its session; the values are messages."""

    SHARED = "The server ended with the session of a validation, so it is validated in one session that stays open."
    EXCLUSIVE = (
        "The server ended with the session of a validation. It serves one session at a time, so it is not validated"
        " again."
    )
    BY_JOB = "The server ended with the session of a validation Job, so it is not validated again."


def probe_pod(
    host: str,
    spec: ProbeSpec,
    timeouts: Timeouts,
    *,
    access: ProbeAccess = NO_ACCESS,
    light: bool = False,
    dial: t.Optional[Dial] = None,
    on_item: t.Optional[OnItem] = None,
) -> dict[str, t.Any]:
    """Validate a server and return ``Report.to_dict()``. No answer of the server makes this raise.

    :raises MissingLibrary: the spec has expectations, and jmespath is not installed.
    :param host: the Pod's address; where `dial` opens the connection, a name for messages.
    :param access: the credentials. They are sent to this server only, and over no redirect.
    :param light: only find the server and shake hands.
    :param dial: opens the connection.
    :param on_item: called with each item that the server lists.
    """
    changes: list[str] = []
    try:
        options = _options(spec, timeouts, access, changes, light=light)
        report = validate(_target(host, spec), dataclasses.replace(options, on_item=on_item), dial=dial)
    except MissingLibrary:
        raise
    except McpKubernetesError as exc:  # from the options, or from the credentials; validation itself raises none
        return _without_report(exc)
    return _judged(report, spec, changes)


def probe_pod_and_keep(
    host: str, spec: ProbeSpec, timeouts: Timeouts, *, access: ProbeAccess = NO_ACCESS, light: bool = False
) -> tuple[dict[str, t.Any], t.Optional[KeptSession]]:
    """Validate a server as :func:`probe_pod` does, and return the session too, if it is open."""
    changes: list[str] = []
    try:
        report, session = validate_and_keep(_target(host, spec), _options(spec, timeouts, access, changes, light=light))
    except MissingLibrary:
        raise
    except McpKubernetesError as exc:
        return _without_report(exc), None
    return _judged(report, spec, changes), session


def probe_again(
    session: KeptSession, spec: ProbeSpec, timeouts: Timeouts, *, access: ProbeAccess = NO_ACCESS, light: bool
) -> t.Optional[dict[str, t.Any]]:
    """Validate a server in a session that was kept open; None if the server dropped the session."""
    changes: list[str] = []
    try:
        report = session.check(_options(spec, timeouts, access, changes, light=light))
    except McpKubernetesError as exc:  # from the credentials
        return _without_report(exc)
    return None if report is None else _judged(report, spec, changes)


def says_list_changed(answer: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a server sent a notification that one of its lists changed."""
    return answer.get(_LIST_CHANGED) is True


def _target(host: str, spec: ProbeSpec) -> Target:
    return Target(
        scheme="https" if spec.server_name else "http",
        host=host,
        port=spec.port,
        path=spec.path,
        transport=spec.transport,
        host_header=spec.authority,
        server_name=spec.server_name or None,
    )


def _options(spec: ProbeSpec, timeouts: Timeouts, access: ProbeAccess, changes: list[str], *, light: bool) -> Options:
    access_options = Options(
        bearer_token=access.token(),
        ca_data=access.ca,
        client_data=access.client_certificate,
        on_list_changed=lambda: changes.append(_LIST_CHANGED),
    )
    if light:
        # A server that passed before is up: one that needs longer than this to shake hands fails.
        return dataclasses.replace(access_options, timeout=timeouts.light, request_timeout=timeouts.light, light=True)
    return dataclasses.replace(
        access_options,
        timeout=timeouts.whole,
        request_timeout=timeouts.request,
        start_timeout=timeouts.start,
        required_capabilities=spec.capabilities,
        tool_call=ToolCall(spec.tool_call.name, json.loads(spec.tool_call.arguments)) if spec.tool_call else None,
        expect=spec.expect,
    )


def _judged(report: Report, spec: ProbeSpec, changes: t.Sequence[str]) -> dict[str, t.Any]:
    """Return the judged report, with a key for each change that the server sent a notification about."""
    return {**probe_auth.judge(report.to_dict(), spec.auth, strict=spec.strict), **dict.fromkeys(changes, True)}


def _without_report(error: McpKubernetesError) -> dict[str, t.Any]:
    issue = Issue(error.code, ERROR, error.seen, "", error.action)
    return Report(compliant=False, issues=(issue,)).to_dict()


def with_ending(report: t.Mapping[str, t.Any], ending: Ending) -> dict[str, t.Any]:
    """Return a report with the issue that the server ends with its session; it replaces that of the validator."""
    kind = ISSUE_KINDS[_ENDS_WITH_SESSION]
    issue = dataclasses.asdict(Issue(kind.code, kind.level, ending.value, kind.spec, kind.action))
    errors = [found for found in report["issues"] if found["level"] == ERROR]
    others = [found for found in report["issues"] if found["level"] != ERROR and found["code"] != kind.code]
    return {**report, "issues": [*errors, issue, *others]}


def ending_in(issues: t.Iterable[t.Mapping[str, t.Any]]) -> t.Optional[Ending]:
    """Return what :func:`with_ending` added to the issues of a status; None if it did not."""
    messages = {issue.get("message") for issue in issues if issue.get("code") == _ENDS_WITH_SESSION}
    return next((ending for ending in Ending if ending.value in messages), None) if messages else None


def ends_with_session(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the validator found that the server ends with its session."""
    return _ENDS_WITH_SESSION in _codes(report)


def has_new_issue(report: t.Mapping[str, t.Any], before: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a report has an issue, of any level, that an earlier one does not have."""
    return not _codes(report) <= _codes(before)


def _codes(report: t.Mapping[str, t.Any]) -> set[str]:
    return {issue["code"] for issue in report["issues"]}


def is_transient(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the server may pass the next time although nothing was changed, and a failure is no evidence."""
    errors = error_codes(report)
    return bool(errors) and errors <= _TRANSIENT


def may_still_start(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether a server that has never passed may pass although nothing is changed.

    It may answer with errors while it loads its data, or while something that it needs does not work.
    """
    errors = error_codes(report)
    return bool(errors) and errors <= _TRANSIENT | _WHILE_STARTING


def is_inconclusive(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether what is between the operator and the server may be the cause of a failure, or the operator itself.

    There was no answer, or one that a proxy or a policy may have sent. An answer that violates MCP is evidence.
    """
    errors = error_codes(report)
    return bool(errors) and errors <= _TRANSIENT | _SENT_BETWEEN


def has_expired(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the certificate of the server has expired, in contrast to an authority that the probe trusts."""
    return any(issue["code"] == "TLS_VERIFY_FAILED" and EXPIRED in issue["message"] for issue in report["issues"])


def is_unreached(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether no connection was possible, so that something before the server may be the cause."""
    errors = error_codes(report)
    return bool(errors) and errors <= _UNREACHED and not report["connected"]


def error_codes(report: t.Mapping[str, t.Any]) -> set[str]:
    """Return the codes of the errors, without the expectations that do not hold because of other errors."""
    found = {issue["code"] for issue in report["issues"] if issue["level"] == ERROR}
    return found - _CONSEQUENCES or found

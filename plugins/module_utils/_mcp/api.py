# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validate an MCP server: the one public function of this package.

A Pod by its address, called by the name that its clients use::

    target = Target(host="10.1.2.3", port=8080, path="/mcp", host_header="weather.mcp.svc:8080")
    report = validate(target, Options(timeout=10.0, required_capabilities=("tools",)))
    if not report.compliant:  # None: it wants credentials
        print(report.summary("weather"), [issue.code for issue in report.issues])

- ``Options.timeout`` is the one deadline; it holds whatever the server does, so there is nothing else to cancel.
- Any number of threads may validate at once: they share nothing but TLS contexts. ``fleet.validate_all`` does that.
- A ``Dialer`` makes the connections instead of TCP, for example through a port-forward; several are open at a time.
- What ``Target``, ``Options`` and ``Report`` have is only added to; the codes of issues do not change.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import time
import typing as t

from . import option_checks
from .auth import access_token, resource_metadata
from .checks import expectations, initialize_checks
from .errors import InvalidTarget, McpError, TransportError
from .options import Dialer, Options, Target
from .protocol import revisions
from .protocol.post_transport import Channel
from .protocol.session_state import Facts, IssueLog
from .report import masking
from .report.report import Report
from .steps import detection, enumeration, handshake, negative_checks, stateless_revision, tool_call
from .transport import tls
from .transport.deadline import Deadline
from .transport.http_client import HttpClient

if t.TYPE_CHECKING:
    from .protocol.reply import Reply
    from .steps.detection import Detector, Found
    from .transport.urls import Endpoint

    Job = tuple[Target, Options]

__all__ = ["Dialer", "Options", "Report", "Target", "check", "validate"]

MOST_AT_ONCE: t.Final = 256
_DEFAULTS: t.Final = Options()
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds between two tries of a server that is starting


def validate(target: Target, options: Options = _DEFAULTS, *, dial: t.Optional[Dialer] = None) -> Report:
    """Validate the server and report; whatever the server does, this never raises.

    :param dial: makes the connections; the caller may carry them wherever it wants.
    :raises InvalidTarget: when the target or the options make no sense.
    """
    base, path = check(target, options)
    return _Validation(target, options, base, path, dial).run()


def check(target: Target, options: Options = _DEFAULTS) -> tuple[Endpoint, str | None]:
    """Check the arguments without sending anything; return the endpoint, and the path unless it is to be found.

    :raises InvalidTarget: when the target or the options make no sense.
    """
    base, path = option_checks.check(target, options)
    if base.origin.scheme == "https":
        tls.context_for(options)
    return base, path


def validate_all(jobs: t.Sequence[Job], concurrency: int, done: t.Callable[[], None] | None = None) -> list[Report]:
    """Validate the servers, at most ``concurrency`` at the same time, and return their reports in the same order.

    Threads do: a validation mostly waits, and each has a deadline that holds, so none of them stays for ever.

    :param done: is called whenever a report is there, in the thread that made it.
    :raises InvalidTarget: when a target makes no sense; then nothing is sent to any of them.
    """

    def one(job: Job) -> Report:
        report = validate(*job)
        if done is not None:
            done()
        return report

    if not 0 < concurrency <= MOST_AT_ONCE:
        raise InvalidTarget(f"concurrency is {concurrency}.", f"Give a number from 1 to {MOST_AT_ONCE}.")
    for number, job in enumerate(jobs):
        _check_job(number, job)
    if not jobs:
        return []
    workers = min(concurrency, len(jobs))
    with concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="mcp-validate") as pool:
        return list(pool.map(one, jobs))


def _check_job(number: int, job: Job) -> None:
    try:
        check(*job)
    except InvalidTarget as exc:
        exc.locate(f"targets[{number}]")
        raise


class _Validation:
    """One validation, from the first connection to the report."""

    def __init__(self, target: Target, options: Options, base: Endpoint, path: str | None, dial: Dialer | None) -> None:
        self._target = target
        self._options = options
        self._base = base
        self._path = path
        self._began = time.monotonic()
        self._deadline = Deadline(options.timeout)
        self._client = HttpClient(base.origin, options, dial, target.host_header)
        self._channel = Channel(self._client, options, target.host_header, self._deadline)
        self._facts = Facts(IssueLog(strict=options.strict))
        self._attempts = 0
        self._secrets = masking.secrets_of(options)

    def run(self) -> Report:
        try:
            found = self._detect() if self._authorize() else None
            if found is not None:
                self._examine(found)
        finally:
            self._client.close()
        return self._report()

    def _authorize(self) -> bool:
        """Get an access token if that is asked for; without it nothing is sent to the server."""
        credentials = self._options.client_credentials
        if credentials is None:
            return True
        self._secrets.add(access_token.basic(credentials))
        # The path may be unknown yet; RFC 8707 lets a resource be as wide as it must be.
        resource = str(self._base if self._path is not None else self._base.origin)
        try:
            access = access_token.get_token(credentials, resource, self._options, self._deadline)
        except McpError as exc:
            self._facts.issues.add("AUTH_TOKEN_FAILED", f"No access token was to be had: {exc.seen}")
            return False
        self._secrets.add(access)
        self._client.authorize(access)
        return True

    def _detect(self) -> Found | None:
        """Probe until something is found, or trying again makes no sense."""
        starting = Deadline(self._options.start_timeout)
        pause = _FIRST_PAUSE
        while True:
            self._attempts += 1
            detector = detection.Detector(self._channel)
            failure: McpError | None = None
            try:
                found = detector.run(self._base, self._path, self._target.transport)
            except TransportError as exc:
                found, failure, again = None, exc, exc.retryable
            else:
                again = found is None and detector.clearest().starting
            if not again or starting.passed or self._deadline.passed:
                if found is None:
                    self._explain(detector, failure)
                return found
            time.sleep(min(pause, starting.left, self._deadline.left))
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _explain(self, detector: Detector, failure: McpError | None) -> None:
        """Log why nothing was found."""
        issues = self._facts.issues
        if self._attempts > 1:
            issues.add(
                "RETRIES_EXHAUSTED", f"{self._attempts} tries within {self._options.start_timeout:g} s did not help."
            )
        if failure is not None:
            issues.add_error(failure)
            return
        clearest = detector.clearest()
        self._facts.transport = clearest.transport
        if clearest.code == "AUTH_REQUIRED" and clearest.reply is not None:
            self._facts.endpoint, self._facts.path = str(clearest.endpoint), clearest.endpoint.path
            resource_metadata.note_challenge(clearest.reply, self._channel, self._facts)
            issues.add("AUTH_ON_INITIALIZE", f"{clearest.probe} wanted credentials, so nothing else could be checked.")
            return
        issues.add(clearest.code, clearest.seen)
        tried = "; ".join(f"{failure.probe}: {failure.code}" for failure in detector.failures)
        if self._target.transport == "auto":
            issues.add("TRANSPORT_DETECTION_FAILED", f"Neither Streamable HTTP nor HTTP+SSE was found ({tried}).")
        else:
            issues.add("TRANSPORT_CREATION_FAILED", f"{self._target.transport} could not be opened ({tried}).")

    def _examine(self, found: Found) -> None:
        """Shake hands, list, say goodbye."""
        facts = self._facts
        session = handshake.begin(found, self._channel, facts)
        if session is None:
            return
        try:
            if facts.protocol_version is not None and not facts.requires_auth and not self._options.light:
                enumeration.enumerate_all(session, self._channel, facts)
                if self._options.tool_call is not None and session.alive and not facts.requires_auth:
                    tool_call.check(session, self._channel, facts, self._options.tool_call)
                if self._options.deep and session.alive:
                    negative_checks.check(session, self._channel, facts)
        finally:
            facts.issues.add_notes(session.close())
        if self._options.deep:
            negative_checks.check_ended(session, facts)
        if (
            found.reply is not None
            and not self._options.light
            and not found.stateless
            and facts.protocol_version is not None
            and not facts.requires_auth
        ):
            self._try_other_era(found.reply)
        initialize_checks.check_required(self._options.required_capabilities, facts)
        if self._target.transport not in ("auto", found.transport):
            seen = f"The transport {self._target.transport} was asked for, but the server speaks {found.transport}."
            facts.issues.add("PROTOCOL_MISMATCH", seen)

    def _try_other_era(self, reply: Reply) -> None:
        answer = stateless_revision.discover(self._channel, reply)
        if answer is not None:
            self._facts.supported_versions += revisions.discovered(answer.result)
            if self._options.deep:
                stateless_revision.check(answer, self._channel, self._facts)

    def _report(self) -> Report:
        report = self._build()
        if self._options.expect:
            expectations.check(self._options.expect, report.to_dict(), self._facts.issues)
            report = self._build()
        return report

    def _build(self) -> Report:
        facts = self._facts
        known = {field.name for field in dataclasses.fields(Report)}
        plain = {key: value for key, value in vars(facts).items() if key in known}
        plain.update(facts.listings)
        plain["issues"] = facts.issues.all()
        plain["supported_versions"] = tuple(sorted(set(facts.supported_versions)))
        compliant = None if facts.requires_auth and not facts.issues.has_errors else not facts.issues.has_errors
        report = Report(
            **plain,
            compliant=compliant,
            reached=self._client.reached,
            attempts=self._attempts,
            duration=round(time.monotonic() - self._began, 4),
            client_version=self._options.client_version,
        )
        return masking.mask(report, self._secrets)

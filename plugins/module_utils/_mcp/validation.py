# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""One validation of one server: detection, handshake, checks, report."""

from __future__ import annotations

import dataclasses
import secrets
import time
import typing as t

from .auth import access_token, resource_metadata
from .checks import deprecated_features, expectations, initialize_checks
from .errors import McpError, TransportError
from .issues.issue_log import IssueLog
from .kept_session import KeptSession
from .offers.collector import OfferCollector
from .protocol import revisions
from .protocol.post_transport import PostTransport
from .protocol.session_state import SessionState
from .report import masking
from .report.report import Report
from .steps import detection, handshake, negative_checks, session_checks, session_end, stateless_revision
from .transport.deadline import Deadline
from .transport.http_client import HttpClient

if t.TYPE_CHECKING:
    from .options import Dialer, Options, Target
    from .protocol.reply import Reply
    from .protocol.session import Session
    from .steps.detection import Detected, Detector
    from .transport.urls import Endpoint

# The least id of requests in a session that is kept open. A server of a single session may send a response to the
# client that connected last, which must not take it for the response to a request of its own. All ids are below 2^31,
# since some servers read them as 32-bit numbers.
_FIRST_KEPT_ID: t.Final = 10**9
_REPORTED: t.Final = frozenset(field.name for field in dataclasses.fields(Report))
_FIRST_RETRY, _LONGEST_RETRY = 0.05, 2.0  # seconds before another attempt, while the server is starting


class Validation:
    """One validation of one server; use :meth:`run` once."""

    def __init__(self, target: Target, options: Options, base: Endpoint, path: str | None, dial: Dialer | None) -> None:
        self._target = target
        self._options = options
        self._base = base
        self._path = path
        self._started_at = time.monotonic()
        self._deadline = Deadline(options.timeout)
        self._client = HttpClient(base.origin, options, dial, target.host_header, target.server_name)
        self._http = PostTransport(self._client, options, target.host_header, self._deadline)
        collector = OfferCollector(options.on_item and self._on_item)
        self._state = SessionState(IssueLog(strict=options.strict), offer_collector=collector)
        self._attempts = 0
        self._secrets = masking.secrets_in_options(options)

    def run(self) -> Report:
        """Connect, detect the transport, run all checks, and return the report."""
        try:
            found = self._detect() if self._authorize() else None
            if found is not None:
                streams = not self._options.light
                session = handshake.establish_session(found, self._http, self._state, streams=streams)
                if session is not None:
                    self._check(found, session)
        finally:
            self._http.free_memory()
            self._client.close()
        return self._report(self._state, self._options)

    def run_and_keep(self) -> tuple[Report, KeptSession | None]:
        """Run the validation, and keep the session open if the server has one."""
        self._http.last_id = _FIRST_KEPT_ID + secrets.randbelow(_FIRST_KEPT_ID)
        state = self._state
        session, kept = None, None
        try:
            found = self._detect() if self._authorize() else None
            if found is not None:
                session = handshake.establish_session(found, self._http, state, streams=False)
            if found is not None and session is not None:
                self._check_transport(found)
                opened = dataclasses.replace(state, issues=state.issues.copy())
                session_checks.run(session, self._http, state)
                answer = self._check_stateless_revision(found)
                if answer is not None:
                    stateless_revision.check_refusal(answer, state)
                initialize_checks.check_required(self._options.required_capabilities, state)
                opened.supported_versions = state.supported_versions
                if state.session and session.alive and not state.requires_auth:
                    kept = KeptSession(session, self._http, opened, self._report)
        finally:
            self._http.free_memory()
            if session is not None and kept is None:
                session.close()
            self._client.close()
        return self._report(state, self._options), kept

    def _on_item(self, kind: str, item: t.Mapping[str, t.Any], digest: str) -> None:
        if self._options.on_item is not None:
            self._options.on_item(kind, masking.mask_values(item, self._secrets), digest)

    def _authorize(self) -> bool:
        """Fetch an access token if client credentials are given. Without the token nothing is sent to the server."""
        credentials = self._options.client_credentials
        if credentials is None:
            return True
        self._secrets.add(access_token.basic_credentials(credentials))
        # The path may not be known yet; RFC 8707 allows the origin as the resource.
        resource = str(self._base if self._path is not None else self._base.origin)
        try:
            access = access_token.fetch_access_token(credentials, resource, self._options, self._deadline).value
        except McpError as exc:
            self._state.issues.add("AUTH_TOKEN_FAILED", f"No access token could be obtained: {exc.seen}")
            return False
        self._secrets.add(access)
        self._client.authorize(access)
        return True

    def _detect(self) -> Detected | None:
        """Probe until a server is found or another try is pointless."""
        starting = Deadline(self._options.start_timeout)
        pause = _FIRST_RETRY
        while True:
            self._attempts += 1
            detector = detection.Detector(self._http)
            failure: McpError | None = None
            try:
                found = detector.run(self._base, self._path, self._target.transport)
            except TransportError as exc:
                found, failure, again = None, exc, exc.retryable
            else:
                again = found is None and detector.most_specific_failure().starting
            if not again or starting.passed or self._deadline.passed:
                if found is None:
                    self._log_failure(detector, failure)
                return found
            time.sleep(min(pause, starting.left, self._deadline.left))
            pause = min(pause * 2, _LONGEST_RETRY)

    def _log_failure(self, detector: Detector, failure: McpError | None) -> None:
        """Add the issues that explain why no MCP server was found."""
        issues = self._state.issues
        if self._attempts > 1:
            issues.add(
                "RETRIES_EXHAUSTED", f"{self._attempts} attempts within {self._options.start_timeout:g} s failed."
            )
        if failure is not None:
            issues.add_error(failure)
            return
        probed = detector.most_specific_failure()
        self._state.transport = probed.transport
        if probed.code == "AUTH_REQUIRED" and probed.reply is not None:
            self._state.endpoint, self._state.path = str(probed.endpoint), probed.endpoint.path
            resource_metadata.record_challenge(probed.reply, self._http, self._state)
            issues.add("AUTH_ON_INITIALIZE", f"{probed.probe} requires credentials, so nothing else was checked.")
            return
        issues.add(probed.code, probed.seen)
        tried = "; ".join(f"{failure.probe}: {failure.code}" for failure in detector.failures)
        if self._target.transport == "auto":
            issues.add("TRANSPORT_DETECTION_FAILED", f"Neither Streamable HTTP nor HTTP+SSE was detected ({tried}).")
        else:
            issues.add(
                "TRANSPORT_CREATION_FAILED", f"The transport {self._target.transport} could not be opened ({tried})."
            )

    def _check(self, found: Detected, session: Session) -> None:
        """Run the checks, and end the session."""
        state = self._state
        try:
            session_checks.run(session, self._http, state)
        finally:
            state.issues.add_notes(session.close())
        serves = True
        if self._options.deep and not self._options.light:
            serves = not state.session or session_end.check_still_serves(session, self._http, state)
            if serves:
                negative_checks.check_closed_session(session, self._http, state)
        answer = self._check_stateless_revision(found) if serves else None
        if answer is not None and answer.status >= 500:
            session_end.check_new_session(answer.endpoint, self._http, state)
        if answer is not None:
            stateless_revision.check_refusal(answer, state)
        initialize_checks.check_required(self._options.required_capabilities, state)
        self._check_transport(found)

    def _check_transport(self, found: Detected) -> None:
        if self._target.transport not in ("auto", found.transport):
            seen = f"The transport {self._target.transport} was requested, but the server uses {found.transport}."
            self._state.issues.add("PROTOCOL_MISMATCH", seen)

    def _check_stateless_revision(self, found: Detected) -> Reply | None:
        """Check whether a server that completed a handshake also supports the stateless revision.

        Return its reply if it does not.
        """
        state = self._state
        if found.reply is None or found.stateless or self._options.light:
            return None
        if state.protocol_version is None or state.requires_auth:
            return None
        answer = stateless_revision.discover(self._http, found.reply, state)
        if answer is not None and revisions.supported_versions_in(answer.result):
            state.supported_versions += revisions.supported_versions_in(answer.result)
            stateless_revision.check(answer, self._http, state)
            return None
        return answer

    def _report(self, state: SessionState, options: Options) -> Report:
        self._secrets.update(masking.secrets_in_options(options))
        state.texts.report(state.issues)
        report = self._build(state)
        if options.expect:
            expectations.check(options.expect, report.to_dict(), state.issues)
            report = self._build(state)
        return report

    def _build(self, state: SessionState) -> Report:
        fields = {key: value for key, value in vars(state).items() if key in _REPORTED}
        fields.update(state.listings)
        fields["offers"] = None if state.requires_auth else state.offer_collector.offers()
        fields["issues"] = state.issues.sorted()
        fields["revisions"] = state.revisions
        fields["deprecated_features"] = deprecated_features.used_features(state)
        fields["not_checked"] = tuple(sorted(state.not_checked))
        fields["supported_versions"] = tuple(sorted(set(state.supported_versions)))
        compliant = None if state.requires_auth and not state.issues.has_errors else not state.issues.has_errors
        report = Report(
            **fields,
            compliant=compliant,
            connected=self._client.dialing.succeeded,
            reached=self._client.reached,
            attempts=self._attempts,
            duration=round(time.monotonic() - self._started_at, 4),
            client_version=self._options.client_version,
        )
        return masking.mask_values(report, self._secrets)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a validation has found out so far."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import ValidatorBusy
from ..offers.collector import OfferCollector

if t.TYPE_CHECKING:
    from ..errors import McpError
    from ..issues.issue_log import IssueLog
    from ..report.report import Auth, Listing, ToolCallResult
    from .reply import Reply


@dataclasses.dataclass
class SessionState:
    """What a validation knows about the server so far; becomes the report."""

    issues: IssueLog
    auth: Auth | None = None
    requires_auth: bool = False
    transport: str | None = None
    protocol_version: str | None = None
    supported_versions: list[str] = dataclasses.field(default_factory=list)
    endpoint: str | None = None
    path: str | None = None
    server_info: dict[str, str] | None = None
    instructions: bool = False
    capabilities: tuple[str, ...] = ()
    listings: dict[str, Listing] = dataclasses.field(default_factory=dict)
    offer_collector: OfferCollector = dataclasses.field(default_factory=OfferCollector)
    called_tool: t.Mapping[str, t.Any] | None = None  # the definition of the tool to call, from tools/list
    tool_call: ToolCallResult | None = None
    session: bool = False
    response_mode: str | None = None
    secondary: bool = False  # another revision than the one that the report describes
    not_checked: list[str] = dataclasses.field(default_factory=list)  # issue codes; the time ran out

    def record_not_checked(self, code: str) -> None:
        """Record that the time ran out before a check that would have reported this issue."""
        if code not in self.not_checked:
            self.not_checked.append(code)

    def record_no_response(self, code: str, what: str, error: McpError) -> None:
        """Add an issue for a request without a response, unless the validator had no memory for the response.

        :param what: the request.
        """
        if isinstance(error, ValidatorBusy):
            self.issues.add_error(error)
        else:
            self.issues.add(code, f"{what} got no response: {error.seen}")

    def record_reply(self, reply: Reply, *, stateless: bool = False) -> None:
        """Add the notes of a reply to the issues, and remember how it was sent."""
        self.issues.add_notes(reply.notes, stateless=stateless)
        self.response_mode = self.response_mode or reply.mode

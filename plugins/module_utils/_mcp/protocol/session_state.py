# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a validation has found out so far."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import ValidatorBusy
from ..issues.text_findings import TextFindings
from ..offers.collector import OfferCollector
from ..report.report import Listing, Revision
from .deprecated_requests import notes_on_response

if t.TYPE_CHECKING:
    from ..errors import McpError
    from ..issues.issue_log import IssueLog
    from ..report.report import Auth, ToolCallResult
    from .reply import Reply


@dataclasses.dataclass
class SessionState:
    """What a validation knows about the server so far; becomes the report."""

    issues: IssueLog
    texts: TextFindings = dataclasses.field(default_factory=TextFindings)
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
    extensions: tuple[str, ...] = ()
    subscribable: tuple[str, ...] = ()  # notifications that the server declares, as subscriptions/listen names them
    ttl: float | None = None
    cache_scope: str | None = None
    cache_scopes: dict[str, str] = dataclasses.field(default_factory=dict)  # of the first page of each list
    listings: dict[str, Listing] = dataclasses.field(default_factory=dict)
    offer_collector: OfferCollector = dataclasses.field(default_factory=OfferCollector)
    called_tool: t.Mapping[str, t.Any] | None = None  # the definition of the tool to call, from tools/list
    tool_call: ToolCallResult | None = None
    session: bool = False
    response_mode: str | None = None
    silent: bool = False  # since a GET of the endpoint, the server has answered nothing
    secondary: bool = False  # another revision than the one that the report describes
    other_revisions: list[Revision] = dataclasses.field(default_factory=list)
    not_checked: list[str] = dataclasses.field(default_factory=list)  # issue codes; the time ran out

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The negotiated revision and, with what differs, the others; none if no revision was negotiated."""
        if self.protocol_version is None:
            return ()
        here = Revision(
            protocol_version=self.protocol_version,
            server_info=self.server_info,
            instructions=self.instructions,
            capabilities=self.capabilities,
            tools=self.listings.get("tools"),
            resources=self.listings.get("resources"),
            resource_templates=self.listings.get("resource_templates"),
            prompts=self.listings.get("prompts"),
        )
        return (
            here,
            *[dataclasses.replace(other, differs=_differences(here, other)) for other in self.other_revisions],
        )

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
        self.issues.add_notes([*reply.notes, *notes_on_response(reply.response)], stateless=stateless)
        self.response_mode = self.response_mode or reply.mode


def _differences(one: Revision, other: Revision) -> tuple[str, ...]:
    """Return the names of the fields whose values differ, whatever the order of capabilities and items."""
    names = (field.name for field in dataclasses.fields(Revision) if field.name not in ("protocol_version", "differs"))
    return tuple(name for name in names if _unordered(getattr(one, name)) != _unordered(getattr(other, name)))


def _unordered(value: t.Any) -> t.Any:
    if isinstance(value, tuple):
        return sorted(value)
    # Names that are truncated may be those of other items.
    return (value.count, () if value.truncated else sorted(value.names)) if isinstance(value, Listing) else value

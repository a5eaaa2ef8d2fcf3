# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The result of a validation. :meth:`Report.to_dict` returns it as JSON data, always with the same keys."""

from __future__ import annotations

import dataclasses
import typing as t

ERROR, WARNING, INFO = "error", "warning", "info"


@dataclasses.dataclass(frozen=True)
class Issue:
    """One defect or piece of information."""

    code: str  # stable
    level: str
    message: str  # what was observed
    spec: str  # the requirement of the specification
    action: str  # what the user can do


@dataclasses.dataclass(frozen=True)
class Listing:
    """The items that a ``*/list`` method returned."""

    count: int
    names: tuple[str, ...]  # at most 500
    truncated: bool  # names, or names and count, are incomplete


@dataclasses.dataclass(frozen=True)
class Offers:
    """The digests of what the server offers, see ``docs/reference/offer-digest.md``."""

    digest: str | None  # of everything; None if not everything is known
    kinds: t.Mapping[str, str]  # of all tools, prompts, resources and resource_templates; none for an empty list
    problem: str | None  # why there is no digest


@dataclasses.dataclass(frozen=True)
class ToolCallResult:
    """The result of the tool call."""

    name: str
    is_error: bool
    content: tuple[str, ...]  # the types of the content items
    structured: bool  # it has structuredContent
    texts: tuple[str, ...] = ()  # of the content items of the type text, shortened
    structured_content: object = None  # None if it is too large


@dataclasses.dataclass(frozen=True)
class Auth:
    """The credentials that the server requires, from its challenge and its resource metadata."""

    scheme: str | None = None
    realm: str | None = None
    error: str | None = None
    scope: str | None = None
    resource_metadata: str | None = None
    resource: str | None = None
    authorization_servers: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Revision:
    """What a server says and lists at one revision."""

    protocol_version: str
    server_info: t.Mapping[str, str] | None = None
    instructions: bool = False
    capabilities: tuple[str, ...] = ()
    tools: Listing | None = None
    resources: Listing | None = None
    resource_templates: Listing | None = None
    prompts: Listing | None = None
    differs: tuple[str, ...] = ()  # names of fields that differ from those of the negotiated revision


@dataclasses.dataclass(frozen=True)
class Report:
    """The result of a validation."""

    compliant: bool | None = None  # None if unknown because the server requires credentials
    connected: bool = False  # a connection to the server was opened
    reached: bool = False  # the server sent an HTTP response
    requires_auth: bool = False
    auth: Auth | None = None
    transport: str | None = None
    protocol_version: str | None = None
    supported_versions: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()  # the negotiated one, then the one without a handshake if it is also supported
    endpoint: str | None = None
    path: str | None = None
    server_info: t.Mapping[str, str] | None = None
    instructions: bool = False
    capabilities: tuple[str, ...] = ()
    tools: Listing | None = None
    resources: Listing | None = None
    resource_templates: Listing | None = None
    prompts: Listing | None = None
    offers: Offers | None = None
    tool_call: ToolCallResult | None = None
    session: bool = False
    response_mode: str | None = None
    extensions: tuple[str, ...] = ()  # the identifiers of the declared ones
    ttl: float | None = None  # seconds in which the lists are fresh (ttlMs of 2026-07-28), the shortest of all pages
    cache_scope: str | None = None  # of the lists; private if one of them is
    deprecated_features: tuple[str, ...] = ()  # identifiers in DEPRECATIONS; a declared feature counts as used
    issues: tuple[Issue, ...] = ()
    not_checked: tuple[str, ...] = ()  # codes of issues that were not looked for, because the time ran out
    attempts: int = 1
    duration: float = 0.0
    client_version: str = ""

    def to_dict(self) -> dict[str, t.Any]:
        """Return the report as dictionaries, lists, strings, numbers, booleans and None."""
        return t.cast("dict[str, t.Any]", _plain(dataclasses.asdict(self)))

    @classmethod
    def from_dict(cls, found: t.Mapping[str, t.Any]) -> Report:
        """Return the report of which :meth:`to_dict` returned this; other keys are ignored.

        :raises KeyError: if a field is missing.
        :raises TypeError: if a field has another type.
        """
        if "issues" not in found:
            raise KeyError("issues")
        return t.cast("Report", _restored(cls, found))

    def summary(self, where: str) -> str:
        """Return the report in a few sentences.

        :param where: the address or name of the server.
        """
        if self.compliant:
            return f"{where} speaks MCP {self.protocol_version} over {self.transport}."
        errors = [issue for issue in self.issues if issue.level == ERROR]
        first = "".join(
            f" {issue.message} {issue.action} [{issue.code}]" for issue in (errors or list(self.issues))[:1]
        )
        others = ", ".join(dict.fromkeys(issue.code for issue in errors[1:]))
        also = f" Also: {others}." if others else ""
        if self.compliant is None:
            return f"{where} requires credentials, so it is unknown whether it complies with MCP.{first}"
        return f"{where} does not comply with MCP:{first}{also}"


def _plain(value: object) -> object:
    if isinstance(value, t.Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


# The types of the fields that are dataclasses, or lists of them.
_PARTS: t.Final[t.Mapping[str, type]] = {
    "auth": Auth,
    "issues": Issue,
    "offers": Offers,
    "revisions": Revision,
    "tool_call": ToolCallResult,
    **dict.fromkeys(("tools", "resources", "resource_templates", "prompts"), Listing),
}


def _restored(kind: type, found: t.Mapping[str, t.Any]) -> object:
    names = [field.name for field in dataclasses.fields(kind) if field.name in found]
    return kind(**{name: _restored_field(_PARTS.get(name), found[name]) for name in names})


def _restored_field(kind: type | None, value: t.Any) -> t.Any:
    if isinstance(value, list):
        return tuple(_restored_field(kind, item) for item in value)
    return value if kind is None or value is None else _restored(kind, value)

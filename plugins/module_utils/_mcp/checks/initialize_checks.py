# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check InitializeResult, DiscoverResult and capabilities (pure)."""

from __future__ import annotations

import re
import typing as t

from ..._util import clean
from ..protocol import revisions
from ..protocol.jsonrpc import Json, typed
from .extensions import check_extensions
from .schema_fields import OBJECT_FIELDS, SchemaChecker
from .texts import text_checks

if t.TYPE_CHECKING:
    from ..protocol.session_state import SessionState

CAPABILITIES: t.Final = ("tools", "resources", "prompts", "logging", "completions")
_MAX_CAPABILITIES = 50
_LONGEST_TTL: t.Final = 10**12  # milliseconds; servers may send any number
_SAFE_INTEGER: t.Final = 2**53 - 1  # in JavaScript
_OPTIONAL_INFO: t.Final = "MODERN_SERVER_INFO_INVALID"
_DIGITS = re.compile(r"[0-9]{1,15}")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_initialize(result: Json, state: SessionState) -> str | None:
    """Check an InitializeResult and return the negotiated revision; None if it is not one with a handshake."""
    version = result.get("protocolVersion")
    schema_version = str(version) if version in revisions.HANDSHAKE else revisions.LATEST_HANDSHAKE
    _check_common_fields(result, result.get("serverInfo"), schema_version, state)
    if version in revisions.HANDSHAKE:
        state.protocol_version = str(version)
        return str(version)
    if version is None:
        seen = "The InitializeResult has no protocolVersion."
    elif not isinstance(version, str):
        seen = f"The InitializeResult's protocolVersion is {typed(version)}."
    elif _VERSION.fullmatch(version) and version > revisions.LATEST_HANDSHAKE:
        requested = revisions.LATEST_HANDSHAKE
        seen = f"initialize returned the revision {version}, newer than the requested {requested}."
    else:
        seen = f"initialize returned {clean(version)!r}, which is not a revision with a handshake."
    state.issues.add("INVALID_PROTOCOL", seen)
    return None


def check_discover(result: Json, state: SessionState) -> None:
    """Check a DiscoverResult."""
    state.protocol_version = revisions.LATEST_STATELESS
    versions = result.get("supportedVersions")
    if not isinstance(versions, list) or not versions or not all(isinstance(item, str) for item in versions):
        state.issues.add("MODERN_DISCOVER_INVALID", "The DiscoverResult's supportedVersions is not a list of strings.")
    elif revisions.LATEST_STATELESS not in versions:
        shown = clean(", ".join(versions[:20]))
        seen = f"The DiscoverResult is of {revisions.LATEST_STATELESS} but lists only {shown}."
        state.issues.add("MODERN_DISCOVER_INVALID", seen)
    check_stateless_result("server/discover", result, state)
    state.subscribable = _subscribable(result.get("capabilities"))
    info = revisions.server_info_of(result)
    if info is None:
        state.issues.add("MODERN_SERVER_INFO_MISSING", "The DiscoverResult's _meta has no serverInfo.")
    _check_common_fields(result, info, revisions.LATEST_STATELESS, state, info_required=False)


def check_stateless_result(method: str, result: Json, state: SessionState) -> None:
    """Check the fields that 2026-07-28 requires in each cacheable result."""
    kind, ttl, scope = result.get("resultType"), result.get("ttlMs"), result.get("cacheScope")
    if kind != "complete":
        seen = "no resultType" if kind is None else f"the resultType {clean(kind)!r}"
        code = "MODERN_RESULT_INCOMPLETE" if isinstance(kind, str) else "MODERN_RESULT_TYPE"
        state.issues.add(code, f"The result of {method} has {seen}.")
    if isinstance(ttl, str) and _DIGITS.fullmatch(ttl) and scope in ("public", "private"):
        state.issues.add("MODERN_CACHE_TTL", f"The result of {method} has ttlMs {_shown(ttl)}, a string.")
        ttl = int(ttl)
    if not isinstance(ttl, (int, float)) or _has_fraction(ttl) or scope not in ("public", "private"):
        state.issues.add(
            "MODERN_CACHE_HINTS", f"The result of {method} has ttlMs {_shown(ttl)} and cacheScope {_shown(scope)}."
        )
        return
    if isinstance(ttl, bool) or not 0 <= ttl <= _SAFE_INTEGER:
        state.issues.add("MODERN_CACHE_TTL", f"The result of {method} has ttlMs {_shown(ttl)}.")
    if isinstance(ttl, bool) or ttl < 0:
        return
    if state.cache_scopes.setdefault(method, scope) != scope:
        state.issues.add("CACHE_SCOPE_MIXED", f"A page of {method} has the cacheScope {scope}, and an earlier one not.")
    if method != "server/discover":
        state.ttl = min(float(min(ttl, _LONGEST_TTL)) / 1000, _LONGEST_TTL if state.ttl is None else state.ttl)
        state.cache_scope = "private" if "private" in (scope, state.cache_scope) else "public"


def _has_fraction(value: object) -> bool:
    """Tell whether a number is no integer, such as 1.5 or NaN. 5.0 is one."""
    return isinstance(value, float) and not value.is_integer()


def _subscribable(capabilities: t.Any) -> tuple[str, ...]:
    """Return the notifications that a server of 2026-07-28 declares, as subscriptions/listen names them."""
    found = capabilities if isinstance(capabilities, dict) else {}
    return tuple(
        f"{kind}ListChanged"
        for kind in ("tools", "prompts", "resources")
        if isinstance(found.get(kind), dict) and found[kind].get("listChanged") is True
    )


def _shown(value: t.Any) -> str:
    return "missing" if value is None else clean(repr(value), 40)


def _check_common_fields(
    result: Json, info: t.Any, version: str, state: SessionState, *, info_required: bool = True
) -> None:
    _check_server_info(info, version, state, required=info_required)
    text_checks.check_server(result, info, state.texts)
    instructions = result.get("instructions")
    state.instructions = isinstance(instructions, str) and bool(instructions.strip())
    state.offer_collector.set_instructions(instructions)
    checker = SchemaChecker(version, "INVALID_INSTRUCTIONS", state.issues)
    checker.check_fields("The result", result, "ServerResult")
    check_capabilities(result.get("capabilities"), version, state)


def _check_server_info(info: t.Any, version: str, state: SessionState, *, required: bool) -> None:
    if info is None and not required:
        return
    # Clients do not parse the one in the _meta of a DiscoverResult.
    missing, code = ("MISSING_SERVER_INFO", "INVALID_SERVER_INFO") if required else (_OPTIONAL_INFO, _OPTIONAL_INFO)
    if info is None or (isinstance(info, dict) and info.get("name") is None):
        state.issues.add(missing, "The result has no serverInfo.name.")
        return
    if not isinstance(info, dict):
        state.issues.add(code, f"serverInfo is {typed(info)}, not an object.")
        return
    wrong = [key for key in ("name", "version") if not isinstance(info.get(key), str)]
    if wrong:
        state.issues.add(code, f"serverInfo has no string as {' and '.join(wrong)}.")
    elif not info["name"]:
        state.issues.add("SERVER_NAME_EMPTY", "The serverInfo.name is empty.")
    SchemaChecker(version, code, state.issues).check_fields("serverInfo", info, "Implementation")
    state.server_info = {
        key: clean(info[key]) for key in ("name", "version", "title") if isinstance(info.get(key), str)
    }


def check_capabilities(value: t.Any, version: str, state: SessionState) -> None:
    """Check the declared capabilities; unknown ones are allowed."""
    if not isinstance(value, dict):
        state.issues.add("INVALID_CAPABILITIES", f"capabilities is {typed(value)}, not an object.")
        return
    # Clients may take null for a missing capability, but the schema only allows to omit it.
    for name in (name for name in OBJECT_FIELDS["Capabilities"] if name in value and value[name] is None):
        state.issues.add("NULL_MEMBER", f"The capability {name!r} is null, not an object.")
    present = {name: content for name, content in value.items() if content is not None}
    SchemaChecker(version, "INVALID_CAPABILITIES", state.issues).check_fields("capabilities", present, "Capabilities")
    state.extensions = check_extensions(present.get("extensions"), version, state.issues)
    names = [clean(name, 100) for name in list(value)[:_MAX_CAPABILITIES]]
    state.capabilities = (*[name for name in CAPABILITIES if name in names], *sorted(set(names) - set(CAPABILITIES)))
    if not any(name in CAPABILITIES for name in names):
        state.issues.add(
            "NO_CAPABILITIES", "The server declares none of tools, resources, prompts, logging and completions."
        )


def check_required(required: t.Iterable[str], state: SessionState) -> None:
    """Check that the capabilities that the user requires are declared."""
    for name in required:
        if name not in state.capabilities:
            declared = ", ".join(state.capabilities) or "none"
            state.issues.add(
                "MISSING_CAPABILITY", f"The capability {clean(name)!r} is required but not declared ({declared})."
            )

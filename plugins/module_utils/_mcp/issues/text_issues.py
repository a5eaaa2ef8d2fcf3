# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of texts that can mislead a model, or the person who reviews them. None is an error, even with strict."""

from __future__ import annotations

import typing as t

from .issue_kind import info, warning

_TOOLS = "MCP tools, Security: clients treat what a server says about its tools as untrusted"
_SAFETY = "MCP specification, Security and Trust: descriptions of tools are untrusted unless from a trusted server"

TEXTS: t.Final = (
    warning(
        "TEXT_HIDDEN_CHARACTERS",
        f"{_SAFETY}; Unicode Technical Report 36: characters that do not show hide or reorder text.",
        "Remove the characters. If you did not write them, do not let a model read this server's texts.",
    ),
    warning(
        "TEXT_LOOKALIKE",
        "Unicode Technical Standard 39 section 4: letters of other scripts, or 1 and l, make words look alike.",
        "Write the word in letters of one script, or rename the item. If you did not write it, do not use the server.",
    ),
    warning(
        "TEXT_OVERRIDES_INSTRUCTIONS",
        f"{_SAFETY}.",
        "Describe what the tool does, not what a model should forget. If you did not write it, do not use the server.",
    ),
    warning(
        "TEXT_CONCEALS",
        f"{_SAFETY}; users understand and authorize all actions.",
        "Remove the instruction to hide something from the user. If you did not write it, do not use the server.",
    ),
    warning(
        "TEXT_SEEKS_SECRETS",
        f"{_SAFETY}; servers receive only what they need.",
        "Remove the instruction to read secrets or conversations. If you did not write it, do not use the server.",
    ),
    info(
        "TEXT_STEERS_MODEL",
        f"{_TOOLS}.",
        "None if the order of calls matters for this server; else describe only what the tool does.",
    ),
    warning(
        "TEXT_UNSAFE_LINK",
        "MCP security best practices: links from a server are untrusted; RFC 3986 section 7.",
        "Link to a host by name with https, without credentials or placeholders.",
    ),
    info(
        "TEXT_SHADOWED_TOOL",
        f"{_TOOLS}; names are unique only within one server.",
        "None if clients use this server alone; else rename the tools or add a prefix.",
    ),
    warning(
        "TEXT_HINTS_CONTRADICT",
        "MCP schema, ToolAnnotations: destructiveHint is meaningful only when readOnlyHint is false.",
        "Set readOnlyHint to false for tools that change something.",
    ),
    warning(
        "TEXT_LIMIT",
        "None: the validator limits the work for texts, which padding must not exhaust in silence.",
        "Shorten the texts: a model has to read them, too. If you did not write them, read them before a model does.",
    ),
)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The kinds of things that a server lists, and how each is listed."""

from __future__ import annotations

import dataclasses
import typing as t


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of thing: how it is listed and what each of it must have."""

    key: str  # of the report and of the result
    method: str
    capability: str
    identity: str  # the field that is unique
    required: tuple[str, ...]
    shape: str  # of what may be left out
    invalid: str  # issue codes
    failed: str
    optional: bool = False  # "method not found" is no defect
    result_key: str = ""

    @property
    def field(self) -> str:
        """Return the field of the result that holds the list."""
        return self.result_key or self.key


KINDS: t.Final = (
    Kind(
        key="tools",
        method="tools/list",
        capability="tools",
        identity="name",
        required=("name",),
        shape="Tool",
        invalid="INVALID_TOOL",
        failed="TOOLS_LIST_FAILED",
    ),
    Kind(
        key="resources",
        method="resources/list",
        capability="resources",
        identity="uri",
        required=("uri", "name"),
        shape="Resource",
        invalid="INVALID_RESOURCE",
        failed="RESOURCES_LIST_FAILED",
    ),
    Kind(
        key="resource_templates",
        method="resources/templates/list",
        capability="resources",
        identity="uriTemplate",
        required=("uriTemplate", "name"),
        shape="ResourceTemplate",
        invalid="INVALID_RESOURCE_TEMPLATE",
        failed="RESOURCE_TEMPLATES_LIST_FAILED",
        optional=True,
        result_key="resourceTemplates",
    ),
    Kind(
        key="prompts",
        method="prompts/list",
        capability="prompts",
        identity="name",
        required=("name",),
        shape="Prompt",
        invalid="INVALID_PROMPT",
        failed="PROMPTS_LIST_FAILED",
    ),
)

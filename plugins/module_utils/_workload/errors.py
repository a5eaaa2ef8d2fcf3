# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Errors of manifests: what a user wrote cannot become a workload.

ManifestError
└── ManifestFileError           a file cannot be read as manifests
"""

from __future__ import annotations

from .._errors import McpKubernetesError


class ManifestError(McpKubernetesError):
    """The manifest is not an MCPServer that can be deployed."""

    code = "MANIFEST_INVALID"


class ManifestFileError(ManifestError):
    """The file holds no readable YAML or JSON."""

    code = "MANIFEST_UNREADABLE"

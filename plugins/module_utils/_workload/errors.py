# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Errors of manifests, and of what is made of them.

ManifestError                   what a user wrote cannot become a workload
└── ManifestFileError           a file cannot be read as manifests
ValidationJobError              a validation Job found nothing out
"""

from __future__ import annotations

from .._errors import McpKubernetesError


class ManifestError(McpKubernetesError):
    """The manifest is not an MCPServer that can be deployed."""

    code = "MANIFEST_INVALID"


class ManifestFileError(ManifestError):
    """The file holds no readable YAML or JSON."""

    code = "MANIFEST_UNREADABLE"


class ValidationJobError(McpKubernetesError):
    """The Job that is to dial the Pods did not do so, which says nothing about the server in them."""

    code = "VALIDATION_JOB"

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Errors of manifests and of workloads.

ManifestError                   a manifest cannot become a workload
└── ManifestFileError           a file cannot be read as manifests
ValidationJobError              a validation Job has no result
ProbeAccessError                a probe lacks credentials or a CA
OffersUnknown                   what a server offers cannot be read
NoServingPod                    no Pod can serve
ClientConfigError               a client cannot connect to a server
RegistryEntryInvalid            a server.json cannot become a manifest
ForeignManifestInvalid          an object of another project cannot become a manifest
RegistryUnreadable              a registry cannot be read
CatalogQueryInvalid             a request to the catalogue has invalid parameters
"""

from __future__ import annotations

from .._errors import McpKubernetesError


class ManifestError(McpKubernetesError):
    """The manifest is not an MCPServer that can be deployed."""

    code = "MANIFEST_INVALID"


class ManifestFileError(ManifestError):
    """The file cannot be read as YAML or JSON."""

    code = "MANIFEST_UNREADABLE"


class ValidationJobError(McpKubernetesError):
    """The Job did not validate the Pods. This is not a result for the server."""

    code = "VALIDATION_JOB"


class ProbeAccessError(McpKubernetesError):
    """The credentials or the CA of a probe cannot be used. This is not a result for the server."""

    code = "CREDENTIALS_UNAVAILABLE"


class OffersUnknown(McpKubernetesError):
    """What a server offers is not known completely."""

    code = "OFFERS_UNKNOWN"


class NoServingPod(McpKubernetesError):
    """The MCPServer has no Pod that can serve."""

    code = "NO_SERVING_POD"


class ClientConfigError(McpKubernetesError):
    """A client cannot be configured for a server."""

    code = "CLIENT_CONFIG"


class RegistryEntryInvalid(McpKubernetesError):
    """A server.json cannot become a manifest."""

    code = "REGISTRY_ENTRY"


class ForeignManifestInvalid(McpKubernetesError):
    """An object of another project cannot become a manifest."""

    code = "FOREIGN_MANIFEST"


class RegistryUnreadable(McpKubernetesError):
    """A server cannot be read from a file, a URL or a registry."""

    code = "REGISTRY_UNREADABLE"


class CatalogQueryInvalid(McpKubernetesError):
    """A request to the catalogue has invalid parameters."""

    code = "CATALOG_QUERY"

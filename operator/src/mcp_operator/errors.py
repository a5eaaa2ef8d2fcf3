# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Errors of the operator, as part of the collection's error tree.

McpKubernetesError
├── _vendor._kube.errors     requests to the API server
└── OperatorError
    ├── ArgumentsInvalid     command line
    ├── ExtraMissing         missing Python packages of a command
    ├── MetricsUnreadable    metrics of sidecars
    ├── RenderFailed         manifests for the command render
    ├── SettingsInvalid      flags and environment variables
    ├── ValidationAborted    processes of the command validate
    └── WatchesInvalid       watches.yaml
"""

from __future__ import annotations

from ._vendor._errors import McpKubernetesError


class OperatorError(McpKubernetesError):
    """Base class of the operator's errors."""

    code = "OPERATOR_ERROR"


class ArgumentsInvalid(OperatorError):
    """The arguments of a command contradict each other, or name something that does not exist."""

    code = "ARGUMENTS_INVALID"


class ExtraMissing(OperatorError):
    """An extra of the wheel is not installed, which the command needs."""

    code = "EXTRA_MISSING"


class MetricsUnreadable(OperatorError):
    """The metrics of a sidecar cannot be read."""

    code = "METRICS_UNREADABLE"


class RenderFailed(OperatorError):
    """The manifests were not rendered."""

    code = "RENDER_FAILED"


class SettingsInvalid(OperatorError):
    """A flag or an environment variable has an invalid value."""

    code = "SETTINGS_INVALID"


class ValidationAborted(OperatorError):
    """A process that validated servers was ended."""

    code = "VALIDATION_ABORTED"


class WatchesInvalid(OperatorError):
    """``watches.yaml`` cannot be read or is invalid."""

    code = "WATCHES_INVALID"

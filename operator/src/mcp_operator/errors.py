# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Errors of the operator itself: a part of the collection's one error tree.

McpKubernetesError
├── _vendor._kube.errors     talking to the API server
└── OperatorError
    ├── ArgumentsInvalid     a command line that makes no sense
    ├── ExtraMissing         Python packages that a command needs
    ├── SettingsInvalid      flags and environment
    └── WatchesInvalid       watches.yaml
"""

from __future__ import annotations

from ._vendor._errors import McpKubernetesError


class OperatorError(McpKubernetesError):
    """The operator cannot do what it was asked to."""

    code = "OPERATOR_ERROR"


class ArgumentsInvalid(OperatorError):
    """The arguments of a command do not go together, or name what is not there."""

    code = "ARGUMENTS_INVALID"


class ExtraMissing(OperatorError):
    """An extra of the wheel is not installed, which the command needs."""

    code = "EXTRA_MISSING"


class SettingsInvalid(OperatorError):
    """A flag or an environment variable has a value that means nothing."""

    code = "SETTINGS_INVALID"


class WatchesInvalid(OperatorError):
    """``watches.yaml`` cannot be read or says something that cannot be done."""

    code = "WATCHES_INVALID"

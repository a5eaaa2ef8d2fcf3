# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator run``: read the settings and the watches, then run the operator."""

from __future__ import annotations

import argparse
import logging
import typing as t
from pathlib import Path

from ..app import Operator
from ..errors import SettingsInvalid
from ..process.logs import LogFormat, configure
from ..process.shutdown import Shutdown
from ..runs.directory import prepare_root
from ..settings.load import settings_of
from ..settings.operator_settings import OperatorSettings
from ..watches.content_digest import content_version
from ..watches.content_search import SearchPath
from ..watches.parser import Defaults, load

_log = logging.getLogger(__name__)


def run(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Run the operator until it receives a signal to stop, and return the exit code of the process.

    :raises McpKubernetesError: the settings, the watches or the kubeconfig cannot be used.
    """
    settings = settings_of(flags, environment)
    configure(LogFormat(settings.log_format), settings.log_level)
    given = _for_ansible(settings)
    environment = {**environment, **given}
    parsed = load(
        settings.watches_file,
        environment=environment,
        defaults=Defaults(
            reconcile_period=settings.reconcile_period,
            max_concurrent_reconciles=settings.max_concurrent_reconciles,
            ansible_verbosity=settings.ansible_verbosity,
        ),
    )
    for warning in parsed.warnings:
        _log.warning("%s: %s", settings.watches_file, warning)
    try:
        prepare_root(settings.run_directory)
    except (OSError, ValueError) as exc:
        raise SettingsInvalid(f"--run-directory: {exc}") from None
    shutdown = Shutdown()
    shutdown.install()
    operator = Operator(
        settings,
        parsed.watches,
        content_version=content_version(parsed.watches, SearchPath.of(Path.cwd(), environment)),
        environment=given,
        shutdown=shutdown,
    )
    return operator.run()


def _for_ansible(settings: OperatorSettings) -> dict[str, str]:
    """Return the environment variables with which runs find the same content and the same API server."""
    given = {
        "ANSIBLE_ROLES_PATH": settings.ansible_roles_path,
        "ANSIBLE_COLLECTIONS_PATH": settings.ansible_collections_path,
        "K8S_AUTH_KUBECONFIG": settings.kubeconfig,
        "K8S_AUTH_CONTEXT": settings.context,
    }
    return {name: value for name, value in given.items() if value}

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The environment of a run: the operator's own, plus settings that make Ansible fast, quiet and free of leftovers."""

from __future__ import annotations

import os
import sys
import typing as t
from pathlib import Path

from .ansible_content import has_variables_beside
from .processes import RUN_ID_VARIABLE
from .run_request import AnsibleContent, RunRequest

PLUGINS = Path(__file__).parent / "ansible_plugins"

_DEFAULTS = {
    # Facts would describe the operator's Pod. Playbooks that need them set gather_facts.
    "ANSIBLE_GATHERING": "explicit",
    "ANSIBLE_FORKS": "5",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "False",
}
_FIXED = {
    "ANSIBLE_NOCOLOR": "1",
    "ANSIBLE_LOCALHOST_WARNING": "False",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
    "ANSIBLE_INVENTORY_ENABLED": "mcp_objects",
    "ANSIBLE_INVENTORY_PLUGINS": str(PLUGINS / "inventory"),
    # ansible-runner drops larger results; its default is too small for a full batch.
    "MAX_EVENT_RES": str(16 * 1024 * 1024),
}


def environment(request: RunRequest, ident: str, directory: Path) -> dict[str, str]:
    """Return the environment of a run.

    :param directory: the directory of the run.
    """
    return {
        **_common(request.environment, directory / "tmp"),
        **_variables_plugins(request.content),
        **request.environment,
        "MCP_OPERATOR_RUN_DIR": str(directory),
        RUN_ID_VARIABLE: ident,
    }


def preload_environment(given: t.Mapping[str, str], directory: Path, ident: str) -> dict[str, str]:
    """Return the part that all runs have in common, for the preloaded process."""
    return {**_common(given, directory), RUN_ID_VARIABLE: ident}


def _common(given: t.Mapping[str, str], temporary: Path) -> dict[str, str]:
    # Ansible, its modules and their child processes each use one of these for temporary files.
    temporary_directories = dict.fromkeys(
        ("ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP", "TMPDIR"), str(temporary)
    )
    # Prefer the Ansible that is installed with the operator.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return {**_DEFAULTS, **os.environ, "PATH": path, **_FIXED, **temporary_directories, **given}


def _variables_plugins(content: AnsibleContent) -> dict[str, str]:
    return {} if has_variables_beside(content) else {"ANSIBLE_VARS_ENABLED": ""}

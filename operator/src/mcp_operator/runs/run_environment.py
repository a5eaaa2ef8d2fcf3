# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The environment of a run: the operator's own, and what makes Ansible quick, quiet and leave nothing behind."""

from __future__ import annotations

import os
import sys
import typing as t
from pathlib import Path

from .ansible_content import has_variables_beside
from .processes import MARK
from .run_request import Content, RunRequest

PLUGINS = Path(__file__).parent / "ansible_plugins"

_DEFAULTS = {
    # Facts of the machine are those of the operator's Pod; who wants them says gather_facts.
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
    # A result that ansible-runner empties is lost: let it pass what is merely large.
    "MAX_EVENT_RES": str(16 * 1024 * 1024),
}


def environment(request: RunRequest, ident: str, directory: Path) -> dict[str, str]:
    """Return the environment of a run in its directory."""
    return {
        **_common(request.environment, directory / "tmp"),
        **_variables_plugins(request.content),
        **request.environment,
        "MCP_OPERATOR_RUN_DIR": str(directory),
        MARK: ident,
    }


def preload_environment(given: t.Mapping[str, str], directory: Path, ident: str) -> dict[str, str]:
    """Return what all runs have in common, for a process that imports Ansible before there is one."""
    return {**_common(given, directory), MARK: ident}


def _common(given: t.Mapping[str, str], temporary: Path) -> dict[str, str]:
    # Ansible, its modules and what they start find their places for temporary files by one of these.
    places = dict.fromkeys(("ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP", "TMPDIR"), str(temporary))
    # Ansible is installed with the operator; whatever else is called so is not meant.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return {**_DEFAULTS, **os.environ, "PATH": path, **_FIXED, **places, **given}


def _variables_plugins(content: Content) -> dict[str, str]:
    return {} if has_variables_beside(content) else {"ANSIBLE_VARS_ENABLED": ""}

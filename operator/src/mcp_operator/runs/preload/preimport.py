# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Ansible, imported before there is a run; and whether a run may be had from it.

Ansible reads its settings when it is imported. A run whose settings are others than those of the preloaded process
therefore gets the real ``ansible-playbook``; only what differs from run to run is read once more here.

What is imported must open nothing and hold nothing that processes share: the callback plugin of ansible-runner has a
lock of ``multiprocessing``, which a run that is killed would never give back to all others, and is left out.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import pkgutil
import sys
import tempfile
import typing as t
import warnings
from pathlib import Path

# Every run of any playbook has these of the plugins that Ansible loads by name.
_PLUGINS = (
    "cache.memory",
    "callback.default",
    "connection.local",
    "filter.core",
    "filter.encryption",
    "filter.mathstuff",
    "filter.urls",
    "filter.urlsplit",
    "shell.sh",
    "strategy.linear",
    "test.core",
    "test.files",
    "test.mathstuff",
    "test.uri",
)
# Of a collection: what runs in Ansible's own process. Modules are sent to hosts as files.
_ROOMS = ("action", "filter", "lookup", "module_utils", "plugin_utils", "test")
# What decides what is imported, or is read at import.
_DECIDE = ("ANSIBLE_", "PYTHON", "LC_", "LANG", "HOME", "VIRTUAL_ENV")
# What of that is each run's own; it is read once more, or at its time.
_OWN = frozenset({"ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP", "ANSIBLE_VARS_ENABLED"})
# Seconds between two looks at whether a task has ended. Ansible's millisecond keeps a core busy while modules wait for
# the API server; ten of it are not noticed by anybody who waits for a run.
_POLL_INTERVAL = 0.01


class Warm:
    """What is imported.

    :param collections: whose plugins are, by their names.
    """

    def __init__(self, collections: t.Iterable[str]) -> None:
        # Garbage is collected once and never again looked for here: pages that are not written stay shared.
        gc.disable()
        _take_settings_of_runner()
        self._settings = _deciding(os.environ)
        _import_ansible()
        from ansible import constants  # noqa: PLC0415 - after the settings are in place
        from ansible.cli.playbook import main  # noqa: PLC0415

        self._constants = constants
        self.main: t.Callable[[list[str]], None] = main
        for collection in collections:
            _import_collection(collection)
        self._file = _stamp(constants.config._config_file)  # noqa: SLF001 - it has no other name
        self._stamps = _stamps()
        gc.collect()
        gc.freeze()
        gc.enable()

    def stale(self) -> bool:
        """Whether a file that was imported, or a folder of them, is another one now."""
        return any(_stamp(path) != stamp for path, stamp in self._stamps.items())

    def adopt(self, environment: t.Mapping[str, str]) -> bool:
        """Take the environment of a run over in a fork; False where Ansible has to be started for it."""
        from ansible.config.manager import find_ini_config_file  # noqa: PLC0415

        if _deciding(environment) != self._settings:
            return False
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        constants = self._constants
        if (find_ini_config_file() or None) != constants.config._config_file or self._file != _stamp(  # noqa: SLF001
            constants.config._config_file  # noqa: SLF001
        ):
            return False
        # As it does it itself at import. Among them is a directory for temporary files, which is made.
        for name in constants.config.get_configuration_definitions():
            constants.set_constant(name, constants.config.get_config_value(name, variables=vars(constants)))
        constants.set_constant(
            "DEFAULT_INTERNAL_POLL_INTERVAL", max(_POLL_INTERVAL, constants.DEFAULT_INTERNAL_POLL_INTERVAL)
        )
        return True


def _take_settings_of_runner() -> None:
    """Set what ansible-runner sets for each run."""
    from ansible_runner.config.runner import RunnerConfig  # noqa: PLC0415

    config = RunnerConfig(
        private_data_dir=str(Path.cwd()),
        playbook="none",
        inventory="none",
        ident="preload",
        quiet=True,
        fact_cache_type="memory",
        suppress_env_files=True,
    )
    config.prepare()
    os.environ.update({name: value for name, value in config.env.items() if name.startswith(_DECIDE)})
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        if folder and folder not in sys.path:
            sys.path.append(folder)


def _import_ansible() -> None:
    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder has already been configured")
    importlib.import_module("ansible.cli.playbook")
    loader = importlib.import_module("ansible.plugins.loader")
    loader.init_plugin_loader()
    for name in _PLUGINS:
        with contextlib.suppress(ImportError):  # not every release has all of them
            importlib.import_module(f"ansible.plugins.{name}")
    # The directory for temporary files that came with the settings is of no use, and no fork's to remove.
    path = importlib.import_module("ansible.utils.path")
    constants = importlib.import_module("ansible.constants")
    atexit.unregister(path.cleanup_tmp_file)
    path.cleanup_tmp_file(constants.DEFAULT_LOCAL_TMP)


def _import_collection(name: str) -> None:
    for room in _ROOMS:
        package = f"ansible_collections.{name}.plugins.{room}"
        try:
            places = importlib.import_module(package).__path__
        except ImportError:
            continue
        for module in pkgutil.walk_packages(places, f"{package}.", onerror=lambda _name: None):
            # One that cannot be imported says so in the run that needs it.
            with contextlib.suppress(Exception):
                importlib.import_module(module.name)


def _deciding(environment: t.Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_DECIDE) and name not in _OWN}


def _stamps() -> dict[str, tuple[int, ...]]:
    files = {file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}
    stamps = {file: stamp for file in files if (stamp := _stamp(file))}
    return stamps | {folder: _stamp(folder) for folder in {str(Path(file).parent) for file in stamps}}


def _stamp(path: str | None) -> tuple[int, ...]:
    try:
        found = os.stat(path or "")  # noqa: PTH116 - a thousand of them before each run
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino

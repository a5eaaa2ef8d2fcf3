# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Import Ansible before a run needs it, and decide whether a run can use the imported modules.

Ansible reads its settings during import. A run whose settings differ from those of the preloaded process therefore
starts the real ``ansible-playbook``; settings that always differ between runs are read again here.

Imported modules must not open files or share locks between processes. The callback plugin of ansible-runner is
excluded: it creates a lock of ``multiprocessing``, which a killed run would never release.
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

# Plugins that Ansible imports in every run.
_PLUGINS = (
    "filter.core",
    "filter.encryption",
    "filter.mathstuff",
    "filter.urls",
    "filter.urlsplit",
    "test.core",
    "test.files",
    "test.mathstuff",
    "test.uri",
)
# Plugins that Ansible loads by name in every run, with the settings in their documentation.
_CONFIGURED_PLUGINS = (
    ("cache_loader", "memory"),
    ("callback_loader", "default"),
    ("callback_loader", "minimal"),
    ("inventory_loader", "mcp_objects"),
    ("lookup_loader", "env"),
    ("strategy_loader", "linear"),
)
# Loaders of which Ansible loads all plugins in every run, for the settings of tasks.
_COMPLETE_LOADERS = ("connection_loader", "shell_loader", "become_loader")
# Directories of a collection whose plugins run in Ansible's process. Modules are sent to hosts as files.
_PLUGIN_DIRECTORIES = ("action", "filter", "lookup", "module_utils", "plugin_utils", "test")
# Environment variables that are read during import, or decide what is imported.
_IMPORT_VARIABLES = ("ANSIBLE_", "PYTHON", "LC_", "LANG", "HOME", "VIRTUAL_ENV")
# Those of them that differ between runs; they are read again, or later.
_RUN_VARIABLES = frozenset({"ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP", "ANSIBLE_VARS_ENABLED"})
# Types of settings that are resolved relative to the working directory, or create a directory.
_PATH_TYPES = frozenset({"path", "pathlist", "pathspec", "tmp", "tmppath"})
# The module of a collection with a function `preload`, which imports and prepares what most runs need. Of a collection
# without it, or where it cannot be imported, everything is imported.
_HOOK = "plugin_utils._preload"
# Seconds between two polls of the workers. Ansible's default of one millisecond keeps a core busy while modules wait
# for the API server; ten milliseconds do not slow down a run noticeably.
_POLL_INTERVAL = 0.01


class PreimportedAnsible:
    """Ansible, imported in this process.

    :param collections: names of the collections whose plugins to import.
    """

    def __init__(self, collections: t.Iterable[str]) -> None:
        # Collect garbage once, then exclude these objects: memory pages that are never written stay shared.
        gc.disable()
        _set_runner_environment()
        self._settings = _import_settings(os.environ)
        _import_ansible()
        from ansible import constants  # noqa: PLC0415 - after the environment is set
        from ansible.cli.playbook import main  # noqa: PLC0415

        self._constants = constants
        self.main: t.Callable[[list[str]], None] = main
        for collection in collections:
            _import_collection(collection)
        self._settings_of_runs = settings_of_runs(constants.config)
        self._file = _stamp(constants.config._config_file)  # noqa: SLF001 - there is no public attribute
        self._stamps = _stamps()
        gc.collect()
        gc.freeze()
        gc.enable()

    def is_stale(self) -> bool:
        """Return whether an imported file, or the directory of one, has changed."""
        return any(_stamp(path) != stamp for path, stamp in self._stamps.items())

    def adopt(self, environment: t.Mapping[str, str]) -> bool:
        """Use the environment of a run in a fork; return False if the run needs a new Ansible process."""
        from ansible.config.manager import find_ini_config_file  # noqa: PLC0415

        if _import_settings(environment) != self._settings:
            return False
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        constants = self._constants
        if (find_ini_config_file() or None) != constants.config._config_file or self._file != _stamp(  # noqa: SLF001
            constants.config._config_file  # noqa: SLF001
        ):
            return False
        # As Ansible does it during import. One of the settings creates a directory for temporary files.
        for name in self._settings_of_runs:
            constants.set_constant(name, constants.config.get_config_value(name, variables=vars(constants)))
        constants.set_constant(
            "DEFAULT_INTERNAL_POLL_INTERVAL", max(_POLL_INTERVAL, constants.DEFAULT_INTERNAL_POLL_INTERVAL)
        )
        return True


def _set_runner_environment() -> None:
    """Set the environment variables that ansible-runner sets for each run."""
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
    os.environ.update({name: value for name, value in config.env.items() if name.startswith(_IMPORT_VARIABLES)})
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        if folder and folder not in sys.path:
            sys.path.append(folder)


def _import_ansible() -> None:
    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder has already been configured")
    importlib.import_module("ansible.cli.playbook")
    loader = importlib.import_module("ansible.plugins.loader")
    loader.init_plugin_loader()
    for name in _PLUGINS:
        with contextlib.suppress(ImportError):  # some releases lack some of them
            importlib.import_module(f"ansible.plugins.{name}")
    for name in _COMPLETE_LOADERS:
        list(getattr(loader, name).all(class_only=True))
    for name, plugin in _CONFIGURED_PLUGINS:
        getattr(loader, name).get(plugin, class_only=True)
    # Importing the settings created a temporary directory. It is not used, and forks must not remove it.
    path = importlib.import_module("ansible.utils.path")
    constants = importlib.import_module("ansible.constants")
    atexit.unregister(path.cleanup_tmp_file)
    path.cleanup_tmp_file(constants.DEFAULT_LOCAL_TMP)


def _import_collection(name: str) -> None:
    # In all cases, a run that needs a broken plugin reports the error.
    try:
        preload = importlib.import_module(f"ansible_collections.{name}.plugins.{_HOOK}").preload
    except Exception:  # noqa: BLE001 - whatever a broken module raises
        _import_all_plugins(name)
        return
    with contextlib.suppress(Exception):
        preload()


def _import_all_plugins(collection: str) -> None:
    for directory in _PLUGIN_DIRECTORIES:
        package = f"ansible_collections.{collection}.plugins.{directory}"
        try:
            paths = importlib.import_module(package).__path__
        except Exception:  # noqa: BLE001, S112 - absent, or broken
            continue
        for module in pkgutil.walk_packages(paths, f"{package}.", onerror=lambda _name: None):
            with contextlib.suppress(Exception):
                importlib.import_module(module.name)


def settings_of_runs(config: t.Any) -> list[str]:
    """Return the settings of Ansible that may differ between runs whose environments differ in `_RUN_VARIABLES` only.

    The others need not be evaluated again: all of them take as long as everything else before the first task.

    :param config: Ansible's manager of settings.
    """
    definitions: dict[str, t.Any] = config.get_configuration_definitions()
    found: dict[str, None] = {}
    for name, definition in definitions.items():
        own = {entry.get("name") for entry in definition.get("env") or ()}
        if own & _RUN_VARIABLES or any(not str(variable).startswith(_IMPORT_VARIABLES) for variable in own):
            found[name] = None
        elif definition.get("type") in _PATH_TYPES:
            origin = config.get_config_value_and_origin(name)[1]
            if origin != "default" or str(definition.get("type")).startswith("tmp"):
                found[name] = None
    while True:
        # A default may be a template with other settings.
        more = [
            name
            for name, definition in definitions.items()
            if name not in found and any(other in str(definition.get("default")) for other in found)
        ]
        if not more:
            return [name for name in definitions if name in found]  # in the order in which they refer to each other
        found.update(dict.fromkeys(more))


def _import_settings(environment: t.Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(_IMPORT_VARIABLES) and name not in _RUN_VARIABLES
    }


def _stamps() -> dict[str, tuple[int, ...]]:
    files = {file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}
    stamps = {file: stamp for file in files if (stamp := _stamp(file))}
    return stamps | {folder: _stamp(folder) for folder in {str(Path(file).parent) for file in stamps}}


def _stamp(path: str | None) -> tuple[int, ...]:
    try:
        found = os.stat(path or "")  # noqa: PTH116 - called a thousand times before each run
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino

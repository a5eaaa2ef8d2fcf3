# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import contextlib
import sys
import types

import pytest
from ansible import constants
from ansible.errors import AnsibleError
from mcp_operator.runs.preload import preimport
from mcp_operator.runs.preload.preimport import settings_of_runs

CONFIG = constants.config


def evaluate():
    found = {}
    for name in CONFIG.get_configuration_definitions():
        with contextlib.suppress(AnsibleError):
            found[name] = CONFIG.get_config_value(name, variables=vars(constants))
    return found


def test_settings_that_differ_between_runs_are_evaluated_again_and_few_others(monkeypatch, tmp_path):
    """A fork that evaluates all of them spends as long on it as on the playbook."""
    found = settings_of_runs(CONFIG)
    before = evaluate()
    for name in ("ANSIBLE_HOME", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TEMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("ANSIBLE_VARS_ENABLED", "")
    # The templates of the defaults contain the settings that are evaluated before.
    monkeypatch.setattr(constants, "ANSIBLE_HOME", str(tmp_path))
    after = evaluate()
    different = {name for name, value in after.items() if value != before[name]}
    assert {"ANSIBLE_HOME", "DEFAULT_LOCAL_TMP", "VARIABLE_PLUGINS_ENABLED", "DEFAULT_ROLES_PATH"} <= different
    assert different <= set(found)
    assert len(found) < len(before) / 4


def test_a_setting_follows_those_that_its_default_refers_to():
    found = settings_of_runs(CONFIG)
    assert found.index("ANSIBLE_HOME") < found.index("DEFAULT_ROLES_PATH")


@pytest.fixture
def hook(monkeypatch, tmp_path):
    """Write the module of a collection that is imported before others, and import the collection."""
    package = types.ModuleType("ansible_collections.hooked.toy.plugins")
    package.__path__ = [str(tmp_path)]
    for name in ("hooked", "hooked.toy"):
        monkeypatch.setitem(sys.modules, f"ansible_collections.{name}", types.ModuleType(name))
    monkeypatch.setitem(sys.modules, package.__name__, package)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for folder in ("plugin_utils", "filter"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "filter" / "any.py").touch()
    (tmp_path / "action").mkdir()
    (tmp_path / "action" / "__init__.py").write_text("def")

    def imported(text):
        (tmp_path / "plugin_utils" / "_preload.py").write_text(text)
        preimport._import_collection("hooked.toy")
        return f"{package.__name__}.filter.any" in sys.modules

    yield imported
    for name in [name for name in sys.modules if name.startswith(f"{package.__name__}.")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "text", ["", "def", "import absent.of.course", "raise TypeError"], ids=["empty", "syntax", "import", "error"]
)
def test_everything_of_a_collection_is_imported_if_its_own_preparation_cannot_be(hook, text):
    assert hook(text)


@pytest.mark.parametrize("body", ["pass", "raise TypeError"])
def test_a_collection_that_prepares_itself_is_not_imported_further(hook, body):
    assert not hook(f"def preload():\n    {body}")

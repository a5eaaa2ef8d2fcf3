# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import contextlib

from ansible import constants
from ansible.errors import AnsibleError
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

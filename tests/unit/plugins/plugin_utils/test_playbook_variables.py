# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Unknown variables of playbooks are rejected with the nearest name."""

from __future__ import annotations

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._playbook_variables import (
    MissingVariable,
    UnknownVariable,
    VariableInvalid,
    VariableTwice,
    check,
    check_number,
    numbers,
    replaced,
)


@pytest.mark.parametrize(
    ("playbook", "given", "near"),
    [
        ("deploy", "mcp_manifest", "mcp_manifests"),
        ("deploy", "mcp_namespaces", "mcp_namespace"),
        ("undeploy", "mcp_name", "mcp_names"),
        ("install", "mcp_operator_replica", "mcp_operator_replicas"),
        # The nearest is an earlier name, and its current name is suggested.
        ("install", "mcp_watch_namespace", "mcp_operator_watch_namespaces"),
    ],
)
def test_the_nearest_name_is_suggested(playbook, given, near):
    with pytest.raises(UnknownVariable) as caught:
        check(playbook, [given])
    assert str(caught.value) == (
        f"The playbook {playbook} has no variable {given}. Did you mean {near}? [UNKNOWN_VARIABLE]"
    )


def test_without_a_near_name_all_are_listed():
    with pytest.raises(UnknownVariable, match=r"It has mcp_namespace, mcp_fail_on_unhealthy,"):
        check("status", ["mcp_zzzzz\x1b"])


def test_names_of_the_playbook_earlier_names_and_other_prefixes_are_accepted():
    assert check("status", ["mcp_namespace", "mcp_fail_unhealthy", "mcpserver_network", "team"]) == []
    assert check("rollout", ["mcp_overlays", "mcp_overlays_eu"]) == []


def test_a_variable_of_another_playbook_is_a_warning():
    assert check("deploy", ["mcp_names"]) == [
        "mcp_names has no effect in the playbook deploy. It is a variable of pin, undeploy, validate."
    ]


@pytest.mark.parametrize(
    ("playbook", "given", "inventory"),
    [
        ("deploy", ["mcp_apply", "mcp_mode"], []),
        # An extra variable counts more than the inventory, and an earlier name less than the current one.
        ("deploy", ["mcp_apply"], ["mcp_mode"]),
        ("deploy", [], ["mcp_apply", "mcp_mode"]),
        ("pin", ["mcp_servers"], ["mcp_names"]),
    ],
)
def test_a_variable_by_two_names_is_an_error(playbook, given, inventory):
    with pytest.raises(
        VariableTwice, match=r"The playbook \w+ has mcp_\w+ and mcp_\w+, which is an earlier name of it"
    ):
        check(playbook, given, [*given, *inventory])


def test_the_variables_that_are_given_by_an_earlier_name():
    """Those of all hosts are searched for their current names."""
    given = ["mcp_rollback", "mcp_apply", "mcp_soak"]
    assert replaced("rollout", given) == ["mcp_rollback_on_failure", "mcp_mode"]
    assert replaced("deploy", given) == ["mcp_mode"]
    assert replaced("rollout", ["mcp_mode", "mcp_soak"]) == []


def test_a_required_variable_is_set_anywhere():
    assert check("import", ["mcp_source"]) == check("import", [], ["mcp_source"]) == []
    with pytest.raises(MissingVariable, match=r"The playbook import needs mcp_source. Set it: A file, a URL, or with"):
        check("import", ["mcp_registry"])


def test_an_extra_variable_can_be_for_another_playbook_of_the_run():
    given = ["mcp_lock_file", "mcp_names", "mcp_servers"]
    [warning] = check("pin", given, given)
    assert warning.startswith("mcp_servers has no effect in the playbook pin. It is a variable of deploy, ")
    assert check("pin", ["mcp_lock_file", "mcp_servers"]) == []


def test_an_inventory_can_have_variables_for_other_playbooks():
    assert check("pin", ["mcp_lock_file"], ["mcp_names", "mcp_servers"]) == []
    assert check("pin", ["mcp_names"], ["mcp_names", "mcp_servers", "mcp_lock_file"]) == []
    assert check("deploy", ["mcp_mode"], ["mcp_mode", "mcp_apply"]) == []


@pytest.mark.parametrize("value", [0, 60, 0.5, "60", "1e3"])
def test_numbers_that_are_usable(value):
    check_number("mcp_soak", value)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", -1, "-0.1", "soon", "", None, [], {"a": 1}, True, "5m"])
def test_a_number_that_no_task_could_use_is_refused_before_the_first_one(value):
    with pytest.raises(VariableInvalid, match=r"^mcp_soak is .*\. Set a number that is not negative\."):
        check_number("mcp_soak", value)


def test_the_numbers_of_a_playbook():
    assert numbers("rollout") == ["mcp_soak", "mcp_max_fail_percentage", "mcp_wait_timeout", "mcp_validate_timeout"]


def test_the_data_has_the_form_of_argument_specs(root):
    for path in (root / "playbooks" / "meta").glob("*.yml"):
        ((name, spec),) = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].items()
        assert name == path.stem
        given = {option: field["default"] for option, field in spec["options"].items() if "default" in field}
        required = {option: "x" for option, field in spec["options"].items() if field.get("required")}
        assert not ArgumentSpecValidator(spec["options"]).validate({**given, **required}).error_messages, name

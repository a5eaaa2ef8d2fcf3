# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the answer 401 means by what the manifest says, and that an upgrade validates no server again."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import gate, names, probe_auth
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec

NOTE = {"code": "AUTH_ON_INITIALIZE", "level": "info", "message": "", "spec": "", "action": ""}
UNKNOWN = {"compliant": None, "requires_auth": True, "issues": [NOTE]}
BEARER = {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": "token", "key": "token"}}}


def server(**validation):
    return {"metadata": {"name": "wiki", "namespace": "team"}, "spec": {"image": "w:1", "validation": validation}}


@pytest.mark.parametrize(
    ("auth", "strict", "code"),
    [
        ("", False, None),
        ("", True, "AUTH_NOT_DECLARED"),
        ("none", True, None),
        ("none", False, None),
        ("bearerToken", True, "CREDENTIALS_REJECTED"),
        ("bearerToken", False, "CREDENTIALS_REJECTED"),
    ],
)
def test_what_401_means(auth, strict, code):
    found = probe_auth.judge(UNKNOWN, auth, strict=strict)
    assert found["compliant"] is (None if code is None else False)
    assert [issue["code"] for issue in found["issues"]] == [code] * (code is not None) + ["AUTH_ON_INITIALIZE"]


def test_the_message_says_what_to_write_in_the_manifest():
    issue = probe_auth.judge(UNKNOWN, "", strict=True)["issues"][0]
    assert "spec.validation.auth.type: none" in issue["action"]


@pytest.mark.parametrize("compliant", [True, False])
def test_other_results_stay_as_they_are(compliant):
    report = {"compliant": compliant, "requires_auth": not compliant, "issues": []}
    assert probe_auth.judge(report, "bearerToken", strict=True) == report


def test_a_result_of_an_earlier_version_remains_valid():
    """The digest is the one that earlier versions computed, so an upgrade validates no server again."""
    assert probe_spec(server(strictMode=True, requiredCapabilities=["Tools"])).digest == "8415d91a07"
    assert probe_spec(server()).digest == "fa8a01dd36"


def test_a_result_is_not_valid_for_another_way_to_authenticate():
    specs = [probe_spec(server(**({"auth": auth} if auth else {}))) for auth in (None, {"type": "none"}, BEARER)]
    assert len({spec.digest for spec in specs}) == 3


def test_how_to_authenticate_is_no_property_of_a_template():
    question = gate.fields(server(strictMode=True))["annotations"]
    assert gate.fields(server(strictMode=True, auth=BEARER))["annotations"] == question
    pod = {"metadata": {"annotations": {names.QUESTION_ANNOTATION: question[names.QUESTION_ANNOTATION]}}}
    found = gate.probe_spec_of(pod, server(strictMode=True, auth=BEARER))
    assert found is not None
    assert (found.auth, found.strict) == ("bearerToken", True)

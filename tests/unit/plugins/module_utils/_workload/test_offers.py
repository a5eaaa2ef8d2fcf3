# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the status says about the offers of a server, and when a report fails because of them."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import offers
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.offers import Pin

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
OFFERED = {"digest": A, "kinds": {"tools": B}, "problem": None}
GOOD = {"compliant": True, "requires_auth": False, "issues": [], "offers": OFFERED}
OTHER = {**GOOD, "offers": {**OFFERED, "digest": B}}
UNKNOWN = {**GOOD, "offers": {"digest": None, "kinds": {}, "problem": "tools/list did not return everything"}}
AUTH = {**GOOD, "compliant": None, "requires_auth": True, "offers": None}


def server(tools=None, *, generation=1, **before):
    validation = {} if tools is None else {"tools": tools}
    status = {"observedGeneration": 1, "validation": {"offers": before}} if before else {}
    return {"metadata": {"generation": generation}, "spec": {"validation": validation}, "status": status}


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (None, None),
        ({"pin": "observe"}, Pin("observe")),
        ({"pin": "enforce", "digest": A}, Pin("enforce", A)),
    ],
)
def test_the_manifest_says_what_is_approved(tools, expected):
    assert offers.pin_of(server(tools)) == expected


@pytest.mark.parametrize("pin", [None, Pin("observe", B), Pin("enforce", A), Pin("approve", A)])
def test_what_matches_or_is_only_observed_passes(pin):
    assert offers.judge(GOOD, pin) is GOOD


@pytest.mark.parametrize("mode", ["enforce", "approve"])
@pytest.mark.parametrize(
    ("report", "approved", "problem", "message"),
    [
        (GOOD, B, "", f"The server offers {A}, but {B} is approved."),
        (GOOD, "", "", f"Nothing is approved yet; the server offers {A}."),
        (GOOD, "", "no ConfigMap", "What is approved is not known: no ConfigMap"),
        (UNKNOWN, A, "", "What the server offers has no digest: tools/list did not return everything."),
        (AUTH, A, "", "What the server offers has no digest: it requires credentials."),
        ({**GOOD, "offers": None}, A, "", "What the server offers has no digest: it was not listed."),
    ],
)
def test_what_does_not_match_fails(mode, report, approved, problem, message):
    found = offers.judge(report, Pin(mode, approved, problem))
    assert found["compliant"] is False
    assert [(issue["code"], issue["level"], issue["message"]) for issue in found["issues"]] == [
        ("OFFER_CHANGED", "error", message)
    ]


def test_another_failure_remains_what_it_is():
    bad = {**OTHER, "compliant": False, "issues": ["another"]}
    assert offers.judge(bad, Pin("enforce", A)) is bad


def test_without_a_pin_the_status_has_digests_only():
    assert offers.offers_status(server(), [GOOD], None) == {"digest": A, "kinds": {"tools": B}}
    assert list(offers.conditions({"digest": A}, ())) == []


def condition(found, before=()):
    return [entry[:3] for entry in offers.conditions(found, before)]


@pytest.mark.parametrize("mode", ["observe", "enforce", "approve"])
def test_a_change_is_named_and_shown(mode):
    pin = Pin(mode, A)
    found = offers.offers_status(server(), [GOOD, OTHER], pin)
    assert (found["digest"], found["approved"], found["changed"], found["replicasDiffer"]) == (B, A, True, True)
    assert found.get("pendingApproval") == (B if mode == "approve" else None)
    assert condition(found) == [
        ("OffersChanged", True, "OfferChanged"),
        ("ReplicasDiffer", True, "ReplicasDiffer"),
    ]


def test_what_is_approved_is_no_change():
    found = offers.offers_status(server(), [GOOD, GOOD], Pin("enforce", A))
    assert found["changed"] is False
    assert condition(found, {"ReplicasDiffer"}) == [
        ("OffersChanged", False, "AsApproved"),
        ("ReplicasDiffer", False, "AsExpected"),
    ]


def test_before_the_first_approval_the_digest_is_shown():
    found = offers.offers_status(server(), [GOOD], Pin("approve"))
    assert (found["pendingApproval"], "approved" in found) == (A, False)
    assert condition(found) == [("OffersChanged", True, "ApprovalRequired")]


def test_an_unknown_approval_is_shown():
    found = offers.offers_status(server(), [GOOD], Pin("observe", "", "the ConfigMap is missing."))
    assert condition(found) == [("OffersChanged", True, "ApprovalUnknown")]


def test_observing_begins_with_what_is_seen_first():
    found = offers.offers_status(server(), [GOOD], Pin("observe"))
    assert (found["baseline"], found["changed"]) == (A, False)
    assert condition(found) == [("OffersChanged", False, "AsBefore")]


def test_observing_goes_on_to_report_a_change_until_the_manifest_changes():
    pin = Pin("observe")
    changed = offers.offers_status(server(digest=A, baseline=A), [OTHER], pin)
    assert (changed["baseline"], changed["changed"]) == (A, True)
    assert condition(changed) == [("OffersChanged", True, "OfferChanged")]
    assert offers.offers_status(server(**changed), [OTHER], pin) == changed
    assert not offers.offers_status(server(**changed, generation=2), [OTHER], pin)["changed"]


def test_a_new_version_that_offers_something_else_is_a_change():
    found = offers.offers_status(server(digest=A, baseline=A, generation=2), [OTHER], Pin("observe"))
    assert (found["baseline"], found["changed"]) == (A, True)


def test_of_a_server_that_does_not_answer_the_status_keeps_what_was_seen():
    silent = {**GOOD, "compliant": False, "offers": None}
    before = {"digest": B, "approved": A, "changed": True}
    assert offers.offers_status(server(**before), [silent], Pin("enforce", A)) == before
    assert offers.offers_status(server(**before), [silent], None) == {"digest": B}


def named(*names, truncated=False):
    return {"count": len(names), "names": list(names), "truncated": truncated}


def changes(before, report, approved=A, **status):
    found = server(digest=A, kinds=before)
    found["status"]["validation"].update(status)
    kept = offers.offers_status(found, [report], Pin("observe", approved))
    return kept.get("changes"), kept


LISTED = {"toolNames": ["a", "b"], "toolCount": 2}
ADDED = [f"tool {number} added" for number in range(18)]


@pytest.mark.parametrize(
    ("names", "status", "expected"),
    [
        (named("b", "c\x1b"), LISTED, ["tool a removed", "tool c added"]),
        (named("a", "b"), LISTED, ["tools"]),
        (named("a", "c", truncated=True), LISTED, ["tools"]),
        (named("a", "c"), {"toolNames": ["a"], "toolCount": 2}, ["tools"]),
        (None, {}, ["tools"]),
        (
            named(*map(str, range(40))),
            LISTED,
            ["tool a removed", "tool b removed", *(f"tool {n} added" for n in range(18))],
        ),
    ],
)
def test_what_changed_is_named_as_far_as_it_is_known(names, status, expected):
    report = {**OTHER, "tools": names, "offers": {**OTHER["offers"], "kinds": {"tools": A}}}
    found, kept = changes({"tools": B}, report, **status)
    assert found == expected
    assert f"Changed: {'; '.join(expected)}." in next(offers.conditions(kept, ()))[3]


def test_if_no_list_changed_the_instructions_did():
    assert changes({"tools": B}, OTHER)[0] == ["instructions"]


def test_nothing_is_named_if_what_was_approved_was_never_seen():
    assert changes({"tools": B}, {**OTHER, "offers": {**OTHER["offers"], "digest": C}}, approved=B)[0] is None


def test_the_names_remain_as_long_as_the_change_does():
    before = {"digest": B, "approved": A, "changed": True, "changes": ["tool a removed"]}
    assert offers.offers_status(server(**before), [OTHER], Pin("enforce", A))["changes"] == ["tool a removed"]


def test_what_is_known_of_both_offers_is_named_exactly():
    pin = Pin("enforce", A, compare=lambda old, new: [f"{old[-1]} {new[-1]}\x1b", *map(str, range(40))])
    found = offers.offers_status(server(digest=C, kinds={"tools": C}), [OTHER], pin)
    assert found["changes"] == ["a b", *map(str, range(19))]
    unknown = pin._replace(compare=lambda _old, _new: [])
    assert "changes" not in offers.offers_status(server(digest=C, kinds={"tools": C}), [OTHER], unknown)


def test_with_another_approval_the_names_are_found_anew():
    before = {"digest": B, "approved": C, "changed": True, "changes": ["tool a removed"]}
    pin = Pin("enforce", A, compare=lambda _old, _new: ["tool b removed"])
    assert offers.offers_status(server(**before), [OTHER], pin)["changes"] == ["tool b removed"]

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Compare what the Pods of a server offer with what was approved: ``spec.validation.tools`` (pure).

Only digests decide. A server whose offers are not known does not match anything.
"""

from __future__ import annotations

import typing as t

from .._util import clean
from .fields import mapping

OBSERVE, APPROVE, ENFORCE = "observe", "approve", "enforce"
OFFER_CHANGED, REPLICAS_DIFFER = "OFFER_CHANGED", "REPLICAS_DIFFER"
_MAX_CHANGES = 20  # in the status
_MAX_NAME = 63  # characters of a name in the status
_MAX_CHANGE = 120  # characters of a name, its kind, and the field that changed

Object = t.Mapping[str, t.Any]


class Pin(t.NamedTuple):
    """What a server may offer.

    :param mode: ``observe``, ``approve`` or ``enforce``.
    :param approved: the approved digest; empty if none is approved.
    :param problem: why the approved digest is not known; empty if it is.
    :param compare: returns what differs between the offers of two digests, in words; empty if it is not known.
    """

    mode: str
    approved: str = ""
    problem: str = ""
    compare: t.Callable[[str, str], t.Sequence[str]] | None = None

    @property
    def required(self) -> bool:
        """Whether a Pod must offer what is approved."""
        return self.mode in (APPROVE, ENFORCE)


def pin_of(server: Object, locked: Pin | None = None) -> Pin | None:
    """Return what the manifest says about the offers of a server; None if it says nothing.

    :param locked: what a lock file says is approved.
    """
    wanted = mapping(mapping(server["spec"], "validation"), "tools")
    mode = str(wanted.get("pin") or "")
    if not mode:
        return None
    return Pin(mode, str(wanted.get("digest") or "")) if locked is None else locked._replace(mode=mode)


def digest_of(report: Object) -> str:
    """Return the digest of what a Pod offers; empty if it is not known."""
    return str((report.get("offers") or {}).get("digest") or "")


def judge(report: dict[str, t.Any], pin: Pin | None) -> dict[str, t.Any]:
    """Return the report of a Pod, failed if the Pod must offer what is approved and does not.

    A report that failed already remains as it is.
    """
    if pin is None or not pin.required or report["compliant"] is False or _matches(report, pin):
        return report
    issue = {
        "code": OFFER_CHANGED,
        "level": "error",
        "message": _mismatch(report, pin),
        "spec": "None: spec.validation.tools requires it.",
        "action": "Review what the server offers with mcp-operator list or pin, then approve its digest; or deploy "
        "the version that was approved.",
    }
    return {**report, "compliant": False, "issues": [issue, *report["issues"]]}


def is_offer_changed(report: Object) -> bool:
    """Tell whether a report failed because the Pod does not offer what is approved."""
    return any(issue["code"] == OFFER_CHANGED for issue in report["issues"])


def _matches(report: Object, pin: Pin) -> bool:
    return bool(pin.approved) and digest_of(report) == pin.approved


def _mismatch(report: Object, pin: Pin) -> str:
    if pin.problem:
        return f"What is approved is not known: {pin.problem}"
    digest = digest_of(report)
    if not digest:
        problem = (report.get("offers") or {}).get("problem")
        if report.get("requires_auth"):
            problem = "it requires credentials"
        return f"What the server offers has no digest: {problem or 'it was not listed'}."
    if not pin.approved:
        return f"Nothing is approved yet; the server offers {digest}."
    return f"The server offers {digest}, but {pin.approved} is approved."


def offers_status(server: Object, reports: t.Sequence[Object], pin: Pin | None) -> dict[str, t.Any]:
    """Return ``status.validation.offers``.

    :param reports: of the Pods of the newest template.
    """
    status = mapping(mapping(server, "status"), "validation")
    before = mapping(status, "offers")
    known = [report for report in reports if digest_of(report)]
    if not known:
        # Of a server that does not answer, nothing new is known.
        kept = {name: value for name, value in before.items() if pin is not None or name not in _OF_THE_PIN}
        return {**kept, **({"problem": pin.problem} if pin is not None and pin.problem else {})}
    approved = "" if pin is None else pin.approved or _baseline(server, before, pin)
    shown = next((report for report in known if pin is not None and digest_of(report) != approved), known[0])
    digest = digest_of(shown)
    found: dict[str, t.Any] = {"digest": digest, **_kinds(shown)}
    if len(set(map(digest_of, known))) > 1:
        found["replicasDiffer"] = True
    if pin is None:
        return found
    if pin.problem:
        return {**found, "changed": True, "problem": pin.problem}
    approved = approved or ("" if pin.required else digest)
    found["changed"] = digest != approved
    if approved:
        found["approved" if pin.approved else "baseline"] = approved
    changes = _changes(status, shown, approved, pin) if found["changed"] else []
    if changes:
        found["changes"] = changes
    if found["changed"] and pin.mode == APPROVE:
        found["pendingApproval"] = digest
    return found


# Fields of status.validation.offers that exist only with a pin.
_OF_THE_PIN = frozenset({"approved", "baseline", "changed", "changes", "pendingApproval", "problem"})


def _kinds(report: Object) -> dict[str, t.Any]:
    kinds = (report.get("offers") or {}).get("kinds") or {}
    return {"kinds": {str(kind): str(digest) for kind, digest in kinds.items()}} if kinds else {}


def _changes(status: Object, report: Object, approved: str, pin: Pin) -> list[str]:
    """Return the names of what changed, as far as they are known: the status has no texts."""
    before = mapping(status, "offers")
    same = before.get("digest") == digest_of(report)
    if same and before.get("changes") and approved in (before.get("approved"), before.get("baseline")):
        return list(before["changes"])
    known = pin.compare(approved, digest_of(report)) if pin.compare is not None and approved else ()
    if known:
        return [clean(change, _MAX_CHANGE) for change in known[:_MAX_CHANGES]]
    if before.get("digest") != approved or not before.get("kinds"):
        return []
    old, new = before["kinds"], (report.get("offers") or {}).get("kinds") or {}
    changed = [kind for kind in (*old, *(kind for kind in new if kind not in old)) if old.get(kind) != new.get(kind)]
    found: list[str] = []
    for kind in changed:
        named = _named(kind, status, report)
        found += named or [kind]
    return (found or ["instructions"])[:_MAX_CHANGES]


def _named(kind: str, status: Object, report: Object) -> list[str]:
    """Return which items of a kind were added and removed; empty if only texts changed, or not all names are known."""
    singular, listing = kind[:-1], report.get(kind) or {}
    old, count = status.get(f"{singular}Names") or [], status.get(f"{singular}Count")
    new = [clean(name, _MAX_NAME) for name in listing.get("names") or ()]
    if len(old) != count or listing.get("truncated") or len(new) != listing.get("count"):
        return []
    return [
        *(f"{singular} {name} removed" for name in old if name not in new),
        *(f"{singular} {name} added" for name in new if name not in old),
    ]


def _baseline(server: Object, before: Object, pin: Pin) -> str:
    """Return what ``observe`` compares with if no digest is approved: what was seen before this generation."""
    if pin.mode != OBSERVE:
        return ""
    observed = mapping(server, "status").get("observedGeneration")
    same = observed is not None and observed == server["metadata"].get("generation")
    return str((before.get("baseline") if same else None) or before.get("digest") or "")


def conditions(offers: Object, before: t.Container[str]) -> t.Iterator[tuple[str, bool, str, str]]:
    """Yield type, status, reason and message of the conditions about ``status.validation.offers``.

    :param before: the types of the conditions that the status has.
    """
    if "changed" in offers:
        yield ("OffersChanged", bool(offers["changed"]), *_change(offers))
    if offers.get("replicasDiffer"):
        yield (
            "ReplicasDiffer",
            True,
            "ReplicasDiffer",
            "Pods of the same template offer different tools, prompts, resources or instructions.",
        )
    elif "ReplicasDiffer" in before:
        yield "ReplicasDiffer", False, "AsExpected", "All Pods of the template offer the same."


def _change(offers: Object) -> tuple[str, str]:
    if offers.get("problem"):
        return "ApprovalUnknown", f"What is approved is not known: {offers['problem']}"
    digest = offers.get("digest")
    if not offers["changed"]:
        return "AsApproved" if offers.get("approved") else "AsBefore", f"The server offers {digest}."
    if not (offers.get("approved") or offers.get("baseline")):
        return "ApprovalRequired", f"Nothing is approved yet; the server offers {digest}."
    earlier = f"{offers['approved']} is approved" if offers.get("approved") else f"it offered {offers['baseline']}"
    named = f" Changed: {'; '.join(offers['changes'])}." if offers.get("changes") else ""
    return "OfferChanged", f"The server offers {digest}, but {earlier}.{named}"


def replicas_differ() -> dict[str, str]:
    """Return the issue about Pods of one template that offer different things."""
    return {
        "code": REPLICAS_DIFFER,
        "level": "warning",
        "message": "Pods of the same template offer different tools, prompts, resources or instructions.",
    }


def offer_changed(offers: Object) -> dict[str, str]:
    """Return the issue about a change that is only observed."""
    return {"code": OFFER_CHANGED, "level": "warning", "message": _change(offers)[1]}

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What kpt, Flux, and Argo CD with the documented script say of MCPServers in every phase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Error, Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.offers import Pin
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import Cause
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.status import status

from support import gitops

ROOT = Path(__file__).parents[2]
NOW = "2026-11-22T10:00:00Z"
READY = Rollout(desired=2, replicas=2, updated=2, ready=2, available=2, observed=True)
STARTING = Rollout(desired=2, replicas=2, updated=2, ready=0, available=0, observed=True)
SURGING = Rollout(desired=2, replicas=3, updated=1, ready=2, available=2, observed=True)
ZERO = Rollout(desired=0, replicas=0, updated=0, ready=0, available=0, observed=True)
REPORT: dict[str, Any] = {
    "compliant": True,
    "requires_auth": False,
    "transport": "streamable-http",
    "path": "/mcp",
    "protocol_version": "2025-11-25",
    "supported_versions": ["2025-11-25"],
    "capabilities": ["tools"],
    "server_info": {"name": "wiki", "version": "1"},
    "issues": [],
}
BAD = {**REPORT, "compliant": False, "issues": [{"code": "NOT_MCP", "level": "error", "message": "HTML"}]}
LOCKED = {**REPORT, "compliant": None, "requires_auth": True}
CRASH = Cause("CrashLoopBackOff", "it ends with exit code 1")


def mcpserver(**validating: Any) -> dict[str, Any]:
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "generation": 3},
        "spec": {"image": "wiki:1", "validation": validating},
    }


def observed(server: dict[str, Any], rollout: Rollout, report: dict[str, Any] | None, **seen: Any) -> dict[str, Any]:
    """Return an MCPServer with the status that the operator writes."""
    verdict = validation.verdict(server, [report], NOW) if report else validation.pending(server)
    failure = validation.failure([report]) if report is BAD else ""
    return {**server, "status": status(server, Observation(rollout, verdict, failure=failure, **seen), NOW)}


def new(root: Path) -> dict[str, Any]:
    """Return an MCPServer as the API server stores it before the operator has observed it."""
    crd = yaml.safe_load((root / "crds/mcpservers.mcp.mcp-operator.io.yaml").read_text(encoding="utf-8"))
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    return {**mcpserver(), "status": schema["properties"]["status"]["default"]}


def changed(server: dict[str, Any]) -> dict[str, Any]:
    """Return an MCPServer whose spec has changed since the status was written."""
    return {**server, "metadata": {**server["metadata"], "generation": 4}}


STRICT = mcpserver(strictMode=True)
CASES = {
    "new": (new(ROOT), "InProgress", "Progressing"),
    "changed": (changed(observed(mcpserver(), READY, REPORT)), "InProgress", "Progressing"),
    "starting": (observed(mcpserver(), STARTING, None), "InProgress", "Progressing"),
    "updating": (observed(mcpserver(), SURGING, REPORT), "InProgress", "Progressing"),
    "ready": (observed(mcpserver(), READY, None), "Current", "Progressing"),
    "ready in strict mode": (observed(STRICT, READY, None), "InProgress", "Progressing"),
    "validated": (observed(mcpserver(), READY, REPORT), "Current", "Healthy"),
    "validated in strict mode": (observed(STRICT, READY, REPORT), "Current", "Healthy"),
    "requires credentials": (observed(mcpserver(), READY, LOCKED), "Current", "Healthy"),
    "validation is disabled": (observed(mcpserver(enabled=False), READY, None), "Current", "Healthy"),
    "failed validation": (observed(mcpserver(), READY, BAD), "Current", "Degraded"),
    "refused": (observed(STRICT, READY, BAD), "Failed", "Degraded"),
    "rolled back": (observed(STRICT, READY, BAD, rolled_back="The last one serves."), "Failed", "Degraded"),
    "crashes": (observed(mcpserver(), STARTING, None, cause=CRASH), "InProgress", "Progressing"),
    "crashes for long": (observed(mcpserver(), STARTING, None, cause=CRASH, gave_up=True), "Failed", "Degraded"),
    "an update crashes": (observed(mcpserver(), SURGING, None, cause=CRASH, gave_up=True), "Failed", "Degraded"),
    "invalid": (observed(mcpserver(), STARTING, None, error=Error("ManifestInvalid", "why")), "Failed", "Degraded"),
    "API server away": (
        observed(mcpserver(), READY, REPORT, error=Error("ApiUnreachable", "why")),
        "InProgress",
        "Progressing",
    ),
    "scaled to zero": (observed(mcpserver(), ZERO, None), "Current", "Suspended"),
    "deleted": (observed(mcpserver(), READY, REPORT, leaving=True), "InProgress", "Progressing"),
}


def test_the_health_in_every_phase():
    said = dict(zip(CASES, gitops.health([item for item, *_expected in CASES.values()]), strict=True))
    for name, row in said.items():
        print(f"{name:26} {' '.join(row)}")
    assert said == {name: (kstatus, kstatus, argo) for name, (_item, kstatus, argo) in CASES.items()}


def action(name: str) -> str:
    definitions = yaml.safe_load(gitops.customization("actions"))["definitions"]
    return next(str(one["action.lua"]) for one in definitions if one["name"] == name)


def test_argo_cd_can_request_a_validation():
    actions = yaml.safe_load(gitops.customization("actions"))
    server = observed(mcpserver(enabled=True), READY, REPORT)
    [found] = gitops.run("action", actions["discovery.lua"], [server])
    assert found["revalidate"] == {"disabled": False}
    [found] = gitops.run("action", action("revalidate"), [server])
    requested = found["metadata"].pop("annotations")
    assert list(requested) == ["mcp.mcp-operator.io/revalidate"]
    assert found["spec"] == server["spec"]


REVIEWED, CHANGED = (f"sha256:{letter * 64}" for letter in "ab")


def waiting(offered: str, **tools: Any) -> dict[str, Any]:
    """Return an MCPServer whose offers wait for approval, as the operator shows it."""
    server = mcpserver(tools={"pin": "approve", **tools})
    report = {**REPORT, "offers": {"digest": offered, "kinds": {}, "problem": None}}
    pin = Pin(server["spec"]["validation"]["tools"]["pin"], tools.get("digest", ""))
    found = validation.verdict(server, [report], NOW, pin=pin)
    return {**server, "status": status(server, Observation(READY, found), NOW)}


def approval_is_offered(server: dict[str, Any]) -> bool:
    script = yaml.safe_load(gitops.customization("actions"))["discovery.lua"]
    [found] = gitops.run("action", script, [server])
    assert found["approve"]["params"] == [{"name": "digest"}]
    return not found["approve"]["disabled"]


@pytest.mark.parametrize("tools", [{}, {"digest": REVIEWED}], ids=["first", "another one"])
def test_argo_cd_can_approve_what_was_reviewed(tools):
    server = waiting(CHANGED, **tools)
    assert approval_is_offered(server)
    [found] = gitops.run("action", action("approve"), [server], digest=CHANGED)
    assert found["spec"]["validation"]["tools"] == {"pin": "approve", "digest": CHANGED}
    assert found["metadata"] == server["metadata"]


@pytest.mark.parametrize("parameters", [{}, {"digest": ""}, {"digest": REVIEWED}], ids=["none", "empty", "earlier"])
def test_argo_cd_approves_nothing_that_was_not_reviewed(parameters):
    """The server changed between the review and the action."""
    with pytest.raises(gitops.ScriptError, match=r"the parameter digest|does not wait"):
        gitops.run("action", action("approve"), [waiting(CHANGED)], **parameters)


@pytest.mark.parametrize(
    "server",
    [
        waiting(REVIEWED, digest=REVIEWED),
        waiting(REVIEWED, pin="enforce", digest=CHANGED),
        waiting(REVIEWED, configMapRef={"name": "lock"}),
        new(ROOT),
        mcpserver(),
    ],
    ids=["approved already", "enforced", "lock file", "not observed", "not pinned"],
)
def test_where_nothing_waits_argo_cd_approves_nothing(server):
    assert not approval_is_offered(server)
    with pytest.raises(gitops.ScriptError):
        gitops.run("action", action("approve"), [server], digest=REVIEWED)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A user who may only write ControllerRevisions creates one as the target of a rollback."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import fingerprint
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollback import Rollbacks

from support.fake_api import FakeApi

RENDERER = Renderer(str(Path(__file__).resolve().parents[3] / "roles" / "mcpserver" / "templates"))
DEPLOYMENT = "Deployment.v1.apps/wiki"


class Api(FakeApi):
    def list(self, _api_version, kind, _namespace, **_selector):
        return [copy.deepcopy(item) for item in self.objects.values() if item["kind"] == kind]

    def revisions(self):
        return [item for item in self.objects.values() if item["kind"] == "ControllerRevision"]


def server(image="good:1", **status):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "uid-of-wiki", "generation": 1},
        "spec": {"image": image, "validation": {"strictMode": True}},
        "status": status,
    }


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def apply(api):
    """Apply an MCPServer as the operator does; return the image that the Deployment then has."""

    def run(wanted):
        state = RememberedState(api, Known(None, {}), HostResult())
        Applier(api, RENDERER, gated=True).present(wanted, state)
        return api.objects[DEPLOYMENT]["spec"]["template"]["spec"]["containers"][0]["image"]

    return run


@pytest.fixture
def rolled_back(api, apply):
    """Return an MCPServer whose newest template failed, and the ControllerRevision of the one that passed."""
    apply(server())
    [passed] = api.revisions()
    apply(server("bad:1"))
    failed = api.objects[DEPLOYMENT]["spec"]["template"]["metadata"]["labels"][names.TEMPLATE_LABEL]
    to = passed["metadata"]["labels"][names.TEMPLATE_LABEL]
    return server("bad:1", rollback={"active": True, "template": failed, "to": to}), passed


def forged(template, **pod):
    """Return a template with other fields, and its own fingerprint as its label."""
    made = copy.deepcopy(template)
    made["spec"].update(pod)
    del made["metadata"]["labels"][names.TEMPLATE_LABEL]
    mark = fingerprint(made)
    made["metadata"]["labels"][names.TEMPLATE_LABEL] = mark
    return made, mark


def test_the_template_that_passed_is_applied(apply, rolled_back):
    assert apply(rolled_back[0]) == "good:1"


@pytest.mark.parametrize("owner", [None, {"controller": False}, {"uid": "another"}])
def test_one_that_the_mcpserver_does_not_control_is_ignored(owner, api, apply, rolled_back):
    wanted, passed = rolled_back
    meta = passed["metadata"]
    meta["ownerReferences"] = [{**meta["ownerReferences"][0], **owner}] if owner else []
    # Whoever writes an object chooses the name of the field manager and the labels.
    meta["managedFields"] = [{"manager": names.FIELD_MANAGER, "operation": "Apply"}]
    with pytest.raises(KubeError, match="is ignored: it does not belong to this MCPServer") as error:
        apply(wanted)
    assert error.value.code == "ROLLBACK_TARGET_INVALID"
    assert "bad:1" in str(api.objects[DEPLOYMENT])


@pytest.mark.parametrize("data", [None, {}, {"template": None}, {"template": []}, {"template": {"metadata": []}}])
def test_one_without_a_template_is_ignored(data, apply, rolled_back):
    wanted, passed = rolled_back
    passed["data"] = data
    with pytest.raises(KubeError, match="its Pod template has been changed"):
        apply(wanted)


def test_another_template_under_the_fingerprint_of_the_one_that_passed_is_ignored(apply, rolled_back):
    wanted, passed = rolled_back
    passed["data"]["template"]["spec"]["containers"][0]["image"] = "forged:1"
    with pytest.raises(KubeError, match="its Pod template has been changed"):
        apply(wanted)


@pytest.mark.parametrize(
    "pod",
    [
        {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]},
        {"hostNetwork": True},
        {"automountServiceAccountToken": True},
        {"containers": [{"name": "mcp-server", "image": "i", "securityContext": {"privileged": True}}]},
    ],
)
def test_a_template_with_access_to_the_node_is_ignored_though_its_fingerprint_is_right(pod, api, apply, rolled_back):
    wanted, passed = rolled_back
    template, mark = forged(passed["data"]["template"], **pod)
    made = copy.deepcopy(passed)
    made["data"]["template"] = template
    made["metadata"]["name"] = f"wiki-{mark}"
    api.objects[f"ControllerRevision.v1.apps/wiki-{mark}"] = made
    wanted["status"]["rollback"]["to"] = mark
    with pytest.raises(KubeError, match="in its Pod template is not allowed"):
        apply(wanted)
    assert "bad:1" in str(api.objects[DEPLOYMENT])


def test_deploy_ignores_it_too_and_says_so(api):
    rollbacks = Rollbacks(api, RENDERER)
    rollbacks.record_passed(server())
    [passed] = api.revisions()
    template = copy.deepcopy(passed["data"]["template"])
    template["spec"]["volumes"] = [{"name": "v", "hostPath": {"path": "/"}}]
    newer = copy.deepcopy(passed)
    newer.update(revision=99, data={"template": template})
    newer["metadata"]["name"] = f"wiki-{fingerprint(template)}"
    newer["metadata"]["labels"][names.TEMPLATE_LABEL] = fingerprint(template)
    api.objects["ControllerRevision.v1.apps/forged"] = newer
    said = rollbacks.roll_back(server("bad:1"))
    assert said.startswith("The last template that passed serves again. ControllerRevision wiki-")
    assert "spec.volumes[v].hostPath in its Pod template is not allowed" in said
    assert api.objects[DEPLOYMENT]["spec"]["template"] == passed["data"]["template"]

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant writes an MCPServer whose Pods would get access to the node."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._reconcile import ReconcileBatch, Server
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

TEMPLATES = Path(__file__).resolve().parents[3] / "roles" / "mcpserver" / "templates"
METADATA = "169.254.169.254"
ROOT_DISK = {"name": "v", "hostPath": {"path": "/"}}
APPARMOR = "container.apparmor.security.beta.kubernetes.io/mcp-server"


def ours(**fields):
    return {"spec": {"containers": [{"name": "mcp-server", **fields}]}}


def beside(**fields):
    return {"spec": {"initContainers": [{"name": "other", "image": "i:1", **fields}]}}


ATTACKS = {
    "hostPath": {"volumes": [ROOT_DISK]},
    "hostPath in spec": {"spec": {"volumes": [ROOT_DISK]}},
    "gitRepo": {"volumes": [{"name": "v", "gitRepo": {"repository": "https://git.example.com/hooks"}}]},
    "hostNetwork": {"spec": {"hostNetwork": True}},
    "hostPID": {"spec": {"hostPID": True}},
    "hostIPC": {"spec": {"hostIPC": True}},
    "hostPort": ours(ports=[{"containerPort": 8080, "hostPort": 80}]),
    "privileged": ours(securityContext={"privileged": True}),
    "capabilities": beside(securityContext={"capabilities": {"add": ["SYS_ADMIN"]}}),
    "NET_RAW": ours(securityContext={"capabilities": {"add": ["NET_RAW"]}}),
    "SELinux type": {"spec": {"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}},
    "SELinux user": beside(securityContext={"seLinuxOptions": {"user": "system_u"}}),
    "procMount": ours(securityContext={"procMount": "Unmasked"}),
    "procMount in a user namespace": {
        "spec": {"hostUsers": False, **ours(securityContext={"procMount": "Unmasked"})["spec"]}
    },
    "seccomp": {"spec": {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}},
    "seccomp of a container": beside(securityContext={"seccompProfile": {"type": "Unconfined"}}),
    "AppArmor": ours(securityContext={"appArmorProfile": {"type": "Unconfined"}}),
    "AppArmor annotation": {"annotations": {APPARMOR: "unconfined"}},
    "sysctls": {"spec": {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}},
    "host process": {"spec": {"securityContext": {"windowsOptions": {"hostProcess": True}}}},
    "probe": ours(readinessProbe={"tcpSocket": None, "httpGet": {"host": METADATA, "port": 80}}),
    "TCP probe": ours(livenessProbe={"tcpSocket": {"host": "127.0.0.1", "port": 10250}}),
    "hook": beside(lifecycle={"postStart": {"httpGet": {"host": "127.0.0.1", "port": 10255}}}),
    "stop hook": ours(lifecycle={"preStop": {"httpGet": {"host": METADATA, "port": 80}}}),
    "node": {"spec": {"nodeName": "control-plane"}},
    "account": {"spec": {"serviceAccountName": "admin"}},
    "token": {"spec": {"automountServiceAccountToken": True}},
    "ephemeral container": {"spec": {"ephemeralContainers": [{"name": "e", "image": "e:1"}]}},
    "a field in other letters": {"spec": {"hostnetwork": True}},
    "a directive of a patch": {"spec": {"containers": [{"name": "mcp-server", "$patch": "replace"}]}},
    "no containers list": {"spec": {"containers": {"name": "mcp-server"}}},
}
# Sent by POST as it is: kubectl would drop the nulls.
NULLS = {
    "token": {"spec": {"automountServiceAccountToken": None}},
    "security context": {"spec": {"securityContext": None}},
    "profile": {"spec": {"securityContext": {"seccompProfile": None}}},
    "container": ours(securityContext=None),
    "fields of a container": ours(
        securityContext=dict.fromkeys(("runAsNonRoot", "allowPrivilegeEscalation", "capabilities", "seccompProfile"))
    ),
    "capabilities": ours(securityContext={"capabilities": {"drop": None}}),
    "containers": {"spec": {"containers": None}},
}


def server(template, **spec):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "uid-of-wiki", "generation": 1},
        "spec": {"image": "registry.example.com/wiki:1", "podTemplate": template, **spec},
    }


@pytest.fixture
def api():
    return FakeApi()


@pytest.fixture
def batch(api):
    return ReconcileBatch(api, Applier(api, Renderer(str(TEMPLATES), {"inject": "bridge:1", "package": "p:1"})))


def pod(template, **spec):
    rendered = Renderer(str(TEMPLATES)).render(server(template, **spec))
    return next(item["spec"]["template"] for item in rendered if item["kind"] == "Deployment")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "spec", [{}, {"command": ["x"], "transport": {"type": "stdio"}}, {"validation": {"strictMode": True}}]
)
def test_such_a_pod_is_never_made(attack, spec, api, batch):
    result = batch.present({"wiki": Server(server(ATTACKS[attack], **spec), Known({}, {}))})["wiki"]
    assert (result["failed"], result["error"]) == (True, "MANIFEST_INVALID")
    assert "podTemplate" in result["msg"]
    assert api.objects == {}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_ran_before_stays_and_can_be_deleted(attack, api, batch):
    batch.present({"wiki": Server(server({}), Known({}, {}))})
    before = dict(api.objects)
    assert batch.present({"wiki": Server(server(ATTACKS[attack]), api.known())})["wiki"]["failed"]
    assert api.objects == before != {}
    assert not batch.absent({"wiki": Server(server(ATTACKS[attack]), api.known())})["wiki"]["failed"]
    assert api.objects == {}


@pytest.mark.parametrize("attack", NULLS)
def test_a_null_removes_nothing_that_protects(attack):
    assert pod(NULLS[attack]) == pod({})


def test_root_in_the_container_is_what_the_profile_allows():
    found = pod({}, security={"runAsUser": 0, "runAsNonRoot": False})
    assert found["spec"]["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}

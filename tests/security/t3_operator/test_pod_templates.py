# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Pods of a compromised operator get neither at their node nor at the token of another ServiceAccount."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names, pod_fields

from support import cluster
from support.rendered import RENDERER

Item = dict[str, Any]
BASELINE = "may not have more privileges than the profile baseline"
NODE = "may not share the network, the processes, the ports or the file system of their node"
# The first version of Kubernetes whose API server does not replace the value by the default one.
PROC_MOUNT = (1, 33)

POD_ATTACKS: dict[str, tuple[Item, str]] = {
    "hostPath": ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, NODE),
    "hostNetwork": ({"hostNetwork": True}, NODE),
    "hostPID": ({"hostPID": True}, NODE),
    "hostIPC": ({"hostIPC": True}, NODE),
    "nodeName": ({"nodeName": "control-plane"}, NODE),
    "token": ({"automountServiceAccountToken": True}, "get no token of their ServiceAccount"),
    "token by default": ({"automountServiceAccountToken": None}, "get no token of their ServiceAccount"),
    "sysctls": ({"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}, BASELINE),
    "seccomp": ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, BASELINE),
    "SELinux": ({"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}, BASELINE),
    "SELinux user": ({"securityContext": {"seLinuxOptions": {"user": "system_u"}}}, BASELINE),
    "AppArmor": ({"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}, BASELINE),
}
CONTAINER_ATTACKS: dict[str, tuple[Item, str]] = {
    "hostPort": ({"ports": [{"containerPort": 1, "hostPort": 1}]}, NODE),
    "privileged": ({"securityContext": {"privileged": True}}, BASELINE),
    "procMount": ({"securityContext": {"procMount": "Unmasked"}}, BASELINE),
    "capabilities": ({"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}, BASELINE),
    "seccomp of the container": ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, BASELINE),
    "SELinux of the container": ({"securityContext": {"seLinuxOptions": {"role": "x"}}}, BASELINE),
    "probe": ({"livenessProbe": {"httpGet": {"host": "169.254.169.254", "port": 80}}}, "only connect to their own Pod"),
    "lifecycle": ({"lifecycle": {"postStart": {"httpGet": {"host": "127.0.0.1", "port": 80}}}}, "only connect"),
}


def infected(item: Item, attack: Item, kind: str) -> Item:
    """Return an object whose Pod template, or a container of it, has fields of an attack."""
    template = item["data"]["template"] if item["kind"] == "ControllerRevision" else item["spec"]["template"]
    spec = template["spec"]
    target = spec if kind == "pod" else spec["containers"][0]
    if kind == "initContainer":
        target = {"name": "first", "image": "x"}
        spec["initContainers"] = [target]
    target.update(attack)
    if "procMount" in str(attack):
        spec["hostUsers"] = False
    return item


@pytest.mark.parametrize("kind", ["Deployment", "ControllerRevision", "Job"])
@pytest.mark.parametrize("attack", POD_ATTACKS)
def test_no_pod_gets_at_the_node(refuses, made, kind: str, attack: str) -> None:
    fields, why = POD_ATTACKS[attack]
    if kind == "Job" and "volumes" in fields:
        why = "validation Jobs use their own ServiceAccount and no volumes"
    refuses(infected(made(kind), copy.deepcopy(fields), "pod"), why)


@pytest.mark.parametrize("kind", ["Deployment", "ControllerRevision", "Job"])
@pytest.mark.parametrize("place", ["container", "initContainer"])
@pytest.mark.parametrize("attack", CONTAINER_ATTACKS)
def test_no_container_gets_at_the_node(refuses, made, operator, kind: str, place: str, attack: str) -> None:
    fields, why = CONTAINER_ATTACKS[attack]
    if place == "initContainer" and attack in ("probe", "lifecycle"):
        fields = {**fields, "restartPolicy": "Always"}
    item = infected(made(kind), copy.deepcopy(fields), place)
    if attack == "procMount" and kind != "ControllerRevision" and cluster.version(operator) < PROC_MOUNT:
        stored = operator.apply(item, field_manager=names.FIELD_MANAGER, dry_run=True)
        assert "Unmasked" not in str(stored["spec"])
    else:
        refuses(item, why)


def test_a_process_of_a_windows_host_is_refused(refuses, made) -> None:
    attack = {"securityContext": {"windowsOptions": {"hostProcess": True}}}
    refuses(infected(made("ControllerRevision"), attack, "container"), BASELINE)


def test_the_old_annotation_of_app_armor_is_refused(refuses, made) -> None:
    item = made("ControllerRevision")
    annotation = {"container.apparmor.security.beta.kubernetes.io/mcp-server": "unconfined"}
    item["data"]["template"]["metadata"]["annotations"] = annotation
    refuses(item, BASELINE)


@pytest.mark.parametrize("kind", ["Deployment", "ControllerRevision"])
@pytest.mark.parametrize("account", ["default", "admin", None])
def test_pods_use_no_other_service_account(refuses, made, kind: str, account: str | None) -> None:
    item = infected(made(kind), {"serviceAccountName": account}, "pod")
    refuses(item, "may only use their own ServiceAccount or the one that the MCPServer names")


def test_jobs_use_no_other_service_account(refuses, made) -> None:
    item = infected(made("Job"), {"serviceAccountName": "victim"}, "pod")
    refuses(item, "validation Jobs use their own ServiceAccount")


def test_a_deployment_that_exists_gets_no_other_service_account(operator: Client, refuses, mcpserver) -> None:
    server = mcpserver("exists")
    deployment = next(item for item in RENDERER.render(server) if item["kind"] == "Deployment")
    operator.apply(deployment, field_manager=names.FIELD_MANAGER)
    deployment["spec"]["template"]["spec"]["serviceAccountName"] = "admin"
    refuses(deployment, "may only use their own ServiceAccount or the one that the MCPServer names")


def test_what_a_manifest_may_set_passes(operator: Client, made) -> None:
    """The fence allows all values that the check of finished Pod templates allows."""
    for kind in pod_fields.SELINUX_TYPES:
        item = infected(
            made("Deployment"),
            {"securityContext": {"capabilities": {"add": list(pod_fields.CAPABILITIES)}}},
            "container",
        )
        item["spec"]["template"]["spec"]["securityContext"] = {
            "sysctls": [{"name": name, "value": "1"} for name in pod_fields.SYSCTLS],
            "seLinuxOptions": {"type": kind},
        }
        assert operator.apply(item, field_manager=names.FIELD_MANAGER, dry_run=True)

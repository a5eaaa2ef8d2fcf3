# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What gives access to the node is refused at admission: see tests/tools/crd_pod.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]
METADATA = {"host": "169.254.169.254", "port": 80}


def container(**fields: Any) -> dict[str, Any]:
    return {"spec": {"initContainers": [{"name": "c", **fields}]}}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, "volumes[0]: Invalid value"),
        ({"spec": {"volumes": [{"name": "v", "hostPath": {}}]}}, "hostPath and gitRepo volumes are not allowed"),
        ({"spec": {"volumes": [{"name": "v", "gitRepo": {}}]}}, "hostPath and gitRepo volumes are not allowed"),
        ({"annotations": {"container.apparmor.security.beta.kubernetes.io/c": "unconfined"}}, "AppArmor profile"),
        ({"spec": {"hostIPC": True}}, "must not be true"),
        ({"spec": {"nodeName": "n"}}, "nodeName"),
        ({"spec": {"automountServiceAccountToken": True}}, "mount a projected token instead"),
        ({"spec": {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}}, "kernel.msgmax"),
        ({"spec": {"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}}, "spc_t"),
        (container(securityContext={"privileged": True}), "it must be false"),
        (container(securityContext={"procMount": "Unmasked"}), "Unmasked"),
        (container(securityContext={"capabilities": {"add": ["NET_RAW"]}}), "NET_RAW"),
        (container(securityContext={"seccompProfile": {"type": "Unconfined"}}), "Unconfined"),
        (container(securityContext={"appArmorProfile": {"type": "Unconfined"}}), "Unconfined"),
        (container(securityContext={"windowsOptions": {"hostProcess": True}}), "it must be false"),
        (container(ports=[{"containerPort": 1, "hostPort": 1}]), "it binds a port of the node"),
        (container(startupProbe={"httpGet": METADATA}), "the kubelet would connect to another host"),
        (container(lifecycle={"preStop": {"tcpSocket": METADATA}}), "the kubelet would connect to another host"),
    ],
)
def test_access_to_the_node_is_refused(template: dict[str, Any], text: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refusal:
        admit({"image": "a", "podTemplate": template})
    assert refusal.value.status == 422
    assert text in str(refusal.value.body).replace('\\"', '"')


@pytest.mark.parametrize(
    "template",
    [
        {"annotations": {"container.apparmor.security.beta.kubernetes.io/c": "localhost/x", "a": "unconfined"}},
        {"volumes": [{"name": "v", "nfs": {"path": "/", "server": "s"}}]},
        {"spec": {"hostNetwork": False, "runtimeClassName": "gvisor", "dnsConfig": {"searches": ["example.com"]}}},
        {"spec": {"volumes": None}},
        container(livenessProbe={"httpGet": {"port": "http"}, "tcpSocket": None, "periodSeconds": 5}),
        container(livenessProbe=None, lifecycle=None, image="i:1", env=[{"name": "A", "value": "1"}]),
        container(securityContext={"capabilities": {"add": ["CHOWN"], "drop": ["ALL"]}, "runAsUser": 0}),
        container(ports=[{"containerPort": 1, "hostPort": 0, "protocol": "TCP"}]),
    ],
)
def test_what_the_profile_allows_is_stored_as_it_is_sent(template: dict[str, Any], admit: Admit) -> None:
    stored = admit({"image": "a", "podTemplate": template})["spec"]["podTemplate"]
    assert stored == {"configHash": False, **template}


def test_a_null_that_would_remove_a_security_setting_is_not_stored(admit: Admit) -> None:
    spec = {"automountServiceAccountToken": None, "securityContext": None}
    stored = admit({"image": "a", "podTemplate": {"spec": spec}})["spec"]["podTemplate"]
    assert stored == {"configHash": False, "spec": {}}

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Tenants keep to the images and fields that the policies of the chart allow."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid

from support import cluster
from support.helm import Helm
from support.policies import BINDING, apply, path_of

Item = dict[str, Any]
Send = Callable[..., Item]
DIGEST = f"@sha256:{'a' * 64}"
GOOD = f"registry.example.com/mcp/server{DIGEST}"
STDIO = {"type": "stdio"}
VALUES: dict[str, Item] = {
    "images": {"enable": True, "registries": ["registry.example.com/mcp", "ghcr.io"], "requireDigest": True},
    "fields": {"enable": True, "podTemplateSpec": False, "command": False, "package": False, "network": False},
}


@contextlib.contextmanager
def in_force(client: Client, helm: Helm, policy: str) -> Iterator[str]:
    """Make a namespace to which a policy of the chart applies, under names of the test's own."""
    label = {"mcp-tests/policy": uuid.uuid4().hex[:8]}
    values = {policy: VALUES[policy], "namespaceSelector": {"matchLabels": label}}
    objects = [
        item for item in helm.template({"policies": values}) if item["metadata"]["name"] == f"mcp-operator-{policy}"
    ]
    with cluster.namespace(client, label) as name:
        for item in objects:
            item["metadata"] = {"name": name}
            if item["kind"] == BINDING:
                item["spec"]["policyName"] = name
            apply(client, item)
        try:
            yield name
        finally:
            for item in objects:
                client.request("DELETE", path_of(item["kind"], name), what="delete a policy")


@pytest.fixture(scope="module")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Helm:
    return Helm(tmp_path_factory.mktemp("helm"))


def sender(client: Client, namespace: str) -> Send:
    """Return a function that applies an MCPServer; a dry run unless told otherwise."""

    def send(*, name: str = "sample", keep: bool = False, **spec: Any) -> Item:
        meta = {"name": name, "namespace": namespace}
        body = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec}
        return client.apply(body, field_manager="tests", dry_run=not keep)

    return send


def is_refused(send: Send, **spec: Any) -> bool:
    try:
        send(**spec)
    except ApiInvalid:
        return True
    return False


@pytest.fixture(scope="module")
def images(client: Client, crd: None, helm: Helm) -> Iterator[Send]:
    with in_force(client, helm, "images") as namespace:
        send = sender(client, namespace)
        cluster.until("the policy is in force", lambda: is_refused(send, image="nginx"), 60)
        yield send


@pytest.fixture(scope="module")
def fields(client: Client, crd: None, helm: Helm) -> Iterator[Send]:
    with in_force(client, helm, "fields") as namespace:
        send = sender(client, namespace)
        cluster.until("the policy is in force", lambda: is_refused(send, image=GOOD, command=["sh"]), 60)
        yield send


@pytest.mark.parametrize("image", [GOOD, f"registry.example.com/mcp{DIGEST}", f"ghcr.io/any/server:1{DIGEST}"])
def test_images_of_allowed_registries_pass(images: Send, image: str) -> None:
    assert images(image=image)


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        f"nginx{DIGEST}",
        f"evil/server{DIGEST}",
        f"registry.example.com/mcpx/server{DIGEST}",
        f"registry.example.com:5000/mcp/server{DIGEST}",
        f"registry.example.com.evil.example/mcp/server{DIGEST}",
        f"ghcr.io:5000/server{DIGEST}",
        f"localhost/registry.example.com/mcp/server{DIGEST}",
        f"evil.example/registry.example.com/mcp/server{DIGEST}",
    ],
)
def test_images_of_other_registries_are_refused(images: Send, image: str) -> None:
    with pytest.raises(ApiInvalid, match=r"is not from an allowed registry: registry\.example\.com/mcp, ghcr\.io"):
        images(image=image)


@pytest.mark.parametrize(
    "image", ["ghcr.io/server", "ghcr.io/server:1", "ghcr.io/server@sha256:1", f"ghcr.io/x:{'a' * 64}"]
)
def test_images_without_a_digest_are_refused(images: Send, image: str) -> None:
    with pytest.raises(ApiInvalid, match="images need a digest"):
        images(image=image)


@pytest.mark.parametrize("network", [None, {"mode": "isolated"}])
def test_isolation_is_allowed(fields: Send, network: Item | None) -> None:
    assert fields(image=GOOD, **({} if network is None else {"network": network}))


@pytest.mark.parametrize("network", [{"mode": "open"}, {"egress": {"mode": "open"}}, {"ingress": {}}])
def test_a_closed_network_cannot_be_opened(fields: Send, network: Item) -> None:
    with pytest.raises(ApiInvalid, match=r"is allowed in spec\.network"):
        fields(image=GOOD, network=network)


EVIL = f"evil.example/server{DIGEST}"


@pytest.mark.parametrize(
    "spec",
    [
        {"command": ["x"], "transport": {**STDIO, "config": {"stdio": {"bridgeImage": EVIL}}}},
        {"sidecar": {"image": EVIL}},
        {"podTemplate": {"spec": {"containers": [{"name": "mcp-server", "image": EVIL}]}}},
        {"podTemplate": {"spec": {"initContainers": [{"name": "first", "image": EVIL}]}}},
        {"podTemplate": {"volumes": [{"name": "v", "image": {"reference": EVIL}}]}},
        {"podTemplate": {"spec": {"volumes": [{"name": "v", "image": {"reference": EVIL}}]}}},
    ],
    ids=["bridge", "sidecar", "container", "init container", "volume", "volume of the spec"],
)
def test_no_other_field_brings_an_image(images: Send, spec: Item) -> None:
    with pytest.raises(ApiInvalid, match=r"evil\.example"):
        images(image=GOOD, **spec)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"image": GOOD, "podTemplate": {"spec": {"hostname": "x"}}}, "podTemplate.spec is not allowed"),
        ({"image": GOOD, "command": ["sh"]}, "a command is not allowed"),
        ({"image": GOOD, "command": ["x"], "transport": STDIO}, "a command is not allowed"),
        ({"command": ["uvx", "x"], "transport": STDIO}, "not allowed in this namespace"),
    ],
    ids=["podTemplate.spec", "command", "stdio", "package"],
)
def test_fields_that_are_not_allowed_are_refused(fields: Send, spec: Item, why: str) -> None:
    with pytest.raises(ApiInvalid, match=why):
        fields(**spec)


def test_other_fields_pass(fields: Send) -> None:
    assert fields(image=GOOD, args=["x"], podTemplate={"nodeSelector": {"a": "b"}})


def test_what_was_there_before_the_policy_can_still_be_scaled(client: Client, crd: None, helm: Helm) -> None:
    for policy in VALUES:
        with in_force(client, helm, policy) as namespace:
            send = sender(client, namespace)
            old: Item = {"command": ["uvx", "x"], "transport": STDIO, "podTemplate": {"spec": {"hostname": "x"}}}
            old["sidecar"] = {"image": "evil.example/x"}
            send(name="old", keep=True, **old)
            cluster.until("the policy is in force", lambda send=send, old=old: is_refused(send, **old), 60)
            assert send(name="old", replicas=2, **old)["spec"]["replicas"] == 2
            assert is_refused(send, name="old", image="nginx", command=["another"], podTemplate={"spec": {}})

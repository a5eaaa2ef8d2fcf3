# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The policy of a release lets in signed images only: by the policy-controller of Sigstore, which runs here."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import cluster, policy_controller
from support.own_testbed import OwnTestbed
from support.playbooks import Playbooks, Run

from .conftest import HOST, NAME, PASSWORD, USER, Registry

sys.path.append(str(cluster.ROOT / "tests" / "tools"))

from releasing import image_policies

# It builds the policy-controller, and a cluster of its own has its webhooks.
pytestmark = pytest.mark.test_all

TEAM, PULL, SERVER = "signed", "registry", "go-sdk"
# As if the server were an image of a release, so that the policy that publishing writes is about it.
OURS = f"{HOST}/signatures"
IMAGE = f"{OURS}/mcp-operator"


def labelled(registry: Registry, archive: str, tag: str) -> str:
    """Push an image with a digest of its own; return its reference by digest."""
    registry.ask("push", archive, f"{IMAGE}:{tag}")
    registry.ask("mutate", f"{IMAGE}:{tag}", "--label", f"tag={tag}", "--tag", f"{IMAGE}:{tag}")
    return f"{IMAGE}@{registry.ask('digest', f'{IMAGE}:{tag}')}"


def sign(registry: Registry, key: str, reference: str) -> None:
    done = registry.run(registry.cosign, "sign", "--yes", "--key", f"{key}.key", "--tlog-upload=false", reference)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def images(registry: Registry, key: str) -> dict[str, str]:
    """Return images that differ in their signature only."""
    cluster.tool("tests/servers", "build", SERVER)
    [archive] = cluster.tool("tests/servers", "archives", SERVER)
    found = {tag: labelled(registry, archive, tag) for tag in ("signed", "unsigned", "by-another-key")}
    sign(registry, key, found["signed"])
    sign(registry, registry.make_key("stranger"), found["by-another-key"])
    return found


@pytest.fixture(scope="module", autouse=True)
def _policy(
    testbed: OwnTestbed, registry: Registry, key: str, images: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Run the controller with the policy that publishing writes, and wait until it refuses something."""
    folder = tmp_path_factory.mktemp("policy")
    public = Path(f"{key}.pub").read_text(encoding="utf-8")
    image_policies.write(folder, OURS, public)
    with policy_controller.running(testbed, NAME, folder):
        policy = str(folder / image_policies.SIGSTORE)
        # Its kind is converted by the controller, too.
        cluster.until("the policy is accepted", lambda: testbed.kubectl("apply", "-f", policy).returncode == 0, 60)
        meta = {"name": TEAM, "labels": policy_controller.LABEL}
        testbed.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": meta})
        account = [f"--docker-server={HOST}", f"--docker-username={USER}", f"--docker-password={PASSWORD}"]
        made = testbed.kubectl("-n", TEAM, "create", "secret", "docker-registry", PULL, *account)
        assert made.returncode == 0, made.stderr
        cluster.until(
            "the policy is enforced",
            lambda: "failed policy: mcp-operator-images" in try_pod(testbed, images["unsigned"]),
            60,
        )
        yield
        testbed.kubectl("delete", "namespace", TEAM, "--wait=false")


def try_pod(testbed: OwnTestbed, image: str) -> str:
    """Ask the API server to admit a Pod, which is not created; return what it says."""
    spec = {"containers": [{"name": "server", "image": image}], "imagePullSecrets": [{"name": PULL}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tried", "namespace": TEAM}, "spec": spec}
    done = testbed.kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    return "admitted" if done.returncode == 0 else done.stderr


def test_only_signed_images_are_admitted(testbed: OwnTestbed, images: dict[str, str]) -> None:
    assert try_pod(testbed, images["signed"]) == "admitted"
    assert "no signatures found" in try_pod(testbed, images["unsigned"])
    assert "invalid signature" in try_pod(testbed, images["by-another-key"])


def test_a_tag_is_the_digest_that_was_verified(testbed: OwnTestbed, images: dict[str, str]) -> None:
    assert try_pod(testbed, f"{IMAGE}:signed") == "admitted"
    assert "no signatures found" in try_pod(testbed, f"{IMAGE}:unsigned")


def deploy(testbed: OwnTestbed, manifest: dict[str, Any]) -> Run:
    there = cluster.found(testbed.client, "/apis/mcp.mcp-operator.io/v1") is not None
    return Playbooks(testbed.kubeconfig).run("deploy", mcp_servers=[manifest], mcp_install_crd=not there)


def server(name: str, image: str) -> dict[str, Any]:
    spec = {"image": image, "podTemplate": {"imagePullSecrets": [{"name": PULL}]}, "validation": {"strictMode": True}}
    meta = {"name": name, "namespace": TEAM}
    return {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec}


@pytest.mark.parametrize("by", ["digest", "tag"])
def test_an_mcpserver_with_a_signed_image_is_validated(testbed: OwnTestbed, images: dict[str, str], by: str) -> None:
    """The controller puts the digest into the Deployment, which is no change by someone else."""
    image = images["signed"] if by == "digest" else f"{IMAGE}:signed"
    run = deploy(testbed, server(f"by-{by}", image))
    assert run.code == 0, run.output
    again = deploy(testbed, server(f"by-{by}", image))
    assert again.code == 0, again.output
    assert again.changed == 0, again.output


def test_an_mcpserver_with_an_unsigned_image_names_the_policy(testbed: OwnTestbed, images: dict[str, str]) -> None:
    run = deploy(testbed, server("not-signed", images["unsigned"]))
    assert run.code != 0
    # The status has the beginning and the end of the message.
    assert "failed policy: mcp-operator-images" in run.output, run.output
    assert "no signatures found" in run.output, run.output


def test_the_policy_for_kyverno_fits_its_definition(testbed: OwnTestbed, key: str, tmp_path: Path) -> None:
    """Kyverno itself does not run here."""
    folder = policy_controller.folder_of("kyverno", "github.com/kyverno/kyverno") / "config" / "crds"
    path = folder / "policies.kyverno.io" / "policies.kyverno.io_imagevalidatingpolicies.yaml"
    made = testbed.kubectl("create", "-f", str(path))
    assert made.returncode == 0, made.stderr
    image_policies.write(tmp_path, OURS, Path(f"{key}.pub").read_text(encoding="utf-8"))
    policy = tmp_path / image_policies.KYVERNO
    named = "crd/imagevalidatingpolicies.policies.kyverno.io"
    assert testbed.kubectl("wait", "--for=condition=Established", named, "--timeout=30s").returncode == 0
    command = ("create", "--dry-run=server", "--validate=strict", "-f", str(policy))
    # The API server publishes the schema a moment after the kind.
    cluster.until("the policy is valid", lambda: testbed.kubectl(*command).returncode == 0, 30)
    policy.write_text(policy.read_text(encoding="utf-8").replace("cosign:", "cosine:"), encoding="utf-8")
    refused = testbed.kubectl(*command)
    assert 'unknown field "spec.attestors[0].cosine"' in refused.stderr

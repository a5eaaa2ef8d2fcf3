# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A new version of the collection has another default image of the sidecar, and no Pod is rolled for it."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.live_state import LiveState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.remembered_state import Known, RememberedState
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.running_images import with_running_images
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._host_result import HostResult
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from .test_applier import DEPLOYMENT, TEMPLATES, Api, server

REGISTRIES = ["registry.example.com/mcp", "localhost:5000", "mirror.example/a/b"]
STDIO = {"command": ["/server"], "transport": {"type": "stdio"}}
METRICS = {"metrics": {"enabled": True}}


def apply(api, version, spec, *, registry=REGISTRIES[0], gated=False, default=None):
    """Apply an MCPServer as a version of the collection does."""
    names_of_images = {"inject": f"{registry}/mcp-stdio-bridge", "package": f"{registry}/mcp-stdio-runtimes"}
    renderer = Renderer(str(TEMPLATES), {form: f"{name}:{version}" for form, name in names_of_images.items()})
    renderer.default_images = [
        f"{REGISTRIES[0]}/{name.rpartition('/')[2]}:{default or version}" for name in names_of_images.values()
    ]
    Applier(api, renderer, gated=gated).present(server(**spec), LiveState(api, lambda _before, _after: None))
    return api.objects[DEPLOYMENT]["spec"]["template"]


def images(template):
    spec = template["spec"]
    return [one["image"].rpartition("/")[2] for one in (*spec.get("initContainers", []), *spec["containers"])]


@pytest.mark.parametrize("registry", REGISTRIES)
@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize(
    "spec",
    [STDIO, {**STDIO, "image": None, "command": ["uvx", "a"]}, METRICS],
    ids=["with an image", "a package", "metrics"],
)
def test_a_new_version_rolls_no_pod(spec, gated, registry):
    api = Api()
    strict = {"validation": {"strictMode": gated}, **spec}
    before = apply(api, "0.1.0", strict, registry=registry, gated=gated)
    assert apply(api, "0.2.0", strict, registry=registry, gated=gated) == before
    # Another run of the new version finds the same.
    assert apply(api, "0.2.0", strict, registry=registry, gated=gated) == before


@pytest.mark.parametrize(("known", "reads"), [(Known({}, {}), 0), (Known(None, {}), 1)], ids=["none", "unknown"])
def test_a_deployment_that_is_known_not_to_exist_is_not_read(known, reads, monkeypatch):
    api = Api()
    found = []
    monkeypatch.setattr(api, "find", lambda *key: found.append(key[1]))
    wanted = server(**STDIO)
    child = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "wiki", "namespace": "team"}}
    child["spec"] = {"template": {"spec": {"containers": [{"name": "mcp-server", "image": "a/mcp-stdio-bridge:1"}]}}}
    state = RememberedState(api, known, HostResult())
    with_running_images(api, ["b/mcp-stdio-bridge:1"], [child], wanted, state)
    assert found == ["Deployment"] * reads


def test_what_rolls_pods_anyway_brings_the_new_image():
    api = Api()
    apply(api, "0.1.0", STDIO, gated=True)
    changed = apply(api, "0.2.0", {**STDIO, "args": ["--more"]}, gated=True)
    assert images(changed) == ["mcp-stdio-bridge:0.2.0", "server:1"]


def test_an_image_that_was_set_is_taken():
    api = Api()
    apply(api, "0.1.0", STDIO)
    assert images(apply(api, "0.1.1-fixed", STDIO, default="0.2.0")) == ["mcp-stdio-bridge:0.1.1-fixed", "server:1"]
    other = apply(api, "0.2.0", STDIO, registry=REGISTRIES[1])
    assert images(other) == ["mcp-stdio-bridge:0.2.0", "server:1"]
    own = {**STDIO, "transport": {"type": "stdio", "config": {"stdio": {"bridgeImage": "mine/sidecar:1"}}}}
    assert images(apply(api, "0.2.0", own)) == ["sidecar:1", "server:1"]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (METRICS, "sidecar"),
        (STDIO, "transport"),
        ({}, "image"),
    ],
)
def test_an_image_that_the_manifest_names_is_taken_also_if_it_is_the_default(spec, field):
    def named(version):
        image = f"{REGISTRIES[0]}/mcp-stdio-bridge:{version}"
        values = {
            "sidecar": {"image": image},
            "transport": {"type": "stdio", "config": {"stdio": {"bridgeImage": image}}},
            "image": image,
        }
        return {**spec, field: values[field]}

    api = Api()
    apply(api, "0.2.0", named("0.1.0"))
    assert "mcp-stdio-bridge:0.2.0" in images(apply(api, "0.2.0", named("0.2.0")))


def test_the_fingerprint_of_a_gated_template_is_that_of_the_pods():
    api = Api()
    strict = {**STDIO, "validation": {"strictMode": True}}
    before = apply(api, "0.1.0", strict, gated=True)["metadata"]["labels"][names.TEMPLATE_LABEL]
    after = apply(api, "0.2.0", strict, gated=True)["metadata"]["labels"][names.TEMPLATE_LABEL]
    assert after == before
    revisions = [key for key in api.objects if key.startswith("ControllerRevision")]
    assert len(revisions) == 1

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that speak over stdio: what their Pods are made of."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest, server, status
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import rollout

IMAGES = {"inject": "bridge:1", "package": "runtimes:1"}


def mcpserver(stdio=None, **spec):
    spec = {"command": ["npx", "-y", "server@1"], **spec}
    transport = {"type": "stdio", "config": {"stdio": stdio or {}, "http": {"port": 3000}}}
    meta = {"name": "files", "namespace": "mcp", "uid": "u-1", "generation": 1}
    head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta}
    return {**head, "spec": {"transport": transport, **spec}}


def view(**spec):
    return server.template_context(mcpserver(**spec), None, IMAGES)


def own_words(container):
    return container["args"][container["args"].index("--") + 1 :]


def test_a_package_runs_in_the_bridges_image_with_a_cache_it_may_write_to():
    found = view(args=["--root", "/data"])
    container = found["container"]
    assert container["image"] == "runtimes:1"
    assert found["init_containers"] == []
    assert container["optional"]["command"] == ["/usr/local/bin/mcp-stdio-bridge", "run"]
    assert own_words(container["optional"]) == ["npx", "-y", "server@1", "--root", "/data"]
    places = {mount["mountPath"] for mount in container["optional"]["volumeMounts"]}
    assert places == {"/mcp-cache", "/tmp"}
    env = {variable["name"]: variable["value"] for variable in container["env"]}
    assert env["npm_config_cache"].startswith("/mcp-cache/")
    assert env["UV_CACHE_DIR"].startswith("/mcp-cache/")
    assert env["MCP_TRANSPORT"] == "stdio"
    assert "MCP_HTTP_PATH" not in env


def test_an_image_of_its_own_gets_the_bridge_by_a_volume_and_nothing_else():
    found = view(image="mine:1")
    (init,) = found["init_containers"]
    assert found["container"]["image"] == "mine:1"
    assert init["image"] == "bridge:1"
    assert init["securityContext"]["readOnlyRootFilesystem"] is True
    assert init["volumeMounts"] == [{"name": "mcp-stdio-bridge", "mountPath": "/mcp-stdio-bridge"}]
    assert found["container"]["optional"]["command"] == ["/mcp-stdio-bridge/mcp-stdio-bridge", "run"]
    bridge = next(m for m in found["container"]["optional"]["volumeMounts"] if m["name"] == "mcp-stdio-bridge")
    assert bridge["readOnly"] is True
    assert {variable["name"] for variable in found["container"]["env"]} == {"MCP_TRANSPORT"}


def test_the_root_file_system_is_read_only_unless_the_manifest_says_otherwise():
    assert view()["container"]["security"]["readOnlyRootFilesystem"] is True
    writable = view(security={"readOnlyRootFilesystem": False})
    assert writable["container"]["security"]["readOnlyRootFilesystem"] is False


def test_the_cache_is_a_claim_or_has_a_limit():
    def cache(**given):
        volumes = view(stdio={"cache": given})["pod"]["optional"]["volumes"]
        return next(volume for volume in volumes if volume["name"] == "mcp-cache")

    assert cache() == {"name": "mcp-cache", "emptyDir": {}}
    assert cache(sizeLimit="1Gi") == {"name": "mcp-cache", "emptyDir": {"sizeLimit": "1Gi"}}
    assert cache(claimName="warm") == {"name": "mcp-cache", "persistentVolumeClaim": {"claimName": "warm"}}


def test_the_users_own_volumes_stay_and_win():
    template = {
        "volumes": [{"name": "data", "emptyDir": {}}],
        "volumeMounts": [{"name": "data", "mountPath": "/tmp/"}],
    }
    found = view(podTemplate=template)
    assert {"name": "data", "emptyDir": {}} in found["pod"]["optional"]["volumes"]
    assert [m["mountPath"].rstrip("/") for m in found["container"]["optional"]["volumeMounts"]].count("/tmp") == 1
    assert "mcp-tmp" not in {volume["name"] for volume in found["pod"]["optional"]["volumes"]}


def test_settings_are_the_bridges_options():
    settings = {
        "mode": "shared",
        "maxSessions": 3,
        "sessionIdleSeconds": 20,
        "startTimeoutSeconds": 90,
        "requestTimeoutSeconds": 7,
    }
    options = view(stdio=settings)["container"]["optional"]["args"]
    wanted = ["--listen=:3000", "--mode=shared", "--max-sessions=3", "--idle=20s", "--start=90s", "--request=7s"]
    assert options[: options.index("--")] == wanted


def test_a_spare_is_for_servers_of_which_each_client_has_a_process():
    assert "--spare" in view(stdio={"spare": True})["container"]["optional"]["args"]
    assert "--spare" not in view()["container"]["optional"]["args"]
    assert "--spare" not in view(stdio={"spare": True, "mode": "shared"})["container"]["optional"]["args"]
    assert any("spare" in warning for warning in server.warnings(mcpserver({"spare": True, "mode": "shared"})))
    assert not any("spare" in warning for warning in server.warnings(mcpserver({"spare": True})))


def test_secrets_are_named_to_the_bridge_and_their_values_are_nowhere_but_in_the_environment():
    environment = [
        {"name": "DATABASE", "valueFrom": {"secretKeyRef": {"name": "db", "key": "url"}}},
        {"name": "MY_API_KEY", "value": "s3cr3t"},
        {"name": "X-API-KEY", "value": "s3cr3t"},
        {"name": "LEVEL", "value": "debug"},
    ]
    found = view(environment=environment)
    options = found["container"]["optional"]["args"]
    assert "--secret-env=DATABASE" in options
    assert "--secret-env=MY_API_KEY" in options
    assert "--secret-env=X-API-KEY" in options
    assert not any("LEVEL" in option or "s3cr3t" in option for option in options)
    assert environment[0] in found["container"]["env"]


def test_the_bridge_says_whether_it_is_ready_and_no_probe_ends_it():
    optional = view(stdio={"startTimeoutSeconds": 200}, healthCheck={"path": "/mine"})["container"]["optional"]
    assert optional["readinessProbe"]["httpGet"] == {"path": "/healthz", "port": 3000}
    assert optional["startupProbe"]["failureThreshold"] > 200
    assert "livenessProbe" not in optional
    assert any("healthCheck" in warning for warning in server.warnings(mcpserver(healthCheck={"path": "/mine"})))


def test_a_client_stays_with_the_pod_that_has_its_session():
    assert view()["service"]["affinity_seconds"]


def test_an_image_of_the_manifest_overrides_that_of_the_role():
    assert view()["container"]["image"] == IMAGES["package"]
    assert view(stdio={"bridgeImage": "other:2"})["container"]["image"] == "other:2"


def test_only_a_stdio_server_may_do_without_an_image():
    assert manifest.check(mcpserver())["spec"]["command"]
    with pytest.raises(ManifestError, match="image"):
        manifest.check(mcpserver(transport={"type": "http"}))
    with pytest.raises(ManifestError, match="image"):
        manifest.check(mcpserver(image="  "))


def test_the_status_tells_that_it_is_bridged_and_how_often_it_was_restarted():
    seen = Observation(rollout(None), {"state": "Pending"}, restarts=2)
    found = status.status(mcpserver(stdio={"mode": "shared"}), seen, "2026-11-25T00:00:00Z")
    assert found["transportType"] == "stdio"
    assert found["bridge"] == {"mode": "shared", "childRestarts": 2}
    plain = mcpserver(image="a", transport={"type": "http"})
    assert "bridge" not in status.status(plain, seen, "2026-11-25T00:00:00Z")

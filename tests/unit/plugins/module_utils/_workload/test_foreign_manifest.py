# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From manifests of other projects to those of MCPServers."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import errors
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.foreign_manifest import (
    manifest_of_foreign,
    targets_of_foreign,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.manifest import check

FOLDER = Path(__file__).parent / "foreign"
ALL = ("kmcp", "toolhive", "lifecycle")


def sample(name):
    return list(yaml.safe_load_all((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))[-1]


def imported(document, **changed):
    """Import an object, with other values of some fields of its spec."""
    document = copy.deepcopy(document)
    document["spec"].update(changed)
    return manifest_of_foreign(document)


def dropped(found):
    """Return the fields that were left out, without the reasons."""
    return [line.partition(": ")[0] for line in found.dropped]


@pytest.mark.parametrize("name", ALL)
def test_the_result_is_a_manifest(name):
    assert check(manifest_of_foreign(sample(name)).manifest)["metadata"]["namespace"] == "tools"


def test_kmcp():
    found = manifest_of_foreign(sample("kmcp"))
    assert found.manifest["metadata"] == {"name": "notes", "namespace": "tools", "labels": {"team": "platform"}}
    assert found.manifest["spec"] == {
        "image": "ghcr.io/example/notes:v1",
        "command": ["/usr/bin/notes"],
        "args": ["--home", "$$(HOME)"],
        "replicas": 2,
        "environment": [
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "notes", "key": "API_KEY"}}},
        ],
        "transport": {"type": "stdio"},
        "service": {"port": 3000},
        "resources": {"limits": {"memory": "512Mi"}},
        "security": {"fsGroup": 1001, "runAsNonRoot": True, "runAsUser": 1001, "readOnlyRootFilesystem": True},
        "podTemplate": {
            "volumes": [
                {"name": "cm-notes-config", "configMap": {"name": "notes-config"}},
                {"name": "data", "emptyDir": {}},
            ],
            "volumeMounts": [
                {"name": "cm-notes-config", "mountPath": "/configmaps/notes-config", "readOnly": True},
                {"name": "data", "mountPath": "/data"},
            ],
            "labels": {"app.kubernetes.io/part-of": "assistants"},
            "annotations": {"example.com/note": "a"},
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "tolerations": [{"key": "dedicated", "operator": "Exists"}],
            "imagePullSecrets": [{"name": "registry"}],
            "spec": {
                "containers": [
                    {
                        "name": "mcp-server",
                        "envFrom": [{"secretRef": {"name": "notes-secrets"}}],
                        "imagePullPolicy": "IfNotPresent",
                    },
                    {"name": "logs", "image": "ghcr.io/example/logs:v1"},
                ]
            },
        },
    }
    assert found.missing == (
        "The key API_KEY of the Secret notes, whose value spec.deployment.env.API_KEY has in the clear.",
    )
    assert dropped(found) == [
        "metadata.annotations[example.com/owner]",
        "spec.timeout",
        "spec.deployment.initContainer",
        "spec.deployment.serviceAccount",
        "spec.deployment.podSecurityContext.sysctls",
    ]
    assert "in-the-clear" not in str(found)


def test_kmcp_over_http_has_the_probes_of_an_mcpserver():
    document = sample("kmcp")
    spec = {"transportType": "http", "httpTransport": {"targetPort": 9, "path": "/api", "tls": {"secretRef": "x"}}}
    found = imported({**document, "metadata": {"name": "a"}, "spec": {**spec, "deployment": {"image": "a:1"}}})
    assert found.manifest["spec"] == {
        "image": "a:1",
        "transport": {
            "type": "http",
            "protocol": "streamable-http",
            "config": {"http": {"port": 3000, "path": "/api"}},
        },
    }
    assert dropped(found) == ["spec.httpTransport.targetPort", "spec.httpTransport.tls"]


@pytest.mark.parametrize(
    ("deployment", "missing"),
    [
        ({"cmd": "npx", "args": ["server"]}, []),
        ({"cmd": "node"}, ["spec.image: only npx and uvx over stdio run without one."]),
        ({"image": "a:1"}, ["spec.command: the sidecar starts the server by it."]),
    ],
)
def test_kmcp_without_an_image_or_a_command(deployment, missing):
    found = imported({**sample("kmcp"), "spec": {"transportType": "stdio", "deployment": deployment}})
    assert list(found.missing) == missing


def test_toolhive():
    found = manifest_of_foreign(sample("toolhive"))
    assert found.manifest["spec"] == {
        "image": "ghcr.io/example/fetcher:v1",
        "args": ["--verbose"],
        "replicas": 2,
        "environment": [
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "FETCH_TOKEN", "valueFrom": {"secretKeyRef": {"name": "fetcher-secrets", "key": "token"}}},
            {"name": "REGION", "valueFrom": {"secretKeyRef": {"name": "fetcher-secrets", "key": "REGION"}}},
        ],
        "transport": {"type": "http", "protocol": "streamable-http", "config": {"http": {"port": 8081}}},
        "service": {"port": 9000, "sessionAffinity": "None"},
        "resources": {"limits": {"memory": "1Gi"}},
        "security": {"fsGroup": 2000, "runAsNonRoot": True, "runAsUser": 1002},
        "podTemplate": {
            "serviceAccountName": "fetcher",
            "labels": {"tier": "tools"},
            "nodeSelector": {"disk": "ssd"},
        },
    }
    assert sorted(dropped(found)) == [
        "spec.groupRef",
        "spec.oidcConfigRef",
        "spec.permissionProfile",
        "spec.podTemplateSpec.spec.containers[0].securityContext.privileged",
        "spec.podTemplateSpec.spec.containers[1]",
        "spec.replicas",
        "spec.volumes[0]",
    ]
    assert any("Clients used that of the proxy" in note for note in found.notes)


def test_toolhive_over_stdio_has_no_command():
    found = imported(sample("toolhive"), transport="stdio")
    assert found.manifest["spec"]["transport"] == {"type": "stdio"}
    assert found.missing[0].startswith("spec.command")


def test_a_remote_server_of_toolhive_is_a_target():
    document = sample("toolhive-remote")
    [target], _missing, notes = targets_of_foreign(document)
    assert target == {
        "name": "tools/tickets",
        "url": "https://tickets.example.com/mcp",
        "transport": "streamable-http",
        "headersEnv": {"X-Tenant": "MCP_X_TENANT", "Authorization": "MCP_AUTHORIZATION"},
    }
    assert notes == ()
    with pytest.raises(errors.ForeignManifestInvalid, match="Validate its URL"):
        manifest_of_foreign(document)
    with pytest.raises(errors.ForeignManifestInvalid, match="no remote URL"):
        targets_of_foreign(sample("toolhive"))


def test_headers_of_a_remote_server_that_are_no_list():
    document = sample("toolhive-remote")
    document["spec"]["headerForward"] = {"addHeadersFromSecret": 5}
    [target], _missing, _notes = targets_of_foreign(document)
    assert "headersEnv" not in target


def test_mcp_lifecycle_operator():
    found = manifest_of_foreign(sample("lifecycle"))
    assert found.manifest["spec"] == {
        "image": "quay.io/example/cluster-mcp:v1",
        "args": ["--config", "/etc/mcp/config.toml"],
        "replicas": 2,
        "environment": [
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "cluster", "key": "token"}}},
        ],
        "transport": {
            "type": "http",
            "protocol": "streamable-http",
            "config": {"http": {"port": 8082, "path": "/mcp", "tls": {"caSecretRef": {"name": "ca", "key": "ca.crt"}}}},
        },
        "service": {"sessionAffinity": "None"},
        "healthCheck": {"enabled": False},
        "resources": {"requests": {"cpu": "100m"}},
        "security": {"allowPrivilegeEscalation": False},
        "network": {
            "ingress": {"presets": [], "from": [{"namespaceSelector": {"matchLabels": {"team": "agents"}}}]},
            "egress": {"mode": "open"},
        },
        "podTemplate": {
            "imagePullSecrets": [{"name": "registry"}],
            "volumes": [
                {"name": "storage-0", "configMap": {"name": "cluster-config"}},
                {"name": "storage-1", "emptyDir": {"sizeLimit": "100Mi"}},
            ],
            "volumeMounts": [
                {"name": "storage-0", "mountPath": "/etc/mcp", "readOnly": True},
                {"name": "storage-1", "mountPath": "/tmp"},
            ],
            "serviceAccountName": "viewer",
            "labels": {"team": "platform"},
            "annotations": {"prometheus.io/scrape": "true"},
            "spec": {
                "containers": [
                    {
                        "name": "mcp-server",
                        "imagePullPolicy": "Always",
                        "envFrom": [{"configMapRef": {"name": "cluster-env"}}],
                        "readinessProbe": {"httpGet": {"path": "/healthz", "port": 8082}, "periodSeconds": 10},
                    }
                ]
            },
        },
    }
    assert dropped(found) == ["spec.transport.tls.insecureSkipVerify", "spec.network.egressTo", "spec.gateway"]
    assert found.missing == ()


def test_an_unknown_field_is_named_without_its_value():
    found = imported(sample("lifecycle"), **{"later\n---\nkind: Secret": "never-repeat-this"})
    assert "spec.later --- kind: Secret: no field of an MCPServer is the same." in found.dropped
    assert "never-repeat-this" not in str(found)


@pytest.mark.parametrize("name", ["", "Notes", "a\nb"])
def test_a_name_that_no_mcpserver_can_have(name):
    document = {**sample("kmcp"), "metadata": {"name": name}}
    with pytest.raises(errors.ForeignManifestInvalid, match="Choose one with --name"):
        manifest_of_foreign(document)
    assert manifest_of_foreign(document, "notes").manifest["metadata"]["name"] == "notes"


def test_volumes_of_the_node_are_left_out():
    volumes = [{"name": "node", "hostPath": {"path": "/"}}, {"name": "data", "emptyDir": {}}]
    mounts = [{"name": volume["name"], "mountPath": f"/{volume['name']}"} for volume in volumes]
    sidecars = [{"name": "logs", "volumeMounts": mounts}, {"name": "node", "volumeMounts": mounts[:1]}]
    deployment = {"image": "a:1", "cmd": "a", "volumes": volumes, "volumeMounts": mounts, "sidecars": sidecars}
    found = imported(sample("kmcp"), deployment=deployment)
    assert found.manifest["spec"]["podTemplate"] == {
        "volumes": volumes[1:],
        "volumeMounts": mounts[1:],
        "spec": {"containers": [{"name": "logs", "volumeMounts": mounts[1:]}, {"name": "node"}]},
    }
    left_out = [line for line in dropped(found) if "volume" in line]
    assert left_out == ["the volume node", *["a mount of the volume node"] * 3]


def test_without_its_only_volume_a_server_has_no_mounts():
    volumes, mounts = [{"name": "node", "hostPath": {"path": "/"}}], [{"name": "node", "mountPath": "/node"}]
    deployment = {"image": "a:1", "cmd": "a", "volumes": volumes, "volumeMounts": mounts}
    assert "podTemplate" not in imported(sample("kmcp"), deployment=deployment).manifest["spec"]


def test_secrets_of_sidecars_are_references():
    plain, reference = {"name": "LEVEL", "value": "info"}, {"name": "TOKEN", "valueFrom": {"fieldRef": {}}}
    variables = [plain, {"name": "API_KEY", "value": "never-repeat-this"}, reference, "a"]
    sidecars = [{"name": "logs", "env": variables, "args": ["$(API_KEY)"]}]
    found = imported(sample("kmcp"), deployment={"image": "a:1", "cmd": "a", "sidecars": sidecars})
    [container] = found.manifest["spec"]["podTemplate"]["spec"]["containers"]
    secret = {"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "notes", "key": "logs.API_KEY"}}}
    assert container == {"name": "logs", "env": [plain, secret, reference, "a"], "args": ["$(API_KEY)"]}
    where = "spec.deployment.sidecars[0].env"
    assert found.missing == (f"The key logs.API_KEY of the Secret notes, whose value {where} has in the clear.",)
    assert "never-repeat-this" not in str(found)


def test_the_value_of_a_variable_that_is_no_string():
    found = imported(sample("kmcp"), deployment={"image": "a:1", "cmd": "a", "env": {"LEVEL": 5, "EMPTY": None}})
    assert found.manifest["spec"]["environment"] == [{"name": "EMPTY", "value": ""}]
    assert "spec.deployment.env.LEVEL: its value is not a string." in found.dropped


def test_values_that_no_manifest_can_have():
    with pytest.raises(errors.ManifestError, match="JSON cannot represent"):
        imported(sample("kmcp"), timeout=float("nan"))

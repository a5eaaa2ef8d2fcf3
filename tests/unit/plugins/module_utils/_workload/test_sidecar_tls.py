# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.tls``, ``spec.auth`` and ``spec.limits``: what they change in Pods, Services, probes and the status."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import config, manifest, server, tls, validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec

from support.rendered import objects_of

TLS = {"secretName": "wiki-tls"}
CA = {"name": "clients", "key": "bundle.pem"}
STDIO = {"transport": {"type": "stdio", "config": {"http": {"port": 3000}}}, "command": ["server"]}
ISSUER = "https://login.example.com"


def mcpserver(**spec):
    transport = {"config": {"http": {"port": 3001}}}
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u-1"},
        "spec": {"image": "wiki:1", "transport": transport, **spec},
    }


def pod_of(**spec):
    return objects_of(mcpserver(**spec))["Deployment"]["spec"]["template"]["spec"]


def proxy(**spec):
    (container,) = pod_of(**spec)["initContainers"]
    return container


def options(prefix, **spec):
    return [word for word in proxy(**spec)["args"] if word.startswith(prefix)]


def test_the_sidecar_has_the_certificate_and_the_server_has_not():
    pod = pod_of(tls=TLS)
    assert pod["volumes"] == [{"name": "tls-certs", "secret": {"secretName": "wiki-tls", "defaultMode": 0o440}}]
    assert proxy(tls=TLS)["volumeMounts"] == [{"name": "tls-certs", "mountPath": "/etc/tls", "readOnly": True}]
    assert "volumeMounts" not in pod["containers"][0]
    assert options("--tls", tls=TLS) == [
        "--tls-cert-file=/etc/tls/tls.crt",
        "--tls-key-file=/etc/tls/tls.key",
        "--tls-min-version=1.2",
    ]


def test_clients_and_validation_use_https():
    secure = mcpserver(tls=TLS)
    [port] = objects_of(secure)["Service"]["spec"]["ports"]
    assert (port["name"], port["targetPort"], port["appProtocol"]) == ("http", "http", "https")
    assert validation.endpoint(secure, "/mcp") == "https://wiki.team.svc:8080/mcp"
    assert probe_spec(secure).server_name == "wiki.team.svc"
    assert probe_spec(mcpserver(tls={**TLS, "serverName": "mcp.example.com"})).server_name == "mcp.example.com"


def test_the_kubelet_needs_no_certificate():
    checks = [
        *(proxy(tls=TLS, healthCheck={})[name] for name in ("readinessProbe", "livenessProbe")),
        pod_of(tls=TLS)["containers"][0]["readinessProbe"],
        pod_of(tls=TLS, healthCheck={})["containers"][0]["readinessProbe"],
    ]
    assert not any("scheme" in check["httpGet"] for check in checks)


def test_without_metrics_the_service_has_no_port_for_them():
    assert [port["name"] for port in objects_of(mcpserver(tls=TLS))["Service"]["spec"]["ports"]] == ["http"]
    assert "--metrics-listen=:9090" in proxy(tls=TLS)["args"], "the kubelet uses it"


def test_the_authority_of_clients_is_that_of_the_secret_or_of_the_manifest():
    mutual = {**TLS, "mode": "mutual", "minVersion": "1.3", "clientSANs": ["spiffe://cluster.local/ns/a/sa/b", "web"]}
    assert options("--tls-client", tls=mutual) == [
        "--tls-client-ca-file=/etc/tls/ca.crt",
        "--tls-client-san=spiffe://cluster.local/ns/a/sa/b",
        "--tls-client-san=web",
    ]
    assert options("--tls-min", tls=mutual) == ["--tls-min-version=1.3"]
    assert options("--tls-client-ca", tls={**mutual, "clientCAConfigMapRef": CA}) == [
        "--tls-client-ca-file=/etc/tls-client-ca/ca.crt"
    ]


@pytest.mark.parametrize(
    ("reference", "source"),
    [
        ("clientCAConfigMapRef", {"configMap": {"name": "clients"}}),
        ("clientCASecretRef", {"secret": {"secretName": "clients"}}),
    ],
)
def test_the_authority_of_clients_is_mounted_as_ca_crt(reference, source):
    volume = pod_of(tls={**TLS, "mode": "mutual", reference: CA})["volumes"][1]
    [(kind, wanted)] = source.items()
    assert volume["name"] == "tls-client-ca"
    assert volume[kind].items() >= wanted.items()
    assert volume[kind]["items"] == [{"key": "bundle.pem", "path": "ca.crt"}]


def test_the_field_of_the_reference_operator_counts_if_it_had_a_sidecar():
    theirs = {"enabled": True, "secretName": "wiki-tls", "minVersion": "1.3"}
    found = options("--tls", metrics={"enabled": True}, sidecar={"tls": theirs})
    assert found[0] == "--tls-cert-file=/etc/tls/tls.crt"
    assert found[-1] == "--tls-min-version=1.3"
    without = mcpserver(sidecar={"tls": theirs})
    assert tls.scheme(without) == "http"
    assert any("spec.sidecar has no effect" in warning for warning in server.warnings(without))
    off = {"enabled": False, "secretName": ""}
    assert tls.scheme(mcpserver(metrics={"enabled": True}, sidecar={"tls": off})) == "http"


def test_validation_trusts_the_authority_of_the_secret_unless_the_manifest_names_one():
    assert tls.settings(mcpserver(tls=TLS))["caSecretRef"] == {"name": "wiki-tls", "key": "ca.crt", "optional": True}
    own = {"name": "ca", "key": "ca.crt"}
    found = tls.settings(mcpserver(tls={**TLS, "caConfigMapRef": own}))
    assert found["caConfigMapRef"] == own
    assert "caSecretRef" not in found


ISSUED = {"issuerRef": {"name": "team-ca"}}


def test_cert_manager_issues_the_certificate_of_the_names_of_the_service():
    found = objects_of(mcpserver(tls=ISSUED))
    certificate = found["Certificate"]
    assert certificate["metadata"]["name"] == "wiki"
    assert certificate["metadata"]["ownerReferences"][0]["uid"] == "u-1"
    assert certificate["spec"]["dnsNames"] == ["wiki.team.svc", "wiki.team.svc.cluster.local"]
    assert certificate["spec"]["issuerRef"] == {"name": "team-ca", "kind": "Issuer", "group": "cert-manager.io"}
    [volume] = found["Deployment"]["spec"]["template"]["spec"]["volumes"]
    assert volume["secret"]["secretName"] == certificate["spec"]["secretName"] == "wiki-tls"
    assert tls.settings(mcpserver(tls=ISSUED))["caSecretRef"]["name"] == "wiki-tls"
    assert "Certificate" not in objects_of(mcpserver(tls=TLS))


def test_the_certificate_has_the_name_that_validation_requires():
    issuer = {"name": "public", "kind": "ClusterIssuer"}
    found = objects_of(mcpserver(tls={"issuerRef": issuer, "serverName": "wiki.example.com"}))["Certificate"]["spec"]
    assert found["dnsNames"][-1] == "wiki.example.com"
    assert found["issuerRef"]["kind"] == "ClusterIssuer"


def test_a_stdio_server_has_the_certificate_in_its_container():
    pod = pod_of(**STDIO, tls=TLS)
    container = pod["containers"][0]
    assert {"name": "tls-certs", "mountPath": "/etc/tls", "readOnly": True} in container["volumeMounts"]
    assert "--tls-cert-file=/etc/tls/tls.crt" in container["args"][: container["args"].index("--")]
    assert [probe["name"] for probe in pod["initContainers"]] == ["mcp-stdio-bridge"]


@pytest.mark.parametrize("control", [{"tls": TLS}, {"auth": {"issuers": ["https://login.example.com"]}}])
def test_the_kubelet_reaches_a_stdio_server_without_a_certificate_and_without_a_token(control):
    container = pod_of(**STDIO, **control)["containers"][0]
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/readyz", "port": 9090}


def test_a_renewed_certificate_rolls_no_pod():
    """The sidecar reads it again."""
    mutual = {**TLS, "mode": "mutual", "clientCASecretRef": CA}
    pod = pod_of(tls=mutual, podTemplate={"volumes": [{"name": "own", "secret": {"secretName": "own"}}]})
    assert config.references(pod) == [("Secret", "own")]


def test_tokens_are_for_the_url_of_clients():
    auth = {"issuers": [ISSUER, f"{ISSUER}/b"]}
    assert options("--auth", auth=auth, tls=TLS) == [
        f"--auth-issuer={ISSUER}",
        f"--auth-issuer={ISSUER}/b",
        "--auth-resource=https://wiki.team.svc:8080/mcp",
    ]
    assert "--audit" not in proxy(auth=auth)["args"]


def test_the_settings_of_auth_are_options():
    auth = {
        "issuers": [ISSUER],
        "resource": "https://wiki.example.com/mcp",
        "audience": "wiki",
        "scopes": ["mcp:use", "wiki"],
        "toolScopes": [{"tool": "delete", "scopes": ["mcp:admin", "wiki"]}],
        "caConfigMapRef": CA,
        "forwardSubjectHeader": "X-Forwarded-User",
        "audit": True,
    }
    assert options("--a", auth=auth) == [
        f"--auth-issuer={ISSUER}",
        "--auth-resource=https://wiki.example.com/mcp",
        "--auth-audience=wiki",
        "--auth-scope=mcp:use",
        "--auth-scope=wiki",
        "--auth-tool-scope=delete=mcp:admin",
        "--auth-tool-scope=delete=wiki",
        "--auth-ca-file=/etc/auth-ca/ca.crt",
        "--auth-subject-header=X-Forwarded-User",
        "--audit",
    ]
    assert [volume["name"] for volume in pod_of(auth=auth)["volumes"]] == ["auth-ca"]


def test_limits_are_options():
    limits = {"session": {"requestsPerSecond": 10, "burst": 30}, "subject": {"requestsPerSecond": 5}}
    assert options("--limit", limits=limits) == ["--limit-session=10/s:30", "--limit-subject=5/s:5"]


@pytest.mark.parametrize("field", ["tls", "auth", "limits"])
def test_no_port_of_the_service_leads_past_the_control_of_access(field):
    fields = {"tls": TLS, "auth": {"issuers": [ISSUER]}, "limits": {"session": {"requestsPerSecond": 1}}}
    spec = {field: fields[field]}
    for target in (3001, "server", "metrics"):
        with pytest.raises(ManifestError, match="past the sidecar"):
            manifest.check(mcpserver(**spec, service={"targetPort": target}))
    for target in (8080, "http"):
        assert manifest.check(mcpserver(**spec, service={"targetPort": target}))
    assert manifest.check(mcpserver(**{**STDIO, **spec}, service={"targetPort": 3000}))


def test_a_job_can_not_verify_a_certificate():
    with pytest.raises(ManifestError, match="runner job"):
        manifest.check(mcpserver(tls=TLS, validation={"runner": "job"}))
    with pytest.raises(ManifestError, match="runner job"):
        manifest.check(mcpserver(validation={"runner": "job", "clientCertificateSecretRef": {"name": "a"}}))

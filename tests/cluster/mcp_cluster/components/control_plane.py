# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""etcd, the API server, the controllers and the scheduler."""

from __future__ import annotations

from pathlib import Path

from .. import addresses
from .base import Cluster, Component

_ETCD = "https://127.0.0.1:2379"
_ETCD_PEER = "https://127.0.0.1:2380"

# The defaults, 20 requests a second, make 500 Deployments take minutes whatever created them.
_UNTHROTTLED = ("--kube-api-qps=1000", "--kube-api-burst=2000")
_UNTHROTTLED_CONTROLLERS = (
    "--concurrent-deployment-syncs=20",
    "--concurrent-replicaset-syncs=20",
    "--concurrent-service-endpoint-syncs=20",
    "--concurrent-gc-syncs=40",
)


def etcd(cluster: Cluster) -> Component:
    pki = cluster.certificates
    certificate, key, authority = pki.certificate("etcd"), pki.key("etcd"), pki.certificate("etcd-ca")
    return Component(
        "etcd",
        (
            str(cluster.programs.etcd / "etcd"),
            f"--data-dir={cluster.locations.etcd}",
            f"--listen-client-urls={_ETCD}",
            f"--advertise-client-urls={_ETCD}",
            f"--cert-file={certificate}",
            f"--key-file={key}",
            f"--trusted-ca-file={authority}",
            "--client-cert-auth=true",
            f"--listen-peer-urls={_ETCD_PEER}",
            f"--initial-advertise-peer-urls={_ETCD_PEER}",
            f"--initial-cluster=default={_ETCD_PEER}",
            f"--peer-cert-file={certificate}",
            f"--peer-key-file={key}",
            f"--peer-trusted-ca-file={authority}",
            "--peer-client-cert-auth=true",
            "--listen-metrics-urls=http://127.0.0.1:2381",
            # A cluster for tests need not survive a power cut, and waiting for the disk is most of a write's time.
            "--unsafe-no-fsync",
            "--logger=zap",
            "--log-level=warn",
        ),
        cluster.healthy("http://127.0.0.1:2381/health"),
    )


def apiserver(cluster: Cluster) -> Component:
    pki = cluster.certificates
    return Component(
        "kube-apiserver",
        (
            str(cluster.programs.kubernetes / "kube-apiserver"),
            f"--advertise-address={addresses.NODE}",
            f"--secure-port={addresses.API_PORT}",
            f"--service-cluster-ip-range={addresses.SERVICES}",
            f"--tls-cert-file={pki.certificate('apiserver')}",
            f"--tls-private-key-file={pki.key('apiserver')}",
            f"--client-ca-file={pki.certificate('ca')}",
            f"--etcd-servers={_ETCD}",
            f"--etcd-cafile={pki.certificate('etcd-ca')}",
            f"--etcd-certfile={pki.certificate('apiserver-etcd-client')}",
            f"--etcd-keyfile={pki.key('apiserver-etcd-client')}",
            "--authorization-mode=Node,RBAC",
            f"--enable-admission-plugins={','.join(_admission_plugins(cluster))}",
            "--allow-privileged=true",
            f"--kubelet-certificate-authority={pki.certificate('ca')}",
            f"--kubelet-client-certificate={pki.certificate('apiserver-kubelet-client')}",
            f"--kubelet-client-key={pki.key('apiserver-kubelet-client')}",
            # The node's name resolves nowhere; logs, exec and port-forward need its address.
            "--kubelet-preferred-address-types=InternalIP",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={pki.service_account_public_key}",
            f"--service-account-signing-key-file={pki.service_account_key}",
            f"--requestheader-client-ca-file={pki.certificate('front-proxy-ca')}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            f"--proxy-client-cert-file={pki.certificate('front-proxy-client')}",
            f"--proxy-client-key-file={pki.key('front-proxy-client')}",
            *(_audit_flags(cluster) if cluster.settings.audit else ()),
        ),
        cluster.healthy(f"https://{addresses.NODE}:{addresses.API_PORT}/readyz"),
        files={_audit_policy(cluster): _AUDIT_POLICY} if cluster.settings.audit else {},
        seconds=4,
        timeout=120,
    )


_AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
"""


def _admission_plugins(cluster: Cluster) -> tuple[str, ...]:
    """Return the plugins beside the default ones. The second one is off in most clusters, and on in OpenShift."""
    strict = () if cluster.settings.default_admission else ("OwnerReferencesPermissionEnforcement",)
    return ("NodeRestriction", *strict)


def _audit_policy(cluster: Cluster) -> Path:
    return cluster.locations.config / "audit-policy.yaml"


def _audit_flags(cluster: Cluster) -> tuple[str, ...]:
    return (
        f"--audit-policy-file={_audit_policy(cluster)}",
        f"--audit-log-path={cluster.locations.logs / 'audit.log'}",
        "--audit-log-maxsize=50",
        "--audit-log-maxbackup=2",
        "--audit-log-mode=batch",
    )


def controller_manager(cluster: Cluster) -> Component:
    pki = cluster.certificates
    kubeconfig = cluster.kubeconfig_of("kube-controller-manager")
    return Component(
        "kube-controller-manager",
        (
            str(cluster.programs.kubernetes / "kube-controller-manager"),
            f"--kubeconfig={kubeconfig}",
            # Delegated, so that a client's certificate opens /metrics; health is public.
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            "--bind-address=127.0.0.1",
            # There is only one: an election would cost it seconds at every start.
            "--leader-elect=false",
            "--allocate-node-cidrs=true",
            f"--cluster-cidr={addresses.PODS}",
            f"--service-cluster-ip-range={addresses.SERVICES}",
            "--use-service-account-credentials=true",
            f"--service-account-private-key-file={pki.service_account_key}",
            f"--root-ca-file={pki.certificate('ca')}",
            f"--cluster-signing-cert-file={pki.certificate('ca')}",
            f"--cluster-signing-key-file={pki.key('ca')}",
            *((*_UNTHROTTLED, *_UNTHROTTLED_CONTROLLERS) if cluster.settings.unthrottled else ()),
        ),
        cluster.healthy("https://127.0.0.1:10257/healthz"),
    )


def scheduler(cluster: Cluster) -> Component:
    kubeconfig = cluster.kubeconfig_of("kube-scheduler")
    return Component(
        "kube-scheduler",
        (
            str(cluster.programs.kubernetes / "kube-scheduler"),
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
            *(_UNTHROTTLED if cluster.settings.unthrottled else ()),
        ),
        cluster.healthy("https://127.0.0.1:10259/healthz"),
    )

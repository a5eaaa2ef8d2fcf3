# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The cluster's certificates, by openssl.

Three authorities, as in any real cluster, because what one of them signs must not open another's door: the cluster's,
etcd's, and the one for aggregated APIs, whose clients may speak in anybody's name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .machine.shell import run

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")

DAYS = 3650


@dataclass(frozen=True)
class Leaf:
    file: str
    authority: str
    subject: str
    usage: str = "clientAuth"
    names: tuple[str, ...] = ()
    """Subject alternative names, as `DNS:name` or `IP:address`."""


AUTHORITIES = {
    "ca": "/CN=mcp-testbed",
    "etcd-ca": "/CN=mcp-testbed-etcd",
    "front-proxy-ca": "/CN=mcp-testbed-front-proxy",
}


def leaves(node: str, node_address: str, service_address: str) -> list[Leaf]:
    service = [
        f"DNS:{name}"
        for name in (
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
        )
    ]
    server = ("DNS:localhost", *service, "IP:127.0.0.1", f"IP:{service_address}", f"IP:{node_address}")
    return [
        Leaf("apiserver", "ca", "/CN=kube-apiserver", "serverAuth", server),
        Leaf("apiserver-kubelet-client", "ca", "/CN=kube-apiserver-kubelet-client"),
        Leaf("apiserver-etcd-client", "etcd-ca", "/CN=kube-apiserver-etcd-client"),
        Leaf("front-proxy-client", "front-proxy-ca", "/CN=front-proxy-client"),
        Leaf("etcd", "etcd-ca", "/CN=etcd", "serverAuth,clientAuth", ("DNS:localhost", "IP:127.0.0.1")),
        Leaf(
            "kubelet",
            "ca",
            f"/O=system:nodes/CN=system:node:{node}",
            "serverAuth",
            (f"DNS:{node}", f"IP:{node_address}"),
        ),
        Leaf("kubelet-client", "ca", f"/O=system:nodes/CN=system:node:{node}"),
        Leaf("admin", "ca", "/O=system:masters/CN=kubernetes-admin"),
        Leaf("kube-controller-manager", "ca", "/CN=system:kube-controller-manager"),
        Leaf("kube-scheduler", "ca", "/CN=system:kube-scheduler"),
        Leaf("kube-proxy", "ca", "/CN=system:kube-proxy"),
        Leaf("coredns", "ca", "/CN=system:coredns"),
        Leaf("kwok", "ca", "/O=system:masters/CN=kwok-controller"),
        Leaf("metrics-server", "ca", "/O=system:masters/CN=metrics-server"),
        Leaf("cert-manager", "ca", "/O=system:masters/CN=cert-manager"),
    ]


class Certificates:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def certificate(self, name: str) -> Path:
        return self.folder / f"{name}.crt"

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    @property
    def service_account_key(self) -> Path:
        return self.folder / "service-account.key"

    @property
    def service_account_public_key(self) -> Path:
        return self.folder / "service-account.pub"

    def ensure(self, wanted: list[Leaf]) -> None:
        """Make what is missing; what a running cluster already uses stays as it is."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, subject in AUTHORITIES.items():
            if not self.certificate(name).exists():
                self._authority(name, subject)
        for leaf in wanted:
            if not self.certificate(leaf.file).exists():
                self._leaf(leaf)
        if not self.service_account_public_key.exists():
            self._service_account()

    def _authority(self, name: str, subject: str) -> None:
        made = self._unfinished(name)
        # fmt: off
        run([
            "openssl", "req", "-x509", "-new", "-sha256", "-days", str(DAYS), "-subj", subject,
            *_NEW_KEY, "-keyout", self.key(name), "-out", made,
            "-addext", "basicConstraints=critical,CA:true",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature",
        ])
        # fmt: on
        made.rename(self.certificate(name))

    def _leaf(self, leaf: Leaf) -> None:
        request = self.folder / f"{leaf.file}.csr"
        made = self._unfinished(leaf.file)
        key = self.key(leaf.file)
        run(["openssl", "req", "-new", "-sha256", "-subj", leaf.subject, *_NEW_KEY, "-keyout", key, "-out", request])
        extensions = [
            "basicConstraints=critical,CA:false",
            "keyUsage=critical,digitalSignature",
            f"extendedKeyUsage={leaf.usage}",
        ]
        if leaf.names:
            extensions.append("subjectAltName=" + ",".join(leaf.names))
        # A random serial number: a file that counts them would have to be guarded against a killed predecessor.
        serial = f"0x{os.urandom(16).hex()}"
        # fmt: off
        run([
            "openssl", "x509", "-req", "-sha256", "-days", str(DAYS), "-set_serial", serial,
            "-in", request, "-out", made, "-extfile", "/dev/stdin",
            "-CA", self.certificate(leaf.authority), "-CAkey", self.key(leaf.authority),
        ], stdin="\n".join(extensions) + "\n")
        # fmt: on
        request.unlink()
        made.rename(self.certificate(leaf.file))

    def _service_account(self) -> None:
        key, made = self.service_account_key, self.folder / "service-account.pub.new"
        run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key])
        run(["openssl", "pkey", "-in", key, "-pubout", "-out", made])
        made.rename(self.service_account_public_key)

    def _unfinished(self, name: str) -> Path:
        """The certificate takes its name last: when it is there, its key is there too and belongs to it."""
        return self.folder / f"{name}.crt.new"

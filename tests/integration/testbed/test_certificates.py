# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Certificates that real TLS accepts, and only where it should."""

from __future__ import annotations

import socket
import ssl
import stat
import subprocess
import threading
from pathlib import Path

import pytest
from mcp_cluster import addresses
from mcp_cluster.certificates import AUTHORITIES, Certificates, leaves

pytestmark = pytest.mark.test_all

LEAVES = leaves("sample", addresses.NODE, addresses.KUBERNETES_SERVICE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    certificates = Certificates(tmp_path_factory.mktemp("made") / "pki")
    certificates.ensure(LEAVES)
    return certificates


def openssl(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.file)
def test_each_is_signed_by_its_authority_and_by_no_other(made: Certificates, leaf) -> None:
    accepted = {
        name
        for name in AUTHORITIES
        if openssl("verify", "-x509_strict", "-CAfile", made.certificate(name), made.certificate(leaf.file)).returncode
        == 0
    }
    assert accepted == {leaf.authority}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", addresses.NODE, addresses.KUBERNETES_SERVICE, "kubernetes.default.svc"]
)
def test_the_api_server_is_trusted_by_each_of_its_names(made: Certificates, host: str) -> None:
    assert handshake(made, "apiserver", host) is None


def test_it_is_trusted_by_no_other_name(made: Certificates) -> None:
    assert isinstance(handshake(made, "apiserver", "example.com"), ssl.SSLCertVerificationError)


def test_a_client_certificate_cannot_pose_as_a_server(made: Certificates) -> None:
    error = handshake(made, "admin", None)
    assert isinstance(error, ssl.SSLCertVerificationError)
    assert "purpose" in str(error)


def handshake(made: Certificates, server: str, host: str | None) -> Exception | None:
    """What a client that trusts the cluster's authority says to a server with this certificate."""
    ours, theirs = socket.socketpair()
    accepting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    accepting.load_cert_chain(made.certificate(server), made.key(server))
    asking = ssl.create_default_context(cafile=str(made.certificate("ca")))
    asking.check_hostname = host is not None

    def serve() -> None:
        try:
            accepting.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        asking.wrap_socket(ours, server_hostname=host or "localhost").close()
        return None
    except ssl.SSLError as error:
        return error
    finally:
        ours.close()
        thread.join(timeout=5)


def test_who_a_client_is_stands_in_its_subject(made: Certificates) -> None:
    subject = openssl(
        "x509", "-noout", "-subject", "-nameopt", "compat", "-in", made.certificate("kubelet-client")
    ).stdout
    assert subject.strip() == "subject=/O=system:nodes/CN=system:node:sample"


def test_nobody_else_can_read_the_keys(made: Certificates) -> None:
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_the_service_account_keys_belong_together(made: Certificates) -> None:
    public = openssl("pkey", "-pubout", "-in", made.service_account_key).stdout
    assert public == made.service_account_public_key.read_text()
    assert public.startswith("-----BEGIN PUBLIC KEY-----")


def test_what_is_there_stays(made: Certificates) -> None:
    before = {path: path.read_bytes() for path in made.folder.iterdir()}
    made.ensure(LEAVES)
    assert {path: path.read_bytes() for path in made.folder.iterdir()} == before


def test_what_a_killed_predecessor_left_half_made_is_made_anew(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path / "pki")
    few = [leaf for leaf in LEAVES if leaf.file in ("admin", "kube-proxy")]
    certificates.ensure(few)
    # A key without a certificate, and a certificate without its final name: where a kill can leave things.
    certificates.certificate("admin").rename(certificates.folder / "admin.crt.new")
    certificates.key("admin").write_text("half a key")
    certificates.service_account_public_key.unlink()

    certificates.ensure(few)

    key = openssl("pkey", "-pubout", "-in", certificates.key("admin")).stdout
    assert key
    assert key == openssl("x509", "-noout", "-pubkey", "-in", certificates.certificate("admin")).stdout
    assert certificates.service_account_public_key.exists()

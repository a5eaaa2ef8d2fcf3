# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Certificates in a folder that looks like the volume of a Secret."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOUR = dt.timedelta(hours=1)
Key = ec.EllipticCurvePrivateKey


def key_pem(key: Key) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def san(text: str) -> x509.GeneralName:
    """Return a name of a certificate: an address, a URI or a DNS name."""
    if "://" in text:
        return x509.UniformResourceIdentifier(text)
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


class Authority:
    """Issues certificates."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(self.name, self.name, self.key.public_key(), 1, now - HOUR, now + HOUR)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        subject = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = builder.add_extension(subject, critical=False).add_extension(usage, critical=True)
        signed = certificate.sign(self.key, hashes.SHA256())
        self.pem = signed.public_bytes(serialization.Encoding.PEM)
        self.file = folder / f"{name}.crt"
        self.file.write_bytes(self.pem)

    def issue(self, *names: str, valid: dt.timedelta = HOUR) -> tuple[bytes, bytes]:
        """Return a certificate of a server and client, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf")])
        serial = x509.random_serial_number()
        builder = x509.CertificateBuilder(self.name, subject, key.public_key(), serial, now - 2 * HOUR, now + valid)
        builder = builder.add_extension(x509.SubjectAlternativeName([san(name) for name in names]), critical=False)
        usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(usages, critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(issuer, critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), key_pem(key)

    def client(self, *names: str) -> str:
        """Return a file with a client certificate and its key."""
        certificate, key = self.issue(*names)
        file = self.folder / f"client-{x509.load_pem_x509_certificate(certificate).serial_number}.pem"
        file.write_bytes(certificate + key)
        return str(file)


class Volume:
    """A folder whose files the kubelet replaces all at once, through the link ``..data``."""

    def __init__(self, folder: Path, **files: bytes) -> None:
        self.folder = folder
        folder.mkdir()
        self.versions = 0
        self.write(**files)

    def write(self, **files: bytes) -> None:
        """Replace the content of the Secret; underscores in names stand for periods."""
        self.versions += 1
        version = self.folder / f"..version{self.versions}"
        version.mkdir()
        for name, data in files.items():
            (version / name.replace("_", ".")).write_bytes(data)
            link = self.folder / name.replace("_", ".")
            if not link.is_symlink():
                link.symlink_to(Path("..data") / link.name)
        new = self.folder / "..data_tmp"
        new.symlink_to(version.name)
        new.replace(self.folder / "..data")

    def options(self) -> dict[str, str]:
        """Return the options of the sidecar for the certificate."""
        return {"tls_cert_file": str(self.folder / "tls.crt"), "tls_key_file": str(self.folder / "tls.key")}

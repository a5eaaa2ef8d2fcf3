# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Certificates, good ones and bad ones, made when the zoo opens."""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
DAY = dt.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Certificates:
    """Makes what is asked for, once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._issuer = _name("zoo authority")

    @functools.cached_property
    def authority(self) -> Path:
        file = self._folder / "authority.pem"
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        now = dt.datetime.now(dt.UTC)
        key = self._key.public_key()
        builder = x509.CertificateBuilder(self._issuer, self._issuer, key, 1, now - DAY, now + DAY)
        builder = builder.add_extension(constraint, critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        usage = dict.fromkeys(_USAGES, False) | {"key_cert_sign": True}
        builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
        file.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return file

    def context(self, kind: str) -> ssl.SSLContext:
        """Return the server's side of TLS: good, expired, misnamed or self-signed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.leaf(kind))
        return context

    @functools.cache  # noqa: B019  # lives as long as the zoo
    def leaf(self, kind: str, host: str = "localhost") -> Path:
        """Return a file with a certificate for a host and its key."""
        file = self._folder / f"{kind}.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        end = now - DAY if kind == "expired" else now + DAY
        issuer, signer = (_name(kind), key) if kind == "self-signed" else (self._issuer, self._key)
        names: list[x509.GeneralName] = [x509.DNSName("elsewhere.invalid")]
        if kind != "misnamed":
            names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = x509.CertificateBuilder(
            issuer, _name(kind), key.public_key(), x509.random_serial_number(), now - 3 * DAY, end
        ).add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        certificate = builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        file.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()) + certificate)
        return file

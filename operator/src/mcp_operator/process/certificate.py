# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The certificate of a TLS server: self-signed, or from files that are loaded again when they change."""

from __future__ import annotations

import datetime as dt
import logging
import ssl
import tempfile
from pathlib import Path

_log = logging.getLogger(__name__)

# The names of a Secret of type kubernetes.io/tls.
_CERTIFICATE, _KEY = "tls.crt", "tls.key"
_HOST = "localhost"
# Longer than any process runs. A client cannot verify the certificate in any case.
_VALID = dt.timedelta(days=3650)

# What a changed file has another value of.
_Version = tuple[tuple[int, int, int], ...]


class SelfSigned:
    """A certificate that is created with a new key and is valid for as long as the process runs."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory(prefix="mcp-operator-") as folder:
            _write_self_signed(Path(folder))
            self._context = _load(Path(folder))

    def context(self) -> ssl.SSLContext:
        """Return the TLS context."""
        return self._context


class CertificateFiles:
    """A certificate from ``tls.crt`` and ``tls.key`` in a folder, as a mounted Secret has them.

    :raises OSError: a file cannot be read, or the files are not a certificate and its key.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._version = self._current_version()
        self._context = _load(folder)

    def context(self) -> ssl.SSLContext:
        """Return the TLS context for the next connection. While changed files are invalid, the last one stays."""
        try:
            version = self._current_version()
            if version != self._version:
                self._version = version
                self._context = _load(self._folder)
                _log.info("The certificate was loaded again", extra={"folder": str(self._folder)})
        except OSError as exc:
            _log.warning("The certificate cannot be loaded again: %s", exc, extra={"folder": str(self._folder)})
        return self._context

    def _current_version(self) -> _Version:
        files = [(self._folder / name).stat() for name in (_CERTIFICATE, _KEY)]
        return tuple((file.st_ino, file.st_mtime_ns, file.st_size) for file in files)


def _load(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / _CERTIFICATE, folder / _KEY)
    return context


def _write_self_signed(folder: Path) -> None:
    # 10 MiB that other processes do without.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(_HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / _CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / _KEY).write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""TLS contexts, cached because loading the trust store is slow, and specific errors."""

from __future__ import annotations

import functools
import socket
import ssl
import tempfile
import time
import typing as t

from ..._util import clean
from ..errors import ConnectError, InvalidTarget, McpError, TlsError

if t.TYPE_CHECKING:
    from ..options import Options
    from .deadline import Deadline


def context_for(options: Options) -> ssl.SSLContext:
    """Return the TLS context for the options.

    :raises InvalidTarget: if a file cannot be read or has no certificate.
    """
    try:
        return _context(
            options.validate_certs,
            options.ca_cert,
            options.ca_data,
            (options.client_cert, options.client_key, options.client_data),
        )
    except (OSError, ValueError) as exc:  # ssl.SSLError is an OSError
        raise InvalidTarget(
            f"A TLS file cannot be used: {clean(exc)}.", "Check ca_cert, client_cert and client_key."
        ) from None


@functools.lru_cache(maxsize=64)
def _context(
    verify: bool, ca_cert: str | None, ca_data: str | None, client: tuple[str | None, str | None, str | None]
) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_cert, cadata=ca_data)
    context.set_alpn_protocols(["http/1.1"])
    # Python 3.13 rejects authorities without a key usage extension, which internal ones often lack.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    client_cert, client_key, client_data = client
    if client_data is not None:
        load_certificate(context, client_data)
    elif client_cert is not None:
        # OpenSSL would prompt for a password on the terminal.
        context.load_cert_chain(client_cert, client_key, password=_no_password)
    return context


def load_certificate(context: ssl.SSLContext, pem: str) -> None:
    """Load a client certificate and its key. OpenSSL reads them from a file only, which exists for that moment.

    :raises OSError: they are not a pair, or no PEM.
    :raises ValueError: the key is protected by a password.
    """
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:  # readable for this user only
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name, password=_no_password)


def _no_password() -> str:
    raise ValueError("the client key is protected by a password")


# The words of OpenSSL for X509_V_ERR_CERT_HAS_EXPIRED, for a certificate that the server sent.
EXPIRED: t.Final = "certificate has expired"
_CERT_HAS_EXPIRED: t.Final = 10
_AUTHORITY_EXPIRED: t.Final = "an authority that the client trusts has expired"


def wrap(sock: socket.socket, context: ssl.SSLContext, name: str, deadline: Deadline) -> ssl.SSLSocket:
    """Start TLS on a connected socket.

    :raises McpError: if the handshake fails, with the reason.
    """
    try:
        sock.settimeout(deadline.remaining("the TLS handshake"))
        return context.wrap_socket(sock, server_hostname=name)
    except (OSError, ValueError) as exc:
        sock.close()
        if isinstance(exc, ssl.SSLCertVerificationError):
            raise _untrusted(exc, context) from None
        raise translate(exc, deadline, "the TLS handshake") from None


def _untrusted(exc: ssl.SSLCertVerificationError, context: ssl.SSLContext) -> TlsError:
    """Return the error for a certificate that is not trusted; OpenSSL does not say whose certificate has expired."""
    text = clean(exc.verify_message)
    if exc.verify_code == _CERT_HAS_EXPIRED:
        ends = (str(authority["notAfter"]) for authority in context.get_ca_certs() if "notAfter" in authority)
        text = _AUTHORITY_EXPIRED if any(ssl.cert_time_to_seconds(end) < time.time() for end in ends) else EXPIRED
    return TlsError(f"The server's certificate is not trusted: {text}.", code="TLS_VERIFY_FAILED")


# A part of the name of OpenSSL's reason, the issue code, and the message.
_REASONS: t.Final = (
    ("CERTIFICATE_REQUIRED", "TLS_CLIENT_CERT_REQUIRED", "The server requires a client certificate"),
    ("ALERT_BAD_CERTIFICATE", "TLS_CLIENT_CERT_REQUIRED", "The server rejects the client certificate"),
    ("ALERT_UNKNOWN_CA", "TLS_CLIENT_CERT_REQUIRED", "The server does not trust the client certificate"),
    ("WRONG_VERSION_NUMBER", "TLS_NOT_SPOKEN", "The port does not use TLS"),
    ("PACKET_LENGTH_TOO_LONG", "TLS_NOT_SPOKEN", "The port does not use TLS"),
    ("RECORD_LAYER_FAILURE", "TLS_NOT_SPOKEN", "The port does not use TLS"),
    ("NO_APPLICATION_PROTOCOL", "HTTP2_ONLY", "The server does not offer HTTP/1.1 over TLS"),
)


def translate(exc: Exception, deadline: Deadline, doing: str) -> McpError:
    """Return the specific error for an exception of a connection."""
    if isinstance(exc, McpError):
        return exc
    if isinstance(exc, (socket.timeout, TimeoutError)):
        return deadline.exceeded(doing)
    if isinstance(exc, ssl.SSLError) and not isinstance(exc, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        reason = clean(exc.reason or exc).upper().replace(" ", "_")  # older versions of Python have fewer names
        for mark, code, seen in _REASONS:
            if mark in reason:
                return TlsError(f"{seen} ({reason}).", code=code)
        return TlsError(f"TLS failed during {doing}: {reason}.")
    text = clean(getattr(exc, "strerror", None) or exc) or type(exc).__name__
    return ConnectError(f"The connection was lost during {doing}: {text}.", code="CONNECTION_LOST")

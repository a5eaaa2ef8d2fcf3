# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""TLS: contexts, made once per set of files since reading the trust store takes long, and exact reasons."""

from __future__ import annotations

import functools
import socket
import ssl
import typing as t

from ..._util import clean
from ..errors import ConnectError, InvalidTarget, McpError, TlsError

if t.TYPE_CHECKING:
    from ..options import Options
    from .deadline import Deadline


def context_for(options: Options) -> ssl.SSLContext:
    """Return the context that the options ask for.

    :raises InvalidTarget: when a file cannot be read or holds no certificate.
    """
    try:
        return _context(options.validate_certs, options.ca_cert, options.client_cert, options.client_key)
    except (OSError, ValueError) as exc:  # ssl.SSLError is an OSError
        raise InvalidTarget(
            f"A TLS file cannot be used: {clean(exc)}.", "Check ca_cert, client_cert and client_key."
        ) from None


@functools.lru_cache(maxsize=16)
def _context(verify: bool, ca_cert: str | None, client_cert: str | None, client_key: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_cert)
    context.set_alpn_protocols(["http/1.1"])
    # Python 3.13 refuses authorities without a key usage extension, as in-house ones often are; older ones do not.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if client_cert is not None:
        # A password would be asked for on the terminal: refuse instead.
        context.load_cert_chain(client_cert, client_key, password=_no_password)
    return context


def _no_password() -> str:
    raise ValueError("the client key is protected by a password")


def wrap(sock: socket.socket, context: ssl.SSLContext, name: str, deadline: Deadline) -> ssl.SSLSocket:
    """Encrypt a connected socket."""
    try:
        sock.settimeout(deadline.remaining("the TLS handshake"))
        return context.wrap_socket(sock, server_hostname=name)
    except (OSError, ValueError) as exc:
        sock.close()
        raise translate(exc, deadline, "the TLS handshake") from None


# OpenSSL's reasons (parts of their names), the code, and what was seen.
_REASONS: t.Final = (
    ("CERTIFICATE_REQUIRED", "TLS_CLIENT_CERT_REQUIRED", "The server wants a client certificate"),
    ("ALERT_BAD_CERTIFICATE", "TLS_CLIENT_CERT_REQUIRED", "The server wants another client certificate"),
    ("ALERT_UNKNOWN_CA", "TLS_CLIENT_CERT_REQUIRED", "The server does not trust the client certificate"),
    ("WRONG_VERSION_NUMBER", "TLS_NOT_SPOKEN", "The port does not speak TLS"),
    ("PACKET_LENGTH_TOO_LONG", "TLS_NOT_SPOKEN", "The port does not speak TLS"),
    ("RECORD_LAYER_FAILURE", "TLS_NOT_SPOKEN", "The port does not speak TLS"),
    ("NO_APPLICATION_PROTOCOL", "HTTP2_ONLY", "The server does not offer HTTP/1.1 over TLS"),
)


def translate(exc: Exception, deadline: Deadline, doing: str) -> McpError:
    """Tell exactly what broke a connection."""
    if isinstance(exc, McpError):
        return exc
    if isinstance(exc, (socket.timeout, TimeoutError)):
        return deadline.exceeded(doing)
    if isinstance(exc, ssl.SSLCertVerificationError):
        return TlsError(
            f"The server's certificate is not trusted: {clean(exc.verify_message)}.", code="TLS_VERIFY_FAILED"
        )
    if isinstance(exc, ssl.SSLError) and not isinstance(exc, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        reason = clean(exc.reason or exc).upper().replace(" ", "_")  # older Pythons know fewer names
        for mark, code, seen in _REASONS:
            if mark in reason:
                return TlsError(f"{seen} ({reason}).", code=code)
        return TlsError(f"TLS failed during {doing}: {reason}.")
    text = clean(getattr(exc, "strerror", None) or exc) or type(exc).__name__
    return ConnectError(f"The connection broke during {doing}: {text}.", code="CONNECTION_LOST")

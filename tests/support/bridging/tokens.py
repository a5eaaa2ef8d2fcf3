# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An issuer of access tokens on loopback, which signs what a test wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from ..http_server import serving

RESOURCE = "https://memory.team.svc/mcp"


def encoded(data: bytes | dict[str, Any]) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signer:
    """A key for ES256."""

    def __init__(self, kid: str = "first") -> None:
        self.kid = kid
        self.key = ec.generate_private_key(ec.SECP256R1())

    def jwk(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        x, y = (encoded(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "kid": self.kid, "use": "sig", "x": x, "y": y}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        text = f"{encoded({'alg': 'ES256', 'kid': self.kid, **header})}.{encoded(claims)}"
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def forge(self, claims: dict[str, Any]) -> str:
        """Return a token whose HMAC has the public key as its secret."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        secret = self.key.public_key().public_bytes(serialization.Encoding.PEM, form)
        text = f"{encoded({'alg': 'HS256', 'kid': self.kid})}.{encoded(claims)}"
        return f"{text}.{encoded(hmac.digest(secret, text.encode(), hashlib.sha256))}"


class Issuer(Signer):
    """An authorization server."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.metadata: dict[str, Any] = {"issuer": url, "jwks_uri": f"{url}/keys"}
        self.keys: list[dict[str, str]] = [self.jwk()]
        self.requests: list[str] = []
        self.redirect = ""

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good token, with changes; None removes one."""
        now = int(time.time())
        claims = {"iss": self.url, "sub": "alice", "aud": RESOURCE, "exp": now + 300, "iat": now, "scope": "mcp"}
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def token(self, **changes: Any) -> str:
        return self.sign(self.claims(**changes))


@contextmanager
def issuer() -> Iterator[Issuer]:
    """Run an issuer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.requests.append(self.path)
            documents = {"/.well-known/openid-configuration": found.metadata, "/keys": {"keys": found.keys}}
            document = documents.get(self.path)
            self.send_response(302 if found.redirect else 200 if document else 404)
            if found.redirect:
                self.send_header("Location", found.redirect + self.path)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_: object) -> None:
            return

    with serving(Handler) as url:
        found = Issuer(url)
        yield found

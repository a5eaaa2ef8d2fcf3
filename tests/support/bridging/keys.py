# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Private keys of an issuer."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import rsa


def private_key(kid: str) -> dict[str, str]:
    """Return a new RSA key as a JSON Web Key."""
    numbers = rsa.generate_private_key(65537, 2048).private_numbers()

    def number(value: int) -> str:
        return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    public = {"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256"}
    members = {
        "n": numbers.public_numbers.n,
        "e": numbers.public_numbers.e,
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
    }
    members |= {"dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    return public | {name: number(value) for name, value in members.items()}

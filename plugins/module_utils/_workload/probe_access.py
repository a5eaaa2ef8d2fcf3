# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a probe needs to get access to a server."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from .offers import Pin

TokenSource = t.Callable[[], t.Optional[str]]


def _no_token() -> str | None:
    return None


@dataclasses.dataclass(frozen=True)
class ProbeAccess:
    """What a probe needs to get access to a server. Its text has no credentials.

    :param version: changes with the settings and with each object that was read; empty if the manifest has no settings.
    :param token: returns a bearer token; None for a probe without credentials. Raises an error of this collection if
        there is none, which is not a result for the server.
    :param ca: PEM certificates to trust; None for those of the system.
    :param client_certificate: PEM certificates and key that the probe presents; None for none.
    :param pin: what the server may offer, if that is in a lock file.
    :param approved_offers: the offers of the lock file, packed.
    """

    version: str = ""
    token: TokenSource = dataclasses.field(default=_no_token, repr=False)
    ca: t.Optional[str] = dataclasses.field(default=None, repr=False)
    client_certificate: t.Optional[str] = dataclasses.field(default=None, repr=False)
    pin: t.Optional[Pin] = None
    approved_offers: bytes = dataclasses.field(default=b"", repr=False)


NO_ACCESS = ProbeAccess()

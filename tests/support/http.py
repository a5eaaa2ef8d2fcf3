# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One GET, whatever its status."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request


def get(url: str, *, token: str = "", tls: ssl.SSLContext | None = None, timeout: float = 5.0) -> tuple[int, str]:
    """Return the status and the text of a response; 0 without one.

    :param tls: for https; by default, any certificate is accepted.
    """
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    context = tls or ssl._create_unverified_context()
    try:
        with urllib.request.urlopen(request, timeout=timeout, context=context) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, exc.read().decode()
    except OSError:
        return 0, ""

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Wait until the API serves MCPServers and the Leases of a namespace are held: ``installed.py NAMESPACE LEASE...``."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

API = "https://kubernetes.default.svc"
ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
SECONDS = 60


def get(path: str) -> dict[str, Any]:
    """Return an object of the API; raise OSError if there is none."""
    token = (ACCOUNT / "token").read_text(encoding="utf-8")
    request = urllib.request.Request(f"{API}{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    context = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
    with urllib.request.urlopen(request, timeout=10, context=context) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


def missing(namespace: str, leases: list[str], now: dt.datetime) -> str:
    """Return what is missing, or an empty string."""
    served = get("/apis/mcp.mcp-operator.io/v1")["resources"]
    if not any(resource["name"] == "mcpservers" for resource in served):
        return "the API does not serve MCPServers"
    for lease in leases:
        spec = get(f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{lease}")["spec"]
        if not spec.get("holderIdentity"):
            return f"no operator holds the Lease {lease}"
        renewed = dt.datetime.fromisoformat(spec["renewTime"])
        if now - renewed > dt.timedelta(seconds=spec["leaseDurationSeconds"]):
            return f"the Lease {lease} was not renewed since {spec['renewTime']}"
    return ""


def main() -> None:
    """Wait, and fail with what is still missing after the time."""
    namespace, *leases = sys.argv[1:]
    end = time.monotonic() + SECONDS
    while True:
        try:
            problem = missing(namespace, leases, dt.datetime.now(dt.UTC))
        except OSError as error:
            problem = str(error)
        if not problem:
            print("The API serves MCPServers, and the operator is running.")
            return
        if time.monotonic() > end:
            sys.exit(f"After {SECONDS} seconds: {problem}")
        time.sleep(2)


if __name__ == "__main__":
    main()

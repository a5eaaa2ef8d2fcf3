# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A client that calls a tool list in one session over one connection until its standard input ends.

Run it where Services can be reached: ``python -m support.held_session HOST PORT``. It prints how many calls were
answered, and the first one that was not.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
_PAUSE = 0.2


class Session:
    """One session of Streamable HTTP."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=20)
        self._headers = dict(_HEADERS)
        info = {"name": "held-session", "version": "1"}
        params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": info}
        answer = self._post({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})
        self._headers |= {"Mcp-Session-Id": answer.headers["Mcp-Session-Id"], "MCP-Protocol-Version": "2025-06-18"}
        self._post({"jsonrpc": "2.0", "method": "notifications/initialized"})
        # A connection that was closed would be opened again, to another Pod.
        self._connection.auto_open = 0

    def list_tools(self) -> None:
        """List the tools."""
        self._post({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})

    def end(self) -> None:
        """End the session."""
        self._connection.request("DELETE", "/mcp", headers=self._headers)
        self._connection.getresponse().read()

    def _post(self, message: dict[str, object]) -> http.client.HTTPResponse:
        self._connection.request("POST", "/mcp", json.dumps(message), self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status >= 300:
            raise ConnectionError(f"{answer.status}: {body[:200]!r}")
        return answer


def main() -> None:
    """Call until the standard input ends."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    session = Session(sys.argv[1], int(sys.argv[2]))
    print("open", flush=True)
    calls, failure = 0, ""
    while not ended.is_set():
        try:
            session.list_tools()
        except (OSError, http.client.HTTPException) as exc:
            failure = f"call {calls}: {exc!r}"
            break
        calls += 1
        time.sleep(_PAUSE)
    if not failure:
        session.end()
    print(json.dumps({"calls": calls, "failure": failure}))


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Calls a tool over and over by the official Python client: official_calls.py URL CLIENTS RATE [CALLS].

CALLS is the number of calls after which a client ends its session and begins another one; 0 or none for no end.

A line is printed once every client has had an answer. Each line on standard input is the name of what happens from now
on; after the last one, what the clients met with in each is printed as JSON. A call that fails is made once more, by a
new connection and a new handshake; one that fails then as well is a failure. Runs in the oracle's environment.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from dataclasses import asdict, dataclass, field

import anyio
from describe import connected, reason

# The client does not tell a call whose connection was refused; it never answers.
TIMEOUT = 3.0


@dataclass
class Met:
    """What was met with while one thing happened."""

    calls: int = 0
    retried: int = 0
    failures: list[str] = field(default_factory=list)
    # Seconds from a call that failed to the first that was answered.
    longest_gap: float = 0.0


class Clients:
    """All of them; what happens is told by another thread."""

    def __init__(self, url: str, period: float, count: int, calls: int = 0) -> None:
        self._url, self._period, self._calls = url, period, calls
        self.met = {"": Met()}
        self._now = ""
        self.done = False
        self._answered: set[int] = set()
        self.count = count

    def happens(self, what: str) -> None:
        self.met[what] = Met()
        self._now = what

    def _is_answered(self, number: int) -> None:
        if number not in self._answered:
            self._answered.add(number)
            if len(self._answered) == self.count:
                print("ready", flush=True)

    @property
    def _met(self) -> Met:
        return self.met[self._now]

    async def call(self, number: int) -> None:
        """Be one client."""
        broken = 0.0
        while not self.done:
            try:
                async with connected(self._url, "streamable-http", None) as session:
                    with anyio.fail_after(TIMEOUT):
                        await session.initialize()
                    made = 0
                    while not self.done and made != (self._calls or -1):
                        made += 1
                        began = time.monotonic()
                        if not broken:
                            self._met.calls += 1
                        with anyio.fail_after(TIMEOUT):
                            answer = await session.call_tool("now", {})
                        assert not answer.isError, answer.content
                        self._is_answered(number)
                        if broken:
                            self._met.longest_gap = max(self._met.longest_gap, time.monotonic() - broken)
                            broken = 0.0
                        await anyio.sleep(max(0.0, self._period - (time.monotonic() - began)))
            except Exception as error:  # whatever the SDK raises
                if self.done:
                    return
                if broken:
                    self._met.failures.append(reason(error)[:200])
                    await anyio.sleep(self._period)
                else:
                    self._met.retried += 1
                    broken = time.monotonic()


async def main(url: str, clients: str, rate: str, calls: str = "0") -> None:
    logging.disable()
    all_of_them = Clients(url, int(clients) / float(rate), int(clients), int(calls))

    def listen() -> None:
        for line in sys.stdin:
            all_of_them.happens(line.strip())
        all_of_them.done = True

    threading.Thread(target=listen, daemon=True).start()
    async with anyio.create_task_group() as group:
        for number in range(int(clients)):
            group.start_soon(all_of_them.call, number)
    print(json.dumps({what: asdict(met) for what, met in all_of_them.met.items() if met.calls or met.failures}))


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])

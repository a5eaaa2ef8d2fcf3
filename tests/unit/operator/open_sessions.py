# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Sessions that the operator keeps open with the server of a test."""

from __future__ import annotations

from types import SimpleNamespace


class Session:
    """A session that stays open until it is closed."""

    def __init__(self, answer):
        self._answer = answer
        self.open = True

    def check(self, _options):
        return SimpleNamespace(to_dict=lambda: self._answer)

    def close(self):
        self.open = False


class OpenSessions(list):
    """All sessions, also those that were closed.

    :param cluster: has the answer of the server.
    """

    def __init__(self, cluster):
        super().__init__()
        self._cluster = cluster

    def open(self, _request):
        answer = self._cluster.answer
        self.append(Session(answer))
        return answer, self[-1]

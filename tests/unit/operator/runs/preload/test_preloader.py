# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import socket

from mcp_operator.runs.preload.preloader import Preloader


class InterruptedLock:
    """Another thread acquires and releases the lock just before the first one that asks for it."""

    def __init__(self, lock, meanwhile):
        self._lock = lock
        self._meanwhile = [meanwhile]

    def __enter__(self):
        while self._meanwhile:
            self._meanwhile.pop()()
        return self._lock.__enter__()

    def __exit__(self, *error):
        return self._lock.__exit__(*error)


def test_it_stops_while_it_ends_because_no_run_needs_it(tmp_path):
    preloader = Preloader(tmp_path, {}, [], idle=0.0)
    preloader._control, peer = socket.socketpair()
    preloader._lock = InterruptedLock(preloader._lock, preloader._end_if_idle)
    with peer:
        preloader.stop()
        assert peer.recv(1) == b""
    assert preloader._start_finished.is_set()
    assert preloader._wanted.is_set()
    preloader._run()  # it ends


def test_the_next_check_is_when_it_will_have_been_idle_for_long_enough(tmp_path):
    """Not one whole period after each check, or it could stay for twice as long."""
    preloader = Preloader(tmp_path, {}, [], idle=300.0)
    preloader._control, peer = socket.socketpair()
    with peer, preloader._control:
        preloader._last_used -= 200
        assert 99 < preloader._end_if_idle() <= 100

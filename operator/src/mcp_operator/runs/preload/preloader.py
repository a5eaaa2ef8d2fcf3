# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator's side of the preloaded process: it is there when a run wants it, or the run starts without it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

from ..launch import PACKAGES, Process, spawn
from ..run_environment import preload_environment
from .forked import Forked
from .ipc import receive, send
from .process import NO_RUN

_START = "import sys; sys.path.insert(0, sys.argv[1]); from mcp_operator.runs.preload.process import main; main()"
# A fork takes milliseconds: who has not answered by then is replaced, seconds.
_ANSWER = 5.0
# How long a process that died before it was ready is not started again, at first and at most, seconds.
_PAUSE = (1.0, 60.0)
_END = 2.0
# How long a run waits for one that is being started.
_PATIENCE = 15.0

_log = logging.getLogger(__name__)


class Preloader:
    """Keeps one preloaded process, from `start` to `stop`. `launch` may be called from any thread.

    :param root: where runs take place; the process has a directory of its own there.
    :param environment: of all runs, on top of the operator's own.
    :param collections: whose plugins are to be imported.
    """

    def __init__(self, root: Path, environment: t.Mapping[str, str], collections: t.Iterable[str]) -> None:
        self._directory = root / "preload"
        self._environment = environment
        self._collections = sorted(collections)
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._settled = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="preload", daemon=True)

    def start(self) -> None:
        """Begin to import."""
        self._thread.start()

    def stop(self) -> None:
        """End it; runs that were forked from it end too."""
        self._stopping.set()
        self._settled.set()
        with self._lock:
            self._hang_up()
        if self._thread.ident is not None:
            self._thread.join(2 * _END)

    def wait(self, seconds: float) -> bool:
        """Wait until it can fork; whether it can."""
        return self._ready.wait(seconds)

    def launch(self, environment: dict[str, str]) -> Process:
        """Start the supervisor of a run, by a fork where there is something to fork or soon will be."""
        self._settled.wait(_PATIENCE)  # to import it all once more would take longer, and slow the other down
        with self._lock:
            forked = self._fork(environment)
        return forked or spawn(environment)

    def _fork(self, environment: dict[str, str]) -> Process | None:
        if self._control is None or not self._ready.is_set():
            return None
        order, stdin = os.pipe()
        stdout, answer = os.pipe()
        handle: list[int] = []
        try:
            send(self._control, {"environment": environment}, [order, answer])
            said, handle = receive(self._control, 1)
            if said is not None and "pid" in said and handle:
                return Forked(said["pid"], handle.pop(), stdin, stdout)
            why = "what it has imported has changed" if said else "it has ended"
        except OSError as exc:
            why = f"it does not answer ({exc})"
        finally:
            for descriptor in (order, answer, *handle):
                os.close(descriptor)
        for descriptor in (stdin, stdout):
            os.close(descriptor)
        _log.info("A run starts without the preloaded process, which is replaced: %s", why)
        self._hang_up()
        return None

    def _hang_up(self) -> None:
        """Let it end, which it does when nobody is there to ask it for a fork; who hangs is ended."""
        self._ready.clear()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            hangman = threading.Timer(_END, self._process.kill)
            hangman.daemon = True
            hangman.start()
            self._process = None

    def _keep(self) -> None:
        pause = _PAUSE[0]
        while not self._stopping.is_set():
            self._settled.clear()
            try:
                was_ready = self._serve()
            except OSError as exc:
                _log.warning("The preloaded process cannot be started: %s", exc)
                was_ready = False
            if was_ready:
                pause = _PAUSE[0]
            else:
                self._settled.set()
                self._stopping.wait(pause)
                pause = min(2 * pause, _PAUSE[1])
        shutil.rmtree(self._directory, ignore_errors=True)

    def _serve(self) -> bool:
        """Start it and stand by until it has ended; whether it was ready before that."""
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(mode=0o700, parents=True)
        ours, its = socket.socketpair()
        with its:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", _START, PACKAGES, json.dumps(self._collections)],
                cwd=self._directory,
                env=preload_environment(self._environment, self._directory, NO_RUN),
                stdin=its.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        with self._lock:
            self._process = process
        ready = False
        with contextlib.suppress(OSError, ValueError):
            ready = receive(ours)[0] == {"ready": True}
        with self._lock:
            if ready and not self._stopping.is_set():
                ours.settimeout(_ANSWER)
                self._control = ours
                self._ready.set()
                self._settled.set()
                _log.info("Ansible is preloaded: runs are forked", extra={"pid": process.pid})
            else:
                ours.close()
        status = process.wait()
        with self._lock:
            self._process = None
            self._hang_up()
        if not ready and not self._stopping.is_set():
            _log.warning("The preloaded process ended before it was ready (exit status %s)", status)
        return ready

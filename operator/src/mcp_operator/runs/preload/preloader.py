# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator's side of the preloaded process. A run starts without it when it is not available."""

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
import time
import typing as t
from pathlib import Path

from ...backoff import Backoff
from ..launch import PACKAGES, Process, spawn
from ..processes import NO_RUN, await_exit
from ..run_environment import preload_environment
from .ipc import ForkedProcess, receive, send

_START = "import sys; sys.path.insert(0, sys.argv[1]); from mcp_operator.runs.preload.process import main; main()"
# Seconds to wait for a fork, which takes milliseconds; after that, the process is replaced.
_ANSWER = 5.0
# Delay before a process that ended before it was ready is started again.
_RESTART = Backoff(first=1.0, most=60.0)
# Seconds that a process has to end after its connection is closed.
_END = 2.0
# Seconds that a run waits for a process that is starting.
_START_TIMEOUT = 15.0
# Seconds without a run after which the process ends until the next one: it needs more memory than the rest of an idle
# operator, and a second to start.
_IDLE = 300.0

_log = logging.getLogger(__name__)


class Preloader:
    """Keeps one preloaded process between `start` and `stop`, but while no run needs it. Thread-safe.

    :param root: the parent of the runs' directories; the process gets a directory in it.
    :param environment: environment of all runs, which overrides the operator's own.
    :param collections: names of the collections whose plugins to import.
    :param idle: seconds without a run after which the process ends until the next one.
    """

    def __init__(
        self, root: Path, environment: t.Mapping[str, str], collections: t.Iterable[str], idle: float = _IDLE
    ) -> None:
        self._directory = root / "preload"
        self._environment = environment
        self._collections = sorted(collections)
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._idle = idle
        self._last_used = time.monotonic()
        # Ended processes are removed when the next one is added. All of them end with the preloaded process.
        self._forked: list[ForkedProcess] = []
        self._wanted = threading.Event()
        self._wanted.set()
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._start_finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name="preload", daemon=True)

    def start(self) -> None:
        """Start the process, which begins to import Ansible."""
        self._thread.start()

    def stop(self) -> None:
        """End the process, and with it the runs that were forked from it."""
        with self._lock:  # else an end without runs could clear them again
            self._stopping.set()
            self._start_finished.set()
            self._wanted.set()
            self._disconnect()
        if self._thread.ident is not None:
            self._thread.join(2 * _END)

    def wait(self, seconds: float) -> bool:
        """Wait until the process can fork; return whether it can."""
        return self._ready.wait(seconds)

    def launch(self, environment: dict[str, str]) -> Process:
        """Start the supervisor of a run, by a fork if the process is ready or about to be."""
        with self._lock:
            self._last_used = time.monotonic()
            self._wanted.set()
        self._start_finished.wait(
            _START_TIMEOUT
        )  # importing Ansible again would take longer, and slow down the process that is starting
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
            message, handle = receive(self._control, 1)
            if message is not None and "pid" in message and handle:
                process = ForkedProcess(message["pid"], handle.pop(), stdin, stdout)
                self._forked = [*self._running(), process]
                return process
            why = "imported files have changed" if message else "the process has ended"
        except OSError as exc:
            why = f"the process does not respond ({exc})"
        finally:
            for descriptor in (order, answer, *handle):
                os.close(descriptor)
        for descriptor in (stdin, stdout):
            os.close(descriptor)
        _log.info("Starting a run without the preloaded process and restarting that: %s", why)
        self._disconnect()
        return None

    def _disconnect(self) -> None:
        """Close the connection, which ends the process; kill it if it does not end in time."""
        self._ready.clear()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            kill_timer = threading.Timer(_END, self._process.kill)
            kill_timer.daemon = True
            kill_timer.start()
            self._process = None

    def _run(self) -> None:
        failures = 0
        while self._wanted.wait() and not self._stopping.is_set():
            self._start_finished.clear()
            try:
                was_ready = self._serve()
            except OSError as exc:
                _log.warning("Cannot start the preloaded process: %s", exc)
                was_ready = False
            if was_ready:
                failures = 0
            else:
                self._start_finished.set()
                failures += 1
                self._stopping.wait(_RESTART.delay(failures))
        shutil.rmtree(self._directory, ignore_errors=True)

    def _serve(self) -> bool:
        """Start the process and wait until it has ended; return whether it was ready before."""
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(mode=0o700, parents=True)
        control, peer = socket.socketpair()
        with peer:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", _START, PACKAGES, json.dumps(self._collections)],
                cwd=self._directory,
                env=preload_environment(self._environment, self._directory, NO_RUN),
                stdin=peer.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        with self._lock:
            self._process = process
        ready = False
        with contextlib.suppress(OSError, ValueError):
            ready = receive(control)[0] == {"ready": True}
        with self._lock:
            if ready and not self._stopping.is_set():
                control.settimeout(_ANSWER)
                self._control = control
                self._ready.set()
                self._start_finished.set()
                _log.info("Ansible is preloaded; runs are forked from it", extra={"pid": process.pid})
            else:
                control.close()
        status = self._wait_for(process)
        with self._lock:
            self._process = None
            self._disconnect()
        if not ready and not self._stopping.is_set():
            _log.warning("The preloaded process ended before it was ready (exit status %s)", status)
        return ready

    def _wait_for(self, process: subprocess.Popen[bytes]) -> int:
        """Wait until the process has ended, and end it when no run has needed it for some time."""
        seconds = self._idle
        while process.poll() is None:
            await_exit(process.pid, seconds)  # Popen.wait with a timeout would poll
            seconds = self._end_if_idle()
        return process.wait()

    def _end_if_idle(self) -> float:
        """End the process if no run has needed it for long enough, and return the seconds until the next check."""
        with self._lock:
            if self._running():
                self._last_used = time.monotonic()
            left = self._idle - (time.monotonic() - self._last_used)
            if self._control is None:  # it is ending
                return self._idle
            if left > 0:
                return left
            self._wanted.clear()
            self._start_finished.clear()
            self._disconnect()
        _log.info("The preloaded process ends until a run needs it again")
        return self._idle

    def _running(self) -> list[ForkedProcess]:
        return [process for process in self._forked if process.returncode is None]

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One run of Ansible from the operator's side: start it, wait for its result, cancel it."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import signal
import subprocess
import threading
import time
import typing as t
from dataclasses import dataclass, field, replace
from pathlib import Path

from .directory import RunDirectory
from .launch import Launch, Process, spawn
from .processes import descendants, find_by_run_id, kill_all
from .result_text import shorten
from .run_environment import environment
from .run_request import Ending, HostOutcome, HostResult, RunRequest, RunResult

DEFAULT_ROOT = Path("/dev/shm/mcp-operator")  # noqa: S108 - memory, and created with mode 0700

# Seconds that the supervisor has to end a cancelled run; after that, the process tree is killed.
_GRACE = 1.0
_KILL = 1.0
# Far more than the results of a full batch, bytes.
_ANSWER = 16 * 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """Settings of all runs.

    :param root: the parent of the runs' directories, on a file system in memory.
    :param keep_failed: the number of failed runs whose output is kept.
    :param timeout: seconds after which a run is cancelled.
    :param environment: overrides the operator's own environment.
    """

    root: Path = DEFAULT_ROOT
    keep_failed: int = 5
    timeout: float = 600.0
    environment: t.Mapping[str, str] = field(default_factory=dict)


class Run:
    """One run of Ansible. `execute` blocks; `cancel` may be called from any thread.

    :param launch: starts the supervisor.
    """

    def __init__(self, request: RunRequest, settings: RunSettings, launch: Launch = spawn) -> None:
        self.ident = secrets.token_hex(6)
        self._request = request
        self._settings = settings
        self._launch = launch
        self._directory = RunDirectory(settings.root, self.ident)
        self._lock = threading.Lock()
        self._process: Process | None = None
        # Why the run is stopped early, and the timer that kills it if it does not stop.
        self._stop_reason: tuple[Ending, str] | None = None
        self._kill_timer: threading.Timer | None = None

    def execute(self) -> RunResult:
        """Run, and return the result. Failures of the run are in the result; they are never raised."""
        start = time.monotonic()
        try:
            result = self._supervise()
        except OSError as exc:
            result = self._failure(Ending.CRASHED, f"The run could not be prepared: {exc.strerror or exc}.")
        if any(host.outcome is not HostOutcome.SUCCEEDED for host in result.hosts.values()):
            self._directory.keep_output(self._settings.keep_failed)
        self._directory.remove()
        return replace(result, wall=round(time.monotonic() - start, 3))

    def cancel(self) -> None:
        """Stop the run; `execute` returns within about two seconds."""
        self._stop(Ending.CANCELLED, "The run was cancelled.")

    def _supervise(self) -> RunResult:
        order = self._order(self._directory.fill(self._request))
        process = self._launch(environment(self._request, self.ident, self._directory.path))
        limit = threading.Timer(
            self._request.timeout,
            self._stop,
            (Ending.TIMED_OUT, f"The run exceeded its timeout of {self._request.timeout:g} seconds."),
        )
        limit.daemon = True
        with self._lock:
            self._process = process
            end = self._stop_reason
        if end is not None:
            self._stop(*end)
        limit.start()
        try:
            answer = _communicate(process, order)
        finally:
            limit.cancel()
            with self._lock:
                self._process = None
                if self._kill_timer is not None:
                    self._kill_timer.cancel()
            _reap(process)
        return self._result(answer, process.returncode)

    def _order(self, playbook: str) -> dict[str, t.Any]:
        return {
            "directory": str(self._directory.path),
            "ident": self.ident,
            "playbook": playbook,
            "inventory": str(self._directory.inventory),
            "hosts": list(self._request.hosts),
            "verbosity": self._request.verbosity,
        }

    def _result(self, answer: bytes, status: object) -> RunResult:
        try:
            found = json.loads(answer)
        except ValueError:
            # The supervisor was killed. Its children have a new parent; their environment identifies them.
            if not kill_all(lambda: find_by_run_id(self.ident), _KILL):
                _log.error("Processes of run %s cannot be killed", self.ident)
            ending, reason = self._stop_reason or (
                Ending.CRASHED,
                f"The run's supervisor was lost (exit status {status}).",
            )
            return self._failure(ending, reason)
        if self._stop_reason is not None and found["ending"] == Ending.CANCELLED:
            return replace(self._failure(*self._stop_reason), cpu=found["cpu"])
        hosts = {name: _host_result(value) for name, value in found["hosts"].items()}
        ending = Ending(found["ending"])
        return RunResult(ident=self.ident, ending=ending, reason=found["reason"], hosts=hosts, cpu=found["cpu"])

    def _failure(self, ending: Ending, reason: str) -> RunResult:
        outcome = HostOutcome.UNPROCESSED if ending is Ending.CANCELLED else HostOutcome.FAILED
        host = HostResult(outcome=outcome, message=shorten(reason))
        return RunResult(
            ident=self.ident, ending=ending, reason=host.message, hosts=dict.fromkeys(self._request.hosts, host)
        )

    def _stop(self, ending: Ending, reason: str) -> None:
        with self._lock:
            self._stop_reason = self._stop_reason or (ending, reason)
            process = self._process
            if process is None or self._kill_timer is not None:
                return
            process.send_signal(signal.SIGTERM)
            self._kill_timer = threading.Timer(_GRACE, _kill_tree, (process,))
            self._kill_timer.daemon = True
            self._kill_timer.start()


def _communicate(process: Process, order: t.Mapping[str, t.Any]) -> bytes:
    """Send the order and return the answer. Closing standard input would cancel the run, so it stays open."""
    stdin, stdout = process.stdin, process.stdout
    with contextlib.suppress(BrokenPipeError):
        stdin.write(json.dumps(order).encode() + b"\n")
        stdin.flush()
    answer: bytes = stdout.read(_ANSWER)
    return answer


def _kill_tree(process: Process) -> None:
    """Kill a supervisor that does not end: its descendants first, since they would be hard to find as orphans."""
    process.send_signal(signal.SIGSTOP)
    kill_all(lambda: descendants(process.pid), _KILL)
    process.send_signal(signal.SIGKILL)


def _reap(process: Process) -> None:
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            stream.close()
    try:
        process.wait(_GRACE + _KILL)
    except subprocess.TimeoutExpired:
        _kill_tree(process)
        process.wait()


def _host_result(value: dict[str, t.Any]) -> HostResult:
    return HostResult(**{**value, "outcome": HostOutcome(value["outcome"])})

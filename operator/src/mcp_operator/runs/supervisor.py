# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The process that stands over one run: it runs ansible-runner and leaves nothing alive.

A process of its own, because ansible-runner forks, replaces signal handlers and reads slowly, which a program with
threads cannot afford. It takes its order as a line on standard input and writes the result to standard output; when
standard input ends, so has the operator, and the run is over.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import typing as t
from dataclasses import asdict
from pathlib import Path

import ansible_runner
from ansible_runner.config.runner import RunnerConfig

from .processes import become_subreaper, descendants, kill_all
from .result_aggregator import Fold
from .run_request import Ending

# How often ansible-runner looks whether it is to stop, seconds; its default is five.
_ATTENTION = 0.2
_KILL = 1.5


# Is told of the run's directory before ansible-runner starts Ansible, and returns what to call when it has ended.
Prepare = t.Callable[[Path], t.Callable[[], None]]


def _nothing(_directory: Path) -> t.Callable[[], None]:
    return lambda: None


class Supervisor:
    """One run.

    :param order: ``directory``, ``ident``, ``playbook``, ``inventory``, ``hosts``, ``verbosity``.
    """

    def __init__(self, order: t.Mapping[str, t.Any], prepare: Prepare = _nothing) -> None:
        self._order = order
        self._prepare = prepare
        self._parent = os.getppid()
        self._fold = Fold(order["hosts"])
        self._stopped = False

    def run(self) -> dict[str, t.Any]:
        """Run, and return the result."""
        signal.signal(signal.SIGTERM, self._stop)
        status, ending, reason = None, Ending.COMPLETE, ""
        try:
            status = self._run_ansible()
        except Exception as exc:  # noqa: BLE001 - whatever it is, the operator has to hear of it
            ending, reason = Ending.CRASHED, f"ansible-runner failed: {type(exc).__name__}: {exc}"
        finally:
            kill_all(_others, _KILL)
        if self._stopped and os.getppid() != self._parent:
            ending, reason = Ending.CRASHED, "The process that the run was forked from was lost."
        elif self._stopped:
            ending, reason = Ending.CANCELLED, "The run was cancelled."
        ending, reason, hosts = self._fold.results(ending, status, reason)
        return {
            "ending": ending,
            "reason": reason,
            "hosts": {host: asdict(result) for host, result in hosts.items()},
            "cpu": _cpu(),
        }

    def _run_ansible(self) -> int | None:
        order = self._order
        ended = self._prepare(Path(order["directory"]))
        config = RunnerConfig(
            private_data_dir=order["directory"],
            playbook=order["playbook"],
            inventory=order["inventory"],
            ident=order["ident"],
            verbosity=order["verbosity"] or None,
            quiet=True,
            fact_cache_type="memory",
            suppress_env_files=True,
        )
        config.prepare()
        # `prepare` overwrites what the constructor was given.
        config.pexpect_timeout = _ATTENTION
        runner = ansible_runner.Runner(config, event_handler=self._take, cancel_callback=self._is_over)
        try:
            runner.run()
        finally:
            ended()
        status: int | None = runner.rc
        return status

    def _take(self, event: dict[str, t.Any]) -> bool:
        """Take in an event; False keeps ansible-runner from writing it to a file."""
        self._fold.take(event)
        return False

    def _is_over(self) -> bool:
        self._stopped = self._stopped or _operator_is_gone()
        if self._stopped:
            # Before ansible-runner kills the group that it knows of and then waits for a terminal that others hold.
            kill_all(_others, _KILL)
        return self._stopped

    def _stop(self, _number: int, _frame: t.Any) -> None:
        self._stopped = True


def main(prepare: Prepare = _nothing) -> None:
    """Carry out the order on standard input."""
    become_subreaper()
    order = json.loads(sys.stdin.buffer.readline())
    # Whatever prints from here on, the result must stay alone on its descriptor.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    result = Supervisor(order, prepare).run()
    with answer:
        json.dump(result, answer)


def _operator_is_gone() -> bool:
    readable, _, _ = select.select([0], [], [], 0)
    return bool(readable) and not os.read(0, 1)


def _others() -> set[int]:
    return descendants(os.getpid())


def _cpu() -> float:
    """Return the seconds of CPU of this process and of all that have ended under it."""
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(part.ru_utime + part.ru_stime for part in used), 3)

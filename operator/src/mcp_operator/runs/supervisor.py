# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The supervisor process of one run: runs ansible-runner and kills all processes that the run leaves.

It is a separate process because ansible-runner forks and replaces signal handlers, which a multithreaded process must
not do. It reads its order, one line of JSON, from standard input and writes the result to standard output. When
standard input is closed, the operator has ended or cancelled the run, and the supervisor stops it.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import select
import signal
import sys
import typing as t
from dataclasses import asdict

import ansible_runner
from ansible_runner.config.runner import RunnerConfig
from ansible_runner.runner import pexpect

from .processes import await_exit, become_subreaper, descendants, has_children, kill_all, reap_children
from .result_aggregator import ResultAggregator
from .run_request import Ending

# Seconds between two calls of the cancel callback by ansible-runner; its default is five.
_CANCEL_CHECK = 0.2
_KILL = 1.5
# Seconds that Ansible's processes may take to end after they have closed their terminal.
_CLOSE = 0.1

# The class that `main` replaces for ansible-runner.
_SPAWN = pexpect.spawn

# Runs Ansible in the process that was forked for it, with the arguments and the environment of the program; never
# returns.
BecomeAnsible = t.Callable[[list[str], dict[str, str]], t.NoReturn]


class _Terminal(pexpect.spawn):  # type: ignore[misc]  # pexpect has no type hints
    """A terminal that is closed as soon as its process has ended; that of ptyprocess always sleeps for 0.1 s."""

    def __init__(self, become_ansible: BecomeAnsible | None, *args: t.Any, **kwargs: t.Any) -> None:
        self._become_ansible = become_ansible
        super().__init__(*args, **kwargs)

    def _spawnpty(self, args: list[t.Any], **kwargs: t.Any) -> t.Any:
        if self._become_ansible is not None:
            arguments = [os.fsdecode(argument) for argument in args[1:]]
            # Called in the child, before the program would be executed.
            kwargs["preexec_fn"] = functools.partial(
                _become, kwargs["preexec_fn"], self._become_ansible, arguments, kwargs["env"]
            )
        return super()._spawnpty(args, **kwargs)

    def close(self, force: bool = True) -> None:
        if not self.closed:
            await_exit(self.pid, _CLOSE)
            self.ptyproc.delayafterclose = 0.0
        super().close(force)


def _become(
    prepare: t.Callable[[], None] | None,
    become_ansible: BecomeAnsible,
    arguments: list[str],
    environment: dict[str, str],
) -> t.NoReturn:
    if prepare is not None:
        prepare()  # as pexpect would have done it
    pexpect.spawn = _SPAWN  # for plugins
    become_ansible(arguments, environment)


class Supervisor:
    """One run.

    :param order: ``directory``, ``ident``, ``playbook``, ``inventory``, ``hosts``, ``verbosity``.
    """

    def __init__(self, order: t.Mapping[str, t.Any]) -> None:
        self._order = order
        self._parent = os.getppid()
        self._aggregator = ResultAggregator(order["hosts"])
        self._stopped = False

    def run(self) -> dict[str, t.Any]:
        """Run Ansible, and return the result as JSON-compatible data."""
        signal.signal(signal.SIGTERM, self._stop)
        status, ending, reason = None, Ending.COMPLETE, ""
        try:
            status = self._run_ansible()
        except Exception as exc:  # noqa: BLE001 - reported to the operator as the result
            ending, reason = Ending.CRASHED, f"ansible-runner failed: {type(exc).__name__}: {exc}"
        finally:
            reap_children(_CLOSE)
            kill_all(_own_descendants, _KILL)
        if self._stopped and os.getppid() != self._parent:
            ending, reason = Ending.CRASHED, "The preloaded process that the run was forked from has ended."
        elif self._stopped:
            ending, reason = Ending.CANCELLED, "The run was cancelled."
        ending, reason, hosts = self._aggregator.results(ending, status, reason)
        return {
            "ending": ending,
            "reason": reason,
            "hosts": {host: asdict(result) for host, result in hosts.items()},
            "cpu": _cpu(),
        }

    def _run_ansible(self) -> int | None:
        order = self._order
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
        config.pexpect_timeout = _CANCEL_CHECK
        runner = ansible_runner.Runner(config, event_handler=self._add_event, cancel_callback=self._is_cancelled)
        runner.run()
        status: int | None = runner.rc
        return status

    def _add_event(self, event: dict[str, t.Any]) -> bool:
        """Add an event; returning False keeps ansible-runner from writing it to a file."""
        self._aggregator.add(event)
        return False

    def _is_cancelled(self) -> bool:
        self._stopped = self._stopped or _operator_is_gone()
        if self._stopped:
            # ansible-runner kills only one process group, and then waits until all processes have closed the terminal.
            kill_all(_own_descendants, _KILL)
        return self._stopped

    def _stop(self, _number: int, _frame: t.Any) -> None:
        self._stopped = True


def main(become_ansible: BecomeAnsible | None = None) -> None:
    """Read an order from standard input, run it, and write the result to standard output.

    :param become_ansible: runs Ansible in a fork; None to execute the program.
    """
    become_subreaper()
    pexpect.spawn = functools.partial(_Terminal, become_ansible)  # with which ansible-runner starts Ansible
    order = json.loads(sys.stdin.buffer.readline())
    # Redirect everything else that is printed, so that the result is the only output.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    result = Supervisor(order).run()
    with answer:
        json.dump(result, answer)


def _operator_is_gone() -> bool:
    readable, _, _ = select.select([0], [], [], 0)
    return bool(readable) and not os.read(0, 1)


def _own_descendants() -> set[int]:
    return descendants(os.getpid()) if has_children() else set()


def _cpu() -> float:
    """Return the CPU seconds of this process and of all its descendants that have ended."""
    reap_children(_CLOSE)
    used = [resource.getrusage(scope) for scope in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(part.ru_utime + part.ru_stime for part in used), 3)

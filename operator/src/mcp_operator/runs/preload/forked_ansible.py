# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fork that runs a playbook in place of the ``ansible-playbook`` process that ansible-runner starts.

The fork is a child of the supervisor, so it ends with the run. ansible-runner waits for the stub, not for the fork:
when one of the two ends, the other and their children are ended, too.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import signal
import socket
import sys
import typing as t
from pathlib import Path

from ..processes import descendants, kill_all
from . import stub
from .ipc import receive
from .preimport import PreimportedAnsible

# Seconds after the end of Ansible until its remaining processes are killed; the stub needs time to exit by itself.
_REMAINING = 0.5
_KILL = 1.0
_UNKNOWN = 250


class ForkedAnsible:
    """The supervisor's side: forks, and makes ansible-runner start the stub.

    :param directory: the directory of the run.
    """

    def __init__(self, preimported: PreimportedAnsible, directory: Path) -> None:
        address = directory / "ansible.sock"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(address))
        listener.listen(1)
        self._pid = os.fork()
        if self._pid == 0:
            _become_ansible(preimported, listener)
        listener.close()
        os.environ[stub.SOCKET] = str(address)
        os.environ[stub.PYTHON] = sys.executable
        os.environ["PATH"] = os.pathsep.join((stub.FOLDER, os.environ.get("PATH", os.defpath)))
        signal.signal(signal.SIGCHLD, self._on_child)
        signal.signal(signal.SIGALRM, _kill_descendants)

    def _on_child(self, _number: int, _frame: t.Any) -> None:
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, _REMAINING)


def stop_watching() -> None:
    """Leave the remaining processes of the run to the supervisor."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _kill_descendants(_number: int, _frame: t.Any) -> None:
    kill_all(lambda: descendants(os.getpid()), _KILL)


def _become_ansible(preimported: PreimportedAnsible, listener: socket.socket) -> t.NoReturn:
    """Wait for the stub, and run Ansible in its place. Never returns into the forked program."""
    status = _UNKNOWN
    try:
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _close_descriptors_except(listener.fileno(), 2)
        os.setsid()
        connection, _address = listener.accept()
        listener.close()
        order, descriptors = receive(connection, 3)
        if order is not None:
            for target, descriptor in enumerate(descriptors):
                os.dup2(descriptor, target)
            for descriptor in descriptors:
                os.close(descriptor)
            _end_with_stub(connection)
            status = _run_playbook(preimported, order)
            connection.send(bytes((status,)))
    finally:
        os._exit(status)


def _close_descriptors_except(*kept: int) -> None:
    """Close the supervisor's descriptors, so that the peers of its standard input and output see when it ends."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - only names are needed
        with contextlib.suppress(OSError):  # the listing itself used one of them, which is closed by now
            if int(name) not in kept:
                os.close(int(name))
    empty = os.open(os.devnull, os.O_RDWR)  # this becomes descriptor 0
    os.dup2(empty, 1)


def _end_with_stub(connection: socket.socket) -> None:
    """End this process when the stub ends, by the default action of SIGIO."""
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):
        if not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):  # the stub had ended before
            os._exit(_UNKNOWN)


def _run_playbook(preimported: PreimportedAnsible, order: t.Mapping[str, t.Any]) -> int:
    arguments, environment = order["arguments"], order["environment"]
    os.chdir(order["directory"])
    if not preimported.adopt(environment):
        # In a child process, since the stub still needs an exit status.
        return _run_ansible_playbook(arguments, environment)
    sys.argv = list(arguments)
    for name, stream in (
        ("stdin", open(0, encoding="utf-8", closefd=False)),  # noqa: SIM115
        ("stdout", _output(1, "strict")),
        ("stderr", _output(2, "backslashreplace")),
    ):
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    try:
        preimported.main(list(arguments))
        status = 0
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else 1
    atexit._run_exitfuncs()  # noqa: SLF001 - os._exit skips them, and a normal exit of the interpreter is slow
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return status & 0xFF


def _run_ansible_playbook(arguments: list[str], environment: dict[str, str]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - the program that ansible-runner requested
        finally:
            os._exit(127)
    _pid, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return code


def _output(descriptor: int, errors: str) -> t.TextIO:
    return open(descriptor, "w", encoding="utf-8", errors=errors, buffering=1, closefd=False)

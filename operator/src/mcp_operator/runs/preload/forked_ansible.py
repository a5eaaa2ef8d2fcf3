# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fork that becomes Ansible when ansible-runner starts it, and its supervisor's hold on it.

It is the supervisor's child like all else of the run, so whatever ends the supervisor's run ends it. What is new is
that ansible-runner waits for the stub: when either of them is gone, the other and all that they started have to go.
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
from .preimport import Warm

# What is left of a run whose Ansible has ended is ended after so many seconds: the stub still has to end by itself.
_LEFT = 0.5
_KILL = 1.0
_UNKNOWN = 250


class Understudy:
    """The supervisor's side.

    :param directory: the run's.
    """

    def __init__(self, warm: Warm, directory: Path) -> None:
        address = directory / "ansible.sock"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(address))
        listener.listen(1)
        self._pid = os.fork()
        if self._pid == 0:
            _perform(warm, listener)
        listener.close()
        os.environ[stub.SOCKET] = str(address)
        os.environ[stub.PYTHON] = sys.executable
        os.environ["PATH"] = os.pathsep.join((stub.FOLDER, os.environ.get("PATH", os.defpath)))
        signal.signal(signal.SIGCHLD, self._on_child)
        signal.signal(signal.SIGALRM, _end_what_is_left)

    def _on_child(self, _number: int, _frame: t.Any) -> None:
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, _LEFT)


def dismiss() -> None:
    """Leave what is left of the run to the supervisor."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _end_what_is_left(_number: int, _frame: t.Any) -> None:
    kill_all(lambda: descendants(os.getpid()), _KILL)


def _perform(warm: Warm, listener: socket.socket) -> t.NoReturn:
    """Wait for the stub and be Ansible in its place. It never returns into what it was forked from."""
    status = _UNKNOWN
    try:
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _let_go_of_all_but(listener.fileno(), 2)
        os.setsid()
        connection, _address = listener.accept()
        listener.close()
        order, descriptors = receive(connection, 3)
        if order is not None:
            for target, descriptor in enumerate(descriptors):
                os.dup2(descriptor, target)
            for descriptor in descriptors:
                os.close(descriptor)
            _end_with(connection)
            status = _play(warm, order)
            connection.send(bytes((status,)))
    finally:
        os._exit(status)


def _let_go_of_all_but(*kept: int) -> None:
    """Close what the supervisor has open: the end of its order and of its answer must be seen."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are all that is wanted
        with contextlib.suppress(OSError):  # among them is the one that this was read by
            if int(name) not in kept:
                os.close(int(name))
    empty = os.open(os.devnull, os.O_RDWR)  # it is 0
    os.dup2(empty, 1)


def _end_with(connection: socket.socket) -> None:
    """Let the end of the stub end this process: its default action for SIGIO is that."""
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):
        if not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):  # it was gone before that
            os._exit(_UNKNOWN)


def _play(warm: Warm, order: t.Mapping[str, t.Any]) -> int:
    arguments, environment = order["arguments"], order["environment"]
    os.chdir(order["directory"])
    if not warm.adopt(environment):
        # As a child, since the stub still waits for a status.
        return _start(arguments, environment)
    sys.argv = list(arguments)
    for name, stream in (
        ("stdin", open(0, encoding="utf-8", closefd=False)),  # noqa: SIM115
        ("stdout", _output(1, "strict")),
        ("stderr", _output(2, "backslashreplace")),
    ):
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    try:
        warm.main(list(arguments))
        status = 0
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else 1
    atexit._run_exitfuncs()  # noqa: SLF001 - os._exit leaves them out, and an interpreter's end takes long
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return status & 0xFF


def _start(arguments: list[str], environment: dict[str, str]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - the program that was asked for
        finally:
            os._exit(127)
    _pid, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return code


def _output(descriptor: int, errors: str) -> t.TextIO:
    return open(descriptor, "w", encoding="utf-8", errors=errors, buffering=1, closefd=False)

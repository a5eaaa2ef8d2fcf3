# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The preloaded process: it has one thread, opens nothing, and forks a supervisor for each run it is asked for."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
import typing as t
from pathlib import Path

from .. import supervisor
from ..processes import MARK
from .forked_ansible import Understudy, dismiss
from .ipc import receive, send
from .preimport import Warm

# What stands in the environment in place of a run's mark, of the same length.
NO_RUN = "0" * 12

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.getenv.restype = ctypes.c_void_p


def main() -> None:
    """Serve the operator on standard input, until it is gone or what was imported is out of date."""
    # Who is stopped does not notice that the operator is gone, and would stay for ever.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    control = socket.socket(fileno=os.dup(0))
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    # Supervisors are waited for by the operator.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm = Warm(json.loads(sys.argv[2]))
    send(control, {"ready": True})
    while True:
        order, descriptors = receive(control, 2)
        if order is None:
            return
        if warm.stale():
            send(control, {"stale": True})
            return
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            control.close()
            _supervise(warm, order["environment"], descriptors, parent)
        handle = os.pidfd_open(pid)
        send(control, {"pid": pid}, [handle])
        for descriptor in (handle, *descriptors):
            os.close(descriptor)


def _supervise(warm: Warm, environment: dict[str, str], descriptors: t.Sequence[int], parent: int) -> t.NoReturn:
    """Be the supervisor of a run. It never returns into what it was forked from."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(status)
        os.setsid()
        _mark(environment[MARK])
        os.environ.clear()
        os.environ.update(environment)
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
            os.close(descriptor)
        supervisor.main(lambda directory: _cast(warm, directory))
        status = 0
    finally:
        os._exit(status)


def _cast(warm: Warm, directory: Path) -> t.Callable[[], None]:
    Understudy(warm, directory)
    return dismiss


def _mark(ident: str) -> None:
    """Carry the mark of a run where other processes look for it: in the environment that this one was started with.

    What is set later is elsewhere. All forks from here have it too.
    """
    place = _LIBC.getenv(MARK.encode())
    if not place or ctypes.string_at(place) != NO_RUN.encode() or len(ident) != len(NO_RUN):
        raise RuntimeError(f"no place for the mark {ident}")
    ctypes.memmove(place, ident.encode("ascii"), len(ident))

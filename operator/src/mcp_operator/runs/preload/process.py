# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The preloaded process. It has one thread, opens no files, and forks a supervisor for each requested run."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import signal
import socket
import sys
import typing as t

from .. import supervisor
from ..processes import NO_RUN, RUN_ID_VARIABLE
from .forked_ansible import become_ansible
from .ipc import receive, send
from .preimport import PreimportedAnsible

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.getenv.restype = ctypes.c_void_p


def main() -> None:
    """Serve requests from standard input until the operator has ended or imported files have changed."""
    # A stopped process (SIGSTOP) would not notice that the operator has ended, and would remain forever.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    control = socket.socket(fileno=os.dup(0))
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    # The operator waits for supervisors; this process must not.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    preimported = PreimportedAnsible(json.loads(sys.argv[2]))
    send(control, {"ready": True})
    while True:
        order, descriptors = receive(control, 2)
        if order is None:
            return
        if preimported.is_stale():
            send(control, {"stale": True})
            return
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            control.close()
            _supervise(preimported, order["environment"], descriptors, parent)
        handle = os.pidfd_open(pid)
        send(control, {"pid": pid}, [handle])
        for descriptor in (handle, *descriptors):
            os.close(descriptor)


def _supervise(
    preimported: PreimportedAnsible, environment: dict[str, str], descriptors: t.Sequence[int], parent: int
) -> t.NoReturn:
    """Run as the supervisor of a run. Never returns into the forked program."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(status)
        os.setsid()
        _set_run_id(environment[RUN_ID_VARIABLE])
        os.environ.clear()
        os.environ.update(environment)
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
            os.close(descriptor)
        supervisor.main(functools.partial(become_ansible, preimported))
        status = 0
    finally:
        os._exit(status)


def _set_run_id(ident: str) -> None:
    """Write the ID of a run into the initial environment of this process, which is what ``/proc/PID/environ`` shows.

    Variables that are set later do not appear there. Forks inherit the change.
    """
    place = _LIBC.getenv(RUN_ID_VARIABLE.encode())
    if not place or ctypes.string_at(place) != NO_RUN.encode() or len(ident) != len(NO_RUN):
        raise RuntimeError(f"cannot write the run ID {ident} into the environment")
    ctypes.memmove(place, ident.encode("ascii"), len(ident))

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Runs a playbook in a fork, where ``ansible-playbook`` would be executed.

ansible-runner starts the program in a terminal: pexpect forks, and the child executes the program. Here, the child is
itself the program. It is a child of the supervisor and leads the session of the terminal, as the program would.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import resource
import signal
import sys
import typing as t

from .preimport import PreimportedAnsible

_PROGRAM = "ansible-playbook"
_UNKNOWN = 250
_MOST_DESCRIPTORS = 1 << 20


def become_ansible(preimported: PreimportedAnsible, arguments: list[str], environment: dict[str, str]) -> t.NoReturn:
    """Run a playbook in this process, whose standard descriptors are the terminal, and end it.

    :param arguments: those of the program.
    """
    status = _UNKNOWN
    try:
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        # The supervisor waits for the last of them to be closed; the peers of the others must see when it ends.
        os.closerange(3, min(_MOST_DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
        status = _run_playbook(preimported, [_PROGRAM, *arguments], environment)
    finally:
        os._exit(status)


def _run_playbook(preimported: PreimportedAnsible, arguments: list[str], environment: dict[str, str]) -> int:
    if not preimported.adopt(environment):
        os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - the program that ansible-runner requested
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


def _output(descriptor: int, errors: str) -> t.TextIO:
    return open(descriptor, "w", encoding="utf-8", errors=errors, buffering=1, closefd=False)

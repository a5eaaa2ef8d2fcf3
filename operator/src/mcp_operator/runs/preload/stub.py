# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What ansible-runner starts as ``ansible-playbook``: it hands what it was given to the understudy, and ends as that.

It runs by itself (``python -I -S stub.py``) and imports little: it is started for each run.
"""

import json
import os
import signal
import socket
import sys

SOCKET = "MCP_OPERATOR_UNDERSTUDY"
PYTHON = "MCP_OPERATOR_PYTHON"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin")  # noqa: PTH100, PTH118, PTH120 - quick


def main() -> None:
    """Hand over and wait, or start the real one where nobody waits, as for a playbook that starts playbooks."""
    environment = dict(os.environ)
    address = environment.pop(SOCKET, "")
    environment.pop(PYTHON, None)
    environment["PATH"] = os.pathsep.join(
        folder for folder in environment.get("PATH", "").split(os.pathsep) if folder != FOLDER
    )
    arguments = ["ansible-playbook", *sys.argv[1:]]
    understudy = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        understudy.connect(address)
    except OSError:
        os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - the program that was asked for
    order = {"arguments": arguments, "environment": environment, "directory": os.getcwd()}  # noqa: PTH109
    data = json.dumps(order).encode()
    socket.send_fds(understudy, [len(data).to_bytes(4, "big")], [0, 1, 2])
    understudy.sendall(data)
    status = understudy.recv(1)
    if not status:  # it was killed
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(status[0])


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The program that ansible-runner starts as ``ansible-playbook``. It hands its input to ``forked_ansible``.

It exits with the status of that. It is started for each run (``python -I -S stub.py``), so it imports little.
"""

import json
import os
import signal
import socket
import sys

SOCKET = "MCP_OPERATOR_ANSIBLE_SOCKET"
PYTHON = "MCP_OPERATOR_PYTHON"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin")  # noqa: PTH100, PTH118, PTH120 - faster than pathlib


def main() -> None:
    """Hand over and wait; if nothing listens, as in a playbook that starts playbooks, run the real ansible-playbook."""
    environment = dict(os.environ)
    address = environment.pop(SOCKET, "")
    environment.pop(PYTHON, None)
    environment["PATH"] = os.pathsep.join(
        folder for folder in environment.get("PATH", "").split(os.pathsep) if folder != FOLDER
    )
    arguments = ["ansible-playbook", *sys.argv[1:]]
    forked_ansible = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        forked_ansible.connect(address)
    except OSError:
        os.execvpe(arguments[0], arguments, environment)  # noqa: S606 - the program that ansible-runner requested
    order = {"arguments": arguments, "environment": environment, "directory": os.getcwd()}  # noqa: PTH109
    data = json.dumps(order).encode()
    socket.send_fds(forked_ansible, [len(data).to_bytes(4, "big")], [0, 1, 2])
    forked_ansible.sendall(data)
    status = forked_ansible.recv(1)
    if not status:  # forked_ansible was killed
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(status[0])


if __name__ == "__main__":
    main()

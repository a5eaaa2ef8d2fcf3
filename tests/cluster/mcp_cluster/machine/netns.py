# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The network namespace of one cluster, with no way out.

The node's address lives on one end of a veth pair whose other end stays in the namespace too: a default route exists,
so programs that ask for one are content, and whatever takes it goes nowhere.
"""

from __future__ import annotations

import ctypes
import os
import socket
from pathlib import Path

from ..errors import ClusterError
from .shell import run

CLONE_NEWNET = 0x40000000
RUN = Path("/run/netns")
DEVICE = "node0"

_SYSCTLS = {
    "net/ipv4/ip_forward": "1",
    # Packets between Pods cross a bridge; without this, answers of a Pod behind a Service would skip iptables.
    "net/bridge/bridge-nf-call-iptables": "1",
}


def enter(namespace: Path | str) -> None:
    """Move the calling thread into a network namespace; sockets that it has already made stay where they are."""
    handle = os.open(namespace, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # os.setns came with Python 3.12, and this runs on Debian 12's 3.11.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(handle, CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(namespace))
    finally:
        os.close(handle)


class NetworkNamespace:
    def __init__(self, name: str) -> None:
        self.name = name
        self.path = RUN / name

    def exists(self) -> bool:
        # A killed `ip netns add` leaves the file without the namespace mounted on it.
        return self.path.exists() and os.path.ismount(self.path)

    def create(self, address: str) -> None:
        self.path.unlink(missing_ok=True)
        run(["ip", "netns", "add", self.name])
        inside = ["ip", "-n", self.name]
        run([*inside, "link", "set", "lo", "up"])
        run([*inside, "link", "add", DEVICE, "type", "veth", "peer", "name", DEVICE + "-end"])
        for device in (DEVICE, DEVICE + "-end"):
            run([*inside, "link", "set", device, "up"])
        run([*inside, "address", "add", f"{address}/24", "dev", DEVICE])
        for key, value in _SYSCTLS.items():
            command = f'echo {value} >"/proc/sys/{key}"'
            run(["nsenter", f"--net={self.path}", "sh", "-c", command])
        # Last: whoever finds the route knows that everything before it is there.
        run([*inside, "route", "add", "default", "dev", DEVICE])

    def complete(self) -> bool:
        if not self.exists():
            return False
        routes = run(["ip", "-n", self.name, "route", "show", "default"], check=False)
        return routes.returncode == 0 and DEVICE in routes.stdout

    def delete(self) -> None:
        if self.exists():
            run(["ip", "netns", "delete", self.name])
        self.path.unlink(missing_ok=True)

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        """A connection from inside the namespace, for a caller that stays outside."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            enter(self.path)
            try:
                connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            finally:
                enter(f"/proc/self/fd/{own}")
        except FileNotFoundError as error:
            raise ClusterError(f"The network namespace {self.name} does not exist.") from error
        finally:
            os.close(own)
        try:
            connection.settimeout(timeout)
            connection.connect(address)
        except BaseException:
            connection.close()
            raise
        return connection

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The mount namespace of one cluster.

containerd and kubelet mount a good deal, and several of their paths are fixed (/var/lib/kubelet, /run/containerd,
/var/log/pods). In a mount namespace of their own those paths lead into the cluster's folder, whatever is installed on
the machine; and all mounts vanish with the last process. So the cluster's folder can be deleted without a thought of
what may be mounted below it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

HOLDER = "mounts"


def holder_command(binds: Mapping[Path, Path], resolver: Path) -> list[str]:
    """A process that makes the namespace, binds each folder over its target, and then sleeps to keep it."""
    lines = [
        "set -e",
        # Shared within the namespace, as kubelet's mount propagation needs; nothing comes back out, because it is a
        # slave of the machine's.
        "mount --make-rshared /",
    ]
    # containerd keeps Pods' network namespaces here. On the machine they would be names without a namespace behind
    # them.
    lines.append("mkdir -p /run/netns && mount -t tmpfs -o mode=0755 tmpfs /run/netns")
    for source, target in binds.items():
        lines.append(f"mkdir -p {shlex.quote(str(source))} {shlex.quote(str(target))}")
        lines.append(f"mount --bind {shlex.quote(str(source))} {shlex.quote(str(target))}")
    # The machine's DNS server cannot be reached from inside: without this, a registry's name costs containerd seconds.
    lines.append(f"[ ! -e /etc/resolv.conf ] || mount --bind {shlex.quote(str(resolver))} /etc/resolv.conf")
    lines.append("exec sleep infinity")
    return ["unshare", "--mount", "--propagation", "slave", "sh", "-c", "\n".join(lines)]


def ready(holder: int) -> bool:
    """Whether everything is bound: only then does the holder become `sleep`."""
    process = Path(f"/proc/{holder}")
    try:
        elsewhere = (process / "ns" / "mnt").readlink() != Path("/proc/self/ns/mnt").readlink()
        return elsewhere and (process / "comm").read_text(encoding="ascii").strip() == "sleep"
    except OSError:
        return False


def enter_command(holder: int) -> str:
    return f"--mount=/proc/{holder}/ns/mnt"

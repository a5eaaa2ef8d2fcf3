# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Who this process is in the election, and for what."""

from __future__ import annotations

import socket
import typing as t
import uuid
from pathlib import Path

from .._vendor._kube.client import Client
from .._vendor._workload import names
from ..settings.operator_settings import OperatorSettings
from .elector import Elector
from .lease import Lease

_POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
# Two calls fit between the last renewal and the end of leading.
_CALL_SECONDS = 4.0


def elector_of(
    settings: OperatorSettings, options: t.Mapping[str, t.Any], observe: t.Callable[[str, int], None]
) -> Elector:
    """Return the candidate that this process is. It has a client of its own: nobody else's calls hold up its own.

    :param options: how to reach the API server.
    :param observe: is told of its answers.
    """
    shard = {names.SHARD_ANNOTATION: str(settings.shard)} if settings.shard.count > 1 else {}
    lease = Lease(
        Client(options, timeout=_CALL_SECONDS, observe=observe),
        settings.leader_election_namespace or _own_namespace(),
        settings.shard.lease(settings.leader_election_id),
        # By them playbooks see whether the operator answers for a namespace; empty for all of them.
        {names.WATCHED_ANNOTATION: ",".join(settings.watch_namespace), **shard},
    )
    # A container that is started anew has its Pod's name, and must not take itself for the one before.
    return Elector(lease, f"{socket.gethostname()}_{uuid.uuid4()}")


def _own_namespace() -> str:
    try:
        return _POD_NAMESPACE.read_text(encoding="ascii").strip()
    except OSError:
        return names.OPERATOR_NAMESPACE

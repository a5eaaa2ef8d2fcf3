# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator's settings, checked. Where they come from is in ``options``."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .._vendor._workload.shard import Shard

_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:\[\]]*)):(\d{1,5})", re.ASCII)


class ListenAddress(t.NamedTuple):
    """Where to listen; an empty host means all addresses, as in Go's ``:8080``."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> ListenAddress | None:
        """Return the address, None for ``0``, which means not to listen.

        :raises ValueError: it is not one.
        """
        if text == "0":
            return None
        found = _ADDRESS.fullmatch(text)
        if found is None or int(found[3]) > 65535:
            raise ValueError(f"not an address: {text!r}; write it like :8080 or 127.0.0.1:8080, or 0 for none")
        return cls(found[1] or found[2], int(found[3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSettings:
    """All of them; each is an option of that name.

    :param watch_namespace: the namespaces to watch; empty for all of them.
    :param shard: which of them are this operator's, where several share them.
    :param reconcile_period: seconds.
    :param max_concurrent_reconciles: None for what the queue's own limits allow.
    :param max_concurrent_runs: None for what the CPUs allow.
    :param run_timeout: seconds.
    :param leader_election_namespace: None for the namespace of the Pod that this is.
    :param graceful_shutdown_timeout: seconds.
    :param health_probe_bind_address: None for no such endpoint; likewise for metrics.
    """

    watches_file: Path
    watch_namespace: tuple[str, ...]
    shard: Shard
    reconcile_period: float
    max_concurrent_reconciles: int | None
    max_concurrent_runs: int | None
    run_timeout: float
    run_directory: Path
    preload: bool
    ansible_verbosity: int
    ansible_roles_path: str | None
    ansible_collections_path: str | None
    kubeconfig: str | None
    context: str | None
    leader_elect: bool
    leader_election_id: str
    leader_election_namespace: str | None
    graceful_shutdown_timeout: float
    health_probe_bind_address: ListenAddress | None
    metrics_bind_address: ListenAddress | None
    validation_image: str
    bridge_inject_image: str
    bridge_package_image: str
    log_format: str
    log_level: str

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The validated settings of the operator; see ``options`` for their flags and defaults."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .._vendor._workload.shard import Shard

_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:\[\]]*)):(\d{1,5})", re.ASCII)


class ListenAddress(t.NamedTuple):
    """The address of an HTTP server; an empty host means all addresses, as in Go's ``:8080``."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> ListenAddress | None:
        """Return the address; None for ``0``, which disables the server.

        :raises ValueError: the text is not an address.
        """
        if text == "0":
            return None
        found = _ADDRESS.fullmatch(text)
        if found is None or int(found[3]) > 65535:
            raise ValueError(f"not an address: {text!r}; write it like :8080 or 127.0.0.1:8080, or 0 for none")
        return cls(found[1] or found[2], int(found[3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSettings:
    """All settings. Each field is the option of the same name.

    :param watch_namespace: the namespaces to watch; empty for all namespaces.
    :param shard: the part of the namespaces that this operator handles.
    :param reconcile_period: seconds.
    :param max_concurrent_reconciles: None for no limit besides the size of batches.
    :param max_concurrent_runs: None for a number from the CPUs.
    :param run_timeout: seconds.
    :param leader_election_namespace: None for the namespace of the operator's Pod.
    :param graceful_shutdown_timeout: seconds.
    :param health_probe_bind_address: None to disable the endpoints.
    :param metrics_secure: whether metrics require TLS and a token with permission to get ``/metrics``.
    :param metrics_cert_path: None for a self-signed certificate.
    :param network_default: empty for "open", in which case the labels of namespaces do not count.
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
    metrics_secure: bool
    metrics_cert_path: Path | None
    validation_image: str
    bridge_inject_image: str
    bridge_package_image: str
    network_default: str
    network_settings: dict[str, t.Any]
    log_format: str
    log_level: str

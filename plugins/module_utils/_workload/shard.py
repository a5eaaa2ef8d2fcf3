# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Shards: several operators that share the namespaces of a cluster.

All objects of an MCPServer are in its namespace, so each operator needs the objects of its own namespaces only. A hash
of the namespace's name selects the shard. So operators and playbooks agree without communication, and nothing has to be
recorded when a namespace is created or deleted.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
import typing as t

from . import names

MOST = 64
_TEXT = re.compile(r"(\d{1,3})/(\d{1,3})", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Shard:
    """One of ``count`` operators; the first has index 0."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the shard of a text such as ``0/2``; the whole cluster for an empty text.

        :raises ValueError: the text is invalid.
        """
        if not text:
            return WHOLE
        found = _TEXT.fullmatch(text)
        if found is None or not 0 <= int(found[1]) < int(found[2]) <= MOST:
            raise ValueError(f"not a shard: {text!r}; write 0/2 and 1/2 for the two of two, of {MOST} at most")
        return cls(int(found[1]), int(found[2]))

    def owns(self, namespace: str) -> bool:
        """Tell whether a namespace belongs to this shard. Cluster-scoped objects belong to every shard."""
        return self.count == 1 or not namespace or index_of(namespace, self.count) == self.index

    def lease(self, name: str) -> str:
        """Return the name of the Lease for the leader election of this shard."""
        return name if self.index == 0 else f"{name}-shard-{self.index}"

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


WHOLE = Shard(0, 1)


@functools.lru_cache(maxsize=1 << 16)
def index_of(namespace: str, count: int) -> int:
    """Return the index of the shard of a namespace."""
    return int.from_bytes(hashlib.sha256(namespace.encode()).digest()[:8], "big") % count


def lease_of(namespace: str, first: t.Mapping[str, t.Any] | None) -> str:
    """Return the name of the Lease of the operator that manages a namespace.

    :param first: the Lease of the first shard, which contains the number of shards.
    """
    annotations = ((first or {}).get("metadata") or {}).get("annotations") or {}
    try:
        count = Shard.parse(str(annotations.get(names.SHARD_ANNOTATION) or "")).count
    except ValueError:
        count = 1
    return Shard(index_of(namespace, count), count).lease(names.OPERATOR_LEASE)

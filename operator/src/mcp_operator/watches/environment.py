# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the environment says about one kind: ``MAX_CONCURRENT_RECONCILES_MEMCACHED_CACHE_EXAMPLE_COM=4``."""

from __future__ import annotations

import typing as t

from .definition import GroupVersionKind


def per_kind(
    environment: t.Mapping[str, str],
    gvk: GroupVersionKind,
    prefix: str,
    warnings: list[str],
    *,
    old: str = "",
    least: int = 0,
    most: int | None = None,
) -> int | None:
    """Return the number that is set for a kind, or None.

    :param old: a prefix of former times, which counts where the new one is not set.
    """
    for name in (_name(prefix, gvk), _name(old, gvk) if old else ""):
        text = environment.get(name, "").strip() if name else ""
        if not text:
            continue
        if text.isascii() and text.isdecimal() and least <= int(text) and (most is None or int(text) <= most):
            return int(text)
        upwards = f"from {least} on" if most is None else f"from {least} to {most}"
        warnings.append(f"{name} is ignored: {text!r:.40} is not a whole number {upwards}")
    return None


def _name(prefix: str, gvk: GroupVersionKind) -> str:
    return f"{prefix}_{gvk.kind}_{gvk.group}".upper().replace(".", "_").replace("-", "_")

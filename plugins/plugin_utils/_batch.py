# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Work on the MCPServers of many hosts at once; the failure of one never affects the others."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..module_utils._errors import McpKubernetesError

_THREADS = 8

Result = dict[str, t.Any]


def run_for_each(
    hosts: t.Iterable[str], work: t.Callable[[str], Result], failed: t.Callable[[str, McpKubernetesError], Result]
) -> dict[str, Result]:
    """Return the result of each host.

    :param failed: makes a result of an error; any other exception becomes one with the code ``DEFECT``.
    """

    def guarded(host: str) -> Result:
        try:
            return work(host)
        except McpKubernetesError as exc:
            return failed(host, exc)
        except Exception as exc:  # noqa: BLE001 - the other MCPServers of the batch go on
            return failed(host, McpKubernetesError(f"{type(exc).__name__}: {exc}.", "This is a defect.", code="DEFECT"))

    names = list(hosts)
    with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="batch") as pool:
        return dict(zip(names, pool.map(guarded, names)))

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Displays MCPServers as the table of ``kubectl get mcpservers``. A debug task would print line ends as escapes."""

from __future__ import annotations

import datetime as dt
import typing as t

from ..module_utils._workload.table import no_servers, table
from ._action import display


def show(
    servers: t.Sequence[t.Mapping[str, t.Any]], namespace: str | None = None, below: t.Sequence[str] = ()
) -> list[str]:
    """Display the table and return its lines.

    :param namespace: that was read, None for all.
    :param below: lines to display below the table.
    """
    text = table(servers, dt.datetime.now(dt.timezone.utc))
    shown = [text] if servers else [no_servers(namespace)]
    if below:
        shown += ["", *below]
    display.display("\n{}\n".format("\n".join(shown)))
    return text.splitlines()

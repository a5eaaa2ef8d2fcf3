# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How MCPServers are observed."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from ._job_probe import JobProbe
    from ._rollback import Rollbacks
    from ._routes import Routes


@dataclasses.dataclass(frozen=True)
class Settings:
    """How MCPServers are observed.

    :param wait_timeout: seconds that they may take to become ready.
    :param check_timeout: seconds that the validation of one Pod may take.
    :param may_write: whether this process may write the statuses in a namespace now.
    :param has_operator: whether an operator manages a namespace now.
    :param check: nothing is changed, and what is not there is no failure.
    :param report: is called with each line of progress.
    :param fail_on_invalid: a server that fails validation without strict mode is a failure, too.
    :param jobs: validates Pods by Jobs where the manifest says so; None for port-forward always.
    :param rollbacks: record the templates that pass, and roll back to them in strict mode; None: neither.
    :param routes: create the routes of exposed servers that passed; None: not.
    """

    wait_timeout: float
    check_timeout: float
    may_write: t.Callable[[str], bool]
    has_operator: t.Callable[[str], bool]
    check: bool
    report: t.Callable[[str], None]
    fail_on_invalid: bool = True
    jobs: JobProbe | None = None
    rollbacks: Rollbacks | None = None
    routes: Routes | None = None

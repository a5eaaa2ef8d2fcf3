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


@dataclasses.dataclass(frozen=True)
class Settings:
    """How MCPServers are observed.

    :param wait_timeout: seconds that they may take to become ready.
    :param check_timeout: seconds that the validation of one Pod may take.
    :param writes: tells whether the status of the MCPServers of a namespace is ours to write at this moment.
    :param answers: tells whether an operator answers for a namespace at this moment.
    :param check: nothing is changed, and what is not there is no failure.
    :param say: takes a line of progress.
    :param jobs: asks the Pods of MCPServers that want a Job for it; None: nobody makes Jobs.
    :param rollbacks: record the templates that pass, and roll back to them in strict mode; None: neither.
    """

    wait_timeout: float
    check_timeout: float
    writes: t.Callable[[str], bool]
    answers: t.Callable[[str], bool]
    check: bool
    say: t.Callable[[str], None]
    jobs: JobProbe | None = None
    rollbacks: Rollbacks | None = None

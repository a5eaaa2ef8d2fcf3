# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keep the state of a rollout over clusters, and decide its next step."""

from __future__ import annotations

import datetime as dt
import os
import typing as t

from ansible_collections.mcp.kubernetes.plugins.module_utils._util import clean, format_time
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._action import BatchAction, display
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollout import Rollout
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollout_lock import acquire


class ActionModule(BatchAction):
    """See the documentation of the module of the same name."""

    CONNECTS = False
    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "step": {
            "type": "str",
            "choices": ["begin", "select", "check", "wave", "keep", "judge", "restored", "report"],
            "required": True,
        },
        "state_file": {"type": "path", "required": True},
        "plan": {"type": "dict", "required": True},
        "clusters": {"type": "list", "elements": "str", "default": []},
        "found": {"type": "dict", "default": {}},
        "results": {"type": "list", "elements": "dict", "default": []},
        "observed": {"type": "dict", "default": {}},
        "max_fail_percentage": {"type": "float", "default": 0.0},
        "restore": {"type": "bool", "default": True},
        "only_waves": {"type": "list", "elements": "str", "default": []},
        "roll_back": {"type": "bool", "default": False},
        "discard_state": {"type": "bool", "default": False},
    }

    def act(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Do one step."""
        if options["step"] == "begin" and not self.check_mode:
            # The task runs in a process of its own. Its parent is that of the whole run.
            unlocked = acquire(options["state_file"], _now(), os.getppid())
            if unlocked:
                display.warning(unlocked)
        rollout = Rollout(options["state_file"], options["plan"], _now, dry_run=self.check_mode)
        clusters, results = options["clusters"], options["results"]
        steps: dict[str, t.Callable[[], dict[str, t.Any]]] = {
            "begin": lambda: _begun(
                rollout.begin(
                    only_waves=options["only_waves"], roll_back=options["roll_back"], discard=options["discard_state"]
                )
            ),
            "select": lambda: rollout.select(clusters),
            "wave": lambda: rollout.wave(clusters),
            "keep": lambda: rollout.keep(clusters, options["found"]),
            "check": lambda: rollout.check(clusters, options["found"], results, options["max_fail_percentage"]),
            "judge": lambda: _judged(
                rollout.judge(clusters, results, options["max_fail_percentage"], restore=options["restore"])
            ),
            "restored": lambda: rollout.restored(clusters, results, options["observed"]),
            "report": lambda: _report(rollout, roll_back=options["roll_back"]),
        }
        return {"changed": False, **steps[options["step"]]()}


def _begun(found: dict[str, t.Any]) -> dict[str, t.Any]:
    if found["resumed"]:
        display.display(f"  {'Rolling back' if found['rolling_back'] else 'Continuing'} the rollout of the state file")
    return found


def _judged(found: dict[str, t.Any]) -> dict[str, t.Any]:
    for cluster, why in found["failed_clusters"].items():
        display.display(f"  {clean(cluster)} has failed: {clean(why, 1000)}")
    return found


def _report(rollout: Rollout, *, roll_back: bool) -> dict[str, t.Any]:
    found = rollout.report(roll_back=roll_back)
    # A debug task would print line ends as backslash escapes.
    display.display("\n" + "\n".join(found["table"]) + "\n")
    return found


def _now() -> str:
    return format_time(dt.datetime.now(dt.timezone.utc))

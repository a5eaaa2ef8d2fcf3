# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the bench can be told."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Whose operator a figure is of.
NOW, BEFORE = "now", "before"


def arguments() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(prog="python tests/bench", description="How long fleets of MCPServers take.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[20, 100], help="fleets on fake nodes")
    parser.add_argument("--real", type=int, nargs="*", default=[], help="fleets of real Pods")
    parser.add_argument("--gates", type=int, nargs="*", default=[], help="strict MCPServers with a real Pod, at once")
    parser.add_argument("--pairs", type=int, default=1, help="how often floor and operator take turns")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds without anything; 0 leaves the rest out")
    parser.add_argument("--each", action="store_true", help="measure the rest in each pair, not only in the last")
    parser.add_argument(
        "--throttled", action="store_true", help="leave the control plane its default limits of requests"
    )
    parser.add_argument(
        "--quick", action="store_true", help="five minutes: one pair, and three idle seconds, for --sizes 20 100"
    )
    parser.add_argument(
        "--record", action="store_true", help="keep the medians for the comparison of later runs (tests/bench/recorded)"
    )
    parser.add_argument(
        "--before", type=Path, help="another checkout, made ready by `make bootstrap`, whose operator takes turns, too"
    )
    parser.add_argument(
        "--fenced", action="store_true", help="the chart's admission policies judge this checkout's operator"
    )
    parser.add_argument(
        "--pinned", action="store_true", help="half of the cores for the control plane, the others for all else"
    )
    parser.add_argument(
        "--shards", type=int, default=0, help="so many operators share each of --sizes, without a floor and the rest"
    )
    parser.add_argument("--no-preload", action="store_true", help="start Ansible anew for each run")
    parser.add_argument("--flag", action="append", default=[], help="for the operator; repeatable")
    parser.add_argument("--output", type=Path, default=ROOT / ".cache" / "bench" / "figures.json")
    parser.add_argument("--pids", type=json.loads, default={}, help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.record and (options.pinned or options.shards or options.fenced or options.flag or options.no_preload):
        parser.error(
            "--record is for runs as users have them: without --pinned, --shards, --fenced, --flag and --no-preload"
        )
    if options.quick:
        options.pairs, options.idle = 1, 3.0
    return options

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fuzz parsers, guided by coverage: ``make fuzz`` or ``python tests/fuzz --seconds 100 [TARGET ...]``.

Each target runs in a process of its own. What breaks one is written to .cache/fuzz/TARGET/, and shown. What was found
interesting is kept there, too, and the next run begins with it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "fuzz"
TURN = 60  # seconds of one process
sys.path.insert(0, str(ROOT / ".cache" / "collections"))

import atheris  # noqa: E402  # the environment of this tool has it

with atheris.instrument_imports(include=["ansible_collections"]):
    import targets
import sidecar  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/fuzz", description=__doc__)
    in_go = sidecar.find()
    known = [*targets.TARGETS, *in_go]
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(known)}; all by default")
    parser.add_argument("--seconds", type=int, default=100, help="of a processor, for each target (100)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.targets) - set(known)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    if options.one:
        fuzz(options.targets[0], options.seconds)
    broken = [
        name
        for name in options.targets or known
        if not (sidecar.run(name, in_go[name], options.seconds) if name in in_go else run(name, options.seconds))
    ]
    if broken:
        sys.exit(f"broken: {', '.join(broken)}; see .cache/fuzz/ and sidecar/")


def run(name: str, seconds: int) -> bool:
    """Fuzz a target until it had so many seconds of a processor, however busy the machine is; tell whether it held."""
    begun = cpu()
    while (used := cpu() - begun) < seconds:
        print(f"== {name}, {used:.0f} of {seconds} s", flush=True)
        turn = str(max(1, min(TURN, round(seconds - used))))
        command = [sys.executable, str(Path(__file__).parent), name, "--seconds", turn, "--one"]
        if subprocess.run(command, check=False).returncode != 0:
            return False
    print(f"== {name} held for {used:.0f} s", flush=True)
    return True


def cpu() -> float:
    """Return the seconds of a processor that ended child processes took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target; this does not return."""
    function, begin = targets.TARGETS[name]
    folder = CACHE / name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(begin):
        (corpus / f"begin-{number}").write_bytes(data)
    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=1024"]
    atheris.Setup(
        [sys.argv[0], *limits, "-print_final_stats=1", f"-artifact_prefix={folder}/", "-verbosity=0", str(corpus)],
        function,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()

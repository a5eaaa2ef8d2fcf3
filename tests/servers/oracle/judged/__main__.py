# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``python tests/servers/oracle/judged [PATTERN...]``: judge published servers, and write docs/judged-servers.md."""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / ".cache" / "collections"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from oracle import clients
from oracle.judged import catalogue, compare, page
from oracle.judged.judge import judge, validator_digest


def main() -> int:
    """Judge the servers; return 1 if a verdict is wrong or, unless allowed, missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patterns", metavar="PATTERN", nargs="*", help="names of servers (default: all)")
    parser.add_argument("--allow-not-judged", action="store_true", help="exit 0 if servers could not be started")
    parser.add_argument("--resume", action="store_true", help="leave out what this code of the validator was judged on")
    parser.add_argument("--print", action="store_true", help="do not write the results and the page")
    arguments = parser.parse_args()
    servers, reasons = catalogue.load()
    patterns = arguments.patterns or ["*"]
    chosen = [server for server in servers if any(fnmatch.fnmatchcase(server.name, one) for one in patterns)]
    if not chosen:
        parser.error("no server has such a name")
    if arguments.resume:
        done = {name for name, result in page.load().items() if result.get("validator_digest") == validator_digest()}
        chosen = [server for server in chosen if server.name not in done]
    official = clients.catalogue()
    versions = {client.name: client.version for client in official}
    signal.signal(signal.SIGTERM, lambda *_received: sys.exit(1))  # servers end with the command
    verdicts, began = [], time.monotonic()
    with contextlib.ExitStack() as stack:
        sessions = {client: stack.enter_context(clients.Session(client)) for client in official}
        for server in chosen:
            result = judge(server, sessions, reasons)
            verdicts.append(result["verdict"])
            print(page.line(result), flush=True)
            if not arguments.print:
                results = {**page.load(), server.name: result}  # another run may have saved meanwhile
                page.save([results[one.name] for one in servers if one.name in results], versions)
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in compare.VERDICTS)
    print(f"{len(chosen)} configurations in {time.monotonic() - began:.0f} s: {counts}")
    return int(compare.WRONG in verdicts or (compare.NOT_JUDGED in verdicts and not arguments.allow_not_judged))


if __name__ == "__main__":
    sys.exit(main())

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The command line. Answers go to stdout, what is being done to stderr."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from . import programs, providers
from .api import Api
from .components import kwok
from .errors import ClusterError
from .machine import go_build, packages
from .progress import say
from .providers.base import Line, Provider, UpOptions
from .providers.node import NodeTestbed
from .supervisor import Supervisor

# Keeps the clusters of several checkouts apart.
NAME_VARIABLE = "MCP_TEST_CLUSTER"
# Has all testbeds that come up run another version, also those that tests have for themselves.
KUBERNETES_VARIABLE = "MCP_TEST_KUBERNETES"

EXIT_FAILED = 1
EXIT_NOT_UP = 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 tests/cluster",
        description="The Kubernetes that the tests and the demo run on: one that MCP_TEST_KUBECONFIG names, "
        "else a kind cluster, else a single node that is made here.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--name",
        default=os.environ.get(NAME_VARIABLE) or None,
        help=f"which cluster (default: ${NAME_VARIABLE}, else {providers.DEFAULT_TESTBED}, "
        f"or {providers.DEFAULT_KIND} with kind)",
    )
    common.add_argument(
        "--provider", choices=providers.NAMES, help="this kind of cluster, instead of the first that can be had"
    )

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    up = command("up", "Bring the cluster up, or repair it; nothing happens if it works.")
    up.add_argument(
        "--unthrottled",
        action=argparse.BooleanOptionalAction,
        help="raise the request limits of controllers and scheduler, for load tests (default: as the last `up` had it)",
    )
    up.add_argument(
        "--audit",
        action=argparse.BooleanOptionalAction,
        help="keep an audit log of the API server at level Metadata, at most 150 MB (default: as the last `up` had it)",
    )
    up.add_argument(
        "--metrics",
        action=argparse.BooleanOptionalAction,
        help="metrics-server, so that autoscalers see CPU and memory; it is built on first use "
        "(default: as the last `up` had it)",
    )
    up.add_argument(
        "--default-admission",
        action=argparse.BooleanOptionalAction,
        help="without the admission plugin OwnerReferencesPermissionEnforcement, like most clusters "
        "(default: as the last `up` had it)",
    )
    up.add_argument(
        "--network-policies",
        action=argparse.BooleanOptionalAction,
        help="enforce NetworkPolicies, by a program that is built on first use; for a cluster of its own --name "
        "(default: as the last `up` had it)",
    )
    up.add_argument(
        "--cert-manager",
        action=argparse.BooleanOptionalAction,
        help="cert-manager with self-signed and CA issuers, built on first use (default: as the last `up` had it)",
    )
    up.add_argument(
        "--contour",
        action=argparse.BooleanOptionalAction,
        help="a Gateway of the Gateway API, by Contour and Envoy, which are built and downloaded on first use "
        "(default: as the last `up` had it)",
    )
    for option, title in (("--argo-rollouts", "Argo Rollouts"), ("--flagger", "Flagger")):
        up.add_argument(
            option,
            action=argparse.BooleanOptionalAction,
            help=f"{title}, built on first use (default: as the last `up` had it)",
        )
    up.add_argument(
        "--kubernetes",
        choices=list(go_build.KUBERNETES_VERSIONS),
        default=os.environ.get(KUBERNETES_VARIABLE) or None,
        metavar="VERSION",
        help=f"the version of a new testbed: {', '.join(go_build.KUBERNETES_VERSIONS)}; each is built on first use "
        f"(default: ${KUBERNETES_VARIABLE}, else as the last `up` had it, else {programs.DEFAULT})",
    )
    command("down", "Take the cluster down and delete everything in it; what was built stays.")
    command("status", f"Tell what runs; the exit code is {EXIT_NOT_UP} unless everything works.")
    command("kubeconfig", "Print the path of the administrator's kubeconfig.")
    load = command(
        "load", "Load images from archives (docker save, buildah push ... docker-archive:, OCI) into the cluster."
    )
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    run = command("run", "Run a command from which Pods and Services can be reached, with KUBECONFIG set.")
    run.add_argument("words", nargs="+", metavar="CMD", help="the command, after `--`")
    fake = command("kwok", "Fake nodes for load, in the testbed only.")
    fake.add_argument("action", choices=("add", "remove"))
    fake.add_argument("count", nargs="?", type=int, default=1, help="how many there are to be in all (add)")
    command("provider", "Print which cluster would be used, and why.")
    command("helm", "Print the path of Helm, which is built where it is not there yet.")
    command("ansible-operator", "Print the path of Operator SDK's ansible-operator, which is built on first use.")
    program = command("program", "Print the path of another program of the tests, which is built on first use.")
    program.add_argument("program", choices=sorted(go_build.OTHERS))
    command("prometheus", "Print the folder of Prometheus and promtool, which are fetched on first use.")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        # These need no cluster.
        if options.command == "helm":
            print(go_build.ensure(go_build.HELM) / "helm")
            return 0
        if options.command == "ansible-operator":
            print(go_build.ensure(go_build.ANSIBLE_OPERATOR) / "ansible-operator")
            return 0
        if options.command == "program":
            module = go_build.OTHERS[options.program]
            print(go_build.ensure(module) / module.programs[0].name)
            return 0
        if options.command == "prometheus":
            print(packages.ensure_prometheus())
            return 0
        provider, reason = providers.choose(options.name, options.provider)
        result = _carry_out(options, provider, reason)
        sys.stdout.flush()
        return result
    except BrokenPipeError:
        # Who reads has seen enough. Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except ClusterError as error:
        say(f"\nError: {error}")
    except PermissionError as error:
        say(f"\nError: {error}. Run this as root.")
    except KeyboardInterrupt:
        say("\nInterrupted. What was started keeps running; `up` goes on from here, `down` clears it away.")
    return EXIT_FAILED


def _carry_out(options: argparse.Namespace, provider: Provider, reason: str) -> int:
    match options.command:
        case "up":
            provider.up(UpOptions(**{field.name: getattr(options, field.name) for field in fields(UpOptions)}))
            print(f"export KUBECONFIG={provider.kubeconfig()}")
        case "down":
            provider.down()
        case "status":
            return _status(provider)
        case "kubeconfig":
            print(provider.kubeconfig())
        case "load":
            provider.load([path.absolute() for path in options.files])
        case "run":
            provider.enter(options.words)
        case "kwok":
            _kwok(provider, options.action, options.count)
        case "provider":
            print(f"{provider.kind}: {reason}")
    return 0


def _status(provider: Provider) -> int:
    lines = provider.status()
    for line in lines:
        print(_formatted(line))
    if any(line.trouble for line in lines):
        return EXIT_NOT_UP
    print(f"kubeconfig: {provider.kubeconfig()}")
    return 0


def _formatted(line: Line) -> str:
    state = f"NOT WORKING: {line.trouble.splitlines()[0]}" if line.trouble else "works"
    return f"{line.part:<26} {line.pid or '-':>8}  {state}"


def _kwok(provider: Provider, action: str, count: int) -> None:
    if not isinstance(provider, NodeTestbed):
        raise ClusterError("Fake nodes are for the testbed only.", advice="Choose it with --provider testbed.")
    if not 1 <= count <= 250:
        raise ClusterError("Between 1 and 250 fake nodes fit into the Pods' network.")
    testbed = provider.testbed
    holder = testbed.holder()
    cluster = testbed.cluster()
    api = Api(cluster.namespace, cluster.certificates)
    if action == "add":
        go_build.ensure(go_build.KWOK)
        Supervisor(cluster, holder).ensure(kwok.kwok(cluster))
        testbed.save(replace(cluster.settings, kwok=True))
        kwok.add(api, cluster.namespace, count)
        say(f"{len(kwok.names(api))} fake node(s) are Ready; their taint is {kwok.ANNOTATION}=fake:NoSchedule")
    else:
        removed = kwok.remove(api, cluster.namespace)
        testbed.save(replace(cluster.settings, kwok=False))
        testbed.ledger.stop(["kwok"], grace=5)
        say(f"{removed} fake node(s) are gone")

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that are built from published Go modules, once per machine.

`programs/NAME/go.mod` says what is built, in which version; its `go.sum` pins every source that goes into it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from ..errors import ClusterError, tail
from ..locations import SOURCES, cache_home
from ..progress import duration, say
from .lock import exclusive
from .shell import run, search_path

REPORT_EVERY = 20.0
# Where Go's own instructions put it; not on everybody's PATH.
STANDARD_GO = "/usr/local/go/bin/go"
TIMEOUT = 3600.0


@dataclass(frozen=True)
class Program:
    name: str
    package: str
    seconds: float
    """How long a build takes with two cores and nothing in Go's build cache."""


@dataclass(frozen=True)
class Module:
    """A folder below `programs/`, the module that gives it its version, and what is built."""

    folder: str
    requires: str
    programs: tuple[Program, ...]
    stamps: tuple[str, ...] = ()
    """Go variables that take the version without a leading module path, as `PACKAGE.NAME`."""
    tags: tuple[str, ...] = ()
    """Build tags."""

    @property
    def path(self) -> Path:
        return SOURCES / "programs" / self.folder

    @property
    def version(self) -> str:
        if not self.requires:
            return "local"
        text = (self.path / "go.mod").read_text(encoding="utf-8")
        found = re.search(rf"^(?:require)?\s*{re.escape(self.requires)} (v\S+)", text, re.MULTILINE)
        if found is None:
            raise ClusterError(f"{self.path / 'go.mod'} does not require {self.requires}.")
        return found.group(1)

    @property
    def link_flags(self) -> str:
        major, minor, *_ = [*self.version.lstrip("v").split("."), "0", "0"]
        words = ["-s", "-w"]
        for stamp in self.stamps:
            value = {"gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}.get(
                stamp.rpartition(".")[2], self.version
            )
            words += ["-X", f"{stamp}={value}"]
        return " ".join(words)

    @property
    def output(self) -> Path:
        """Named by version, and by everything else that decides what comes out."""
        digest = hashlib.sha256(f"{platform.machine()} {self.link_flags}{','.join(self.tags)}".encode())
        for file in sorted(self.path.glob("*")):
            digest.update(file.read_bytes())
        return cache_home() / "bin" / f"{self.folder}-{self.version}-{digest.hexdigest()[:8]}"


def _version_stamps(*packages: str) -> tuple[str, ...]:
    return tuple(f"{p}.{n}" for p in packages for n in ("gitVersion", "gitMajor", "gitMinor", "gitTreeState"))


_KUBERNETES = "k8s.io/kubernetes/cmd/"


def _kubernetes(folder: str) -> Module:
    # The API server comes first and compiles most of what the others share.
    return Module(
        folder,
        "k8s.io/kubernetes",
        (
            Program("kube-apiserver", _KUBERNETES + "kube-apiserver", 270),
            Program("kube-controller-manager", _KUBERNETES + "kube-controller-manager", 70),
            Program("kubelet", _KUBERNETES + "kubelet", 25),
            Program("kube-scheduler", _KUBERNETES + "kube-scheduler", 8),
            Program("kube-proxy", _KUBERNETES + "kube-proxy", 10),
            Program("kubectl", _KUBERNETES + "kubectl", 30),
        ),
        stamps=_version_stamps("k8s.io/component-base/version", "k8s.io/client-go/pkg/version"),
    )


KUBERNETES = _kubernetes("kubernetes")
# By minor version; the last one is the default.
KUBERNETES_VERSIONS = {
    "1.31": _kubernetes("kubernetes-1.31"),
    "1.34": _kubernetes("kubernetes-1.34"),
    "1.36": KUBERNETES,
}
ETCD = Module("etcd", "go.etcd.io/etcd/server/v3", (Program("etcd", "go.etcd.io/etcd/server/v3", 50),))
COREDNS = Module("coredns", "github.com/coredns/coredns", (Program("coredns", "github.com/coredns/coredns", 120),))
KWOK = Module(
    "kwok",
    "sigs.k8s.io/kwok",
    (Program("kwok", "sigs.k8s.io/kwok/cmd/kwok", 80),),
    stamps=("sigs.k8s.io/kwok/pkg/consts.Version",),
)
METRICS_SERVER = Module(
    "metrics-server",
    "sigs.k8s.io/metrics-server",
    (Program("metrics-server", "sigs.k8s.io/metrics-server/cmd/metrics-server", 140),),
)
NETWORK_POLICIES = Module(
    "kube-network-policies",
    "sigs.k8s.io/kube-network-policies",
    (Program("kube-network-policies", "sigs.k8s.io/kube-network-policies/cmd", 180),),
)
CERT_MANAGER = Module("cert-manager", "github.com/cert-manager/cert-manager", (Program("cert-manager", ".", 480),))
CONTOUR = Module(
    "contour",
    "github.com/projectcontour/contour",
    (Program("contour", "github.com/projectcontour/contour/cmd/contour", 360),),
)
ARGO_ROLLOUTS = Module(
    "argo-rollouts",
    "github.com/argoproj/argo-rollouts",
    (Program("rollouts-controller", "github.com/argoproj/argo-rollouts/cmd/rollouts-controller", 300),),
)
FLAGGER = Module(
    "flagger", "github.com/fluxcd/flagger", (Program("flagger", "github.com/fluxcd/flagger/cmd/flagger", 140),)
)
# Not part of the cluster: what people install the operator with.
HELM = Module(
    "helm",
    "helm.sh/helm/v3",
    (Program("helm", "helm.sh/helm/v3/cmd/helm", 150),),
    stamps=("helm.sh/helm/v3/internal/version.version",),
)
# Not part of the cluster: the other operator that runs watches.yaml.
ANSIBLE_OPERATOR = Module(
    "ansible-operator",
    "github.com/operator-framework/ansible-operator-plugins",
    (Program("ansible-operator", "github.com/operator-framework/ansible-operator-plugins/cmd/ansible-operator", 300),),
)
# Not part of the cluster: what scrapes metrics and receives traces of servers.
PROMETHEUS_OPERATOR = Module(
    "prometheus-operator",
    "github.com/prometheus-operator/prometheus-operator",
    (Program("operator", "github.com/prometheus-operator/prometheus-operator/cmd/operator", 160),),
)
PROMETHEUS = Module(
    "prometheus",
    "github.com/prometheus/prometheus",
    (Program("prometheus", "github.com/prometheus/prometheus/cmd/prometheus", 220),),
    tags=("remove_all_sd", "enable_kubernetes_sd"),
)
COLLECTOR = Module(
    "opentelemetry-collector", "go.opentelemetry.io/collector/otelcol", (Program("opentelemetry-collector", ".", 120),)
)
# Not part of the cluster: what publishes a release, and verifies what was published.
CRANE = Module(
    "crane",
    "github.com/google/go-containerregistry",
    (Program("crane", "github.com/google/go-containerregistry/cmd/crane", 90),),
)
COSIGN = Module(
    "cosign", "github.com/sigstore/cosign/v2", (Program("cosign", "github.com/sigstore/cosign/v2/cmd/cosign", 300),)
)
# Not part of the cluster: what says whether a bundle is one for the Operator Lifecycle Manager.
OPERATOR_VERIFY = Module(
    "operator-verify",
    "github.com/operator-framework/api",
    (Program("operator-verify", "github.com/operator-framework/api/cmd/operator-verify", 120),),
)
# Not part of the cluster: what refuses Pods whose images are not signed.
POLICY_CONTROLLER = Module(
    "policy-controller",
    "github.com/sigstore/policy-controller",
    (Program("webhook", "github.com/sigstore/policy-controller/cmd/webhook", 240),),
)
_OTHERS = (PROMETHEUS_OPERATOR, PROMETHEUS, COLLECTOR, CRANE, COSIGN, OPERATOR_VERIFY, POLICY_CONTROLLER)
OTHERS = {module.folder: module for module in _OTHERS}
PAUSE = Module("pause", "", (Program("pause", ".", 2),))
PROBE = Module("probe", "", (Program("probe", ".", 20),))


def find_go() -> str:
    versioned = sorted(Path("/usr/lib").glob("go-*/bin/go"), reverse=True)
    candidates = [shutil.which("go", path=search_path()), STANDARD_GO, *map(str, versioned)]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            version = re.search(r"go(\d+)\.(\d+)", run([candidate, "version"]).stdout)
            # From 1.21 on, Go fetches by itself the newer toolchain that a go.mod asks for, unless it is told not to.
            if version and (int(version[1]), int(version[2])) >= (1, 21):
                return candidate
    raise ClusterError(
        "Go is needed to build Kubernetes, and there is none of version 1.21 or newer.",
        advice="Install it from https://go.dev/dl/, or use kind, or set MCP_TEST_KUBECONFIG to a cluster of yours.",
    )


def ensure(module: Module, *names: str) -> Path:
    """The folder in which the programs are (all of the module's, unless named); builds those that are missing."""
    programs = [program for program in module.programs if not names or program.name in names]
    if all((module.output / program.name).exists() for program in programs):
        return module.output
    with exclusive(cache_home() / f"{module.folder}.lock", f"building {module.folder}", timeout=TIMEOUT):
        missing = [program for program in programs if not (module.output / program.name).exists()]
        if missing:
            go = find_go()
            total = sum(program.seconds for program in missing)
            what = f"{module.folder} {module.version}: {len(missing)} program(s)"
            say(f"Building {what}, about {duration(total)} with two cores (once per machine)")
            for program in missing:
                _build(go, module, program)
    return module.output


def _build(go: str, module: Module, program: Program) -> None:
    say(f"  {program.name}: compiling (about {duration(program.seconds)})")
    began = time.monotonic()
    module.output.mkdir(parents=True, exist_ok=True)
    # Go's own temporary files can be large; and a half-written program must never carry the final name.
    with tempfile.TemporaryDirectory(prefix=".build-", dir=module.output.parent) as temporary:
        built = Path(temporary) / program.name
        _compile(go, module, program, built, began)
        built.replace(module.output / program.name)
    say(f"  {program.name}: built in {duration(time.monotonic() - began)}")


def _compile(go: str, module: Module, program: Program, output: Path, began: float) -> None:
    argv = [go, "build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", module.link_flags]
    argv += ["-tags", ",".join(module.tags), "-o", str(output), program.package]
    # Without cgo no C compiler is needed, and the result runs on any libc.
    env = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "", "PATH": search_path()}
    with subprocess.Popen(
        argv,
        cwd=module.path,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Go starts compilers of its own; they are to end with it.
        start_new_session=True,
    ) as process:
        lines: list[str] = []
        reader = threading.Thread(target=lines.extend, args=(process.stdout,), daemon=True)
        reader.start()
        try:
            _wait(process, program, lines, began)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
            reader.join(timeout=10)
    if process.returncode != 0:
        raise ClusterError(
            f"Building {program.name} failed.",
            details=tail("".join(lines)),
            advice="Go fetches its modules from where `go env GOPROXY` says; go.mod asks for the Go version to use.",
        )


def _wait(process: subprocess.Popen[str], program: Program, lines: list[str], began: float) -> None:
    said = began
    while process.poll() is None:
        now = time.monotonic()
        if now - began > TIMEOUT:
            raise ClusterError(f"Building {program.name} did not end within {duration(TIMEOUT)}.")
        if now - said >= REPORT_EVERY:
            said = now
            say(f"  {program.name}: {len(lines)} packages fetched or compiled, {duration(now - began)} so far")
        time.sleep(0.1)

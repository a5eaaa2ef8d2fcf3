# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Record commands in the tests' cluster as ``docs/images/terminal.svg``, the picture of the README: ``make terminal``.

An MCP server is deployed, and before the recording a web page that is no MCP server. The output is that of the
commands, each in a terminal of its own. Rows of asterisks are shortened, and Ansible prints only tasks that changed
something.
"""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text
from steps import BIN, COLLECTIONS, ROOT

WIDTH, MOST_LINES, MOST_BYTES = 126, 70, 90_000
TARGET = ROOT / "docs" / "images" / "terminal.svg"
SERVERS = ROOT / "tests" / "servers" / "manifests"
NAMESPACE = "demo"
TITLE = "mcp.kubernetes"
# The name of each server, and its manifest.
DEPLOYED = {"clock": SERVERS / "go-sdk.yaml", "mail": SERVERS / "broken" / "not-mcp.yaml"}
DEPLOY = f"ansible-playbook mcp.kubernetes.deploy -e mcp_namespace={NAMESPACE} -e mcp_manifests="
BEFORE = f"{DEPLOY}mail.yaml"
COMMANDS = (
    "cat clock.yaml",
    f"{DEPLOY}clock.yaml",
    f"kubectl -n {NAMESPACE} get mcpservers",
    f"mcp-operator validate clock -n {NAMESPACE}",
    f"mcp-operator status -n {NAMESPACE}",
)
# The font is that of the reader: nothing is loaded from elsewhere.
FORMAT = re.sub(r"\s*@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
# Cursor movements of progress lines, and the line that they overwrite.
MOVES = re.compile(r"\x1b\[[0-9;?]*[A-HJ-ln-z]|\x1b[()][A-Z0-9]")
OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")


def main() -> None:
    """Run the commands and write the picture."""
    cluster = [sys.executable, str(ROOT / "tests" / "cluster")]
    servers = [sys.executable, str(ROOT / "tests" / "servers")]
    for command in ([*cluster, "up"], [*servers, "build"], [*cluster, "load", *lines([*servers, "archives"])]):
        subprocess.run(command, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder, lines([*cluster, "kubeconfig"])[0])
        prepare(folder)
        crd = str(ROOT / "crds")
        subprocess.run(["kubectl", "apply", "--server-side", "--force-conflicts", "-f", crd], env=env, check=True)
        subprocess.run(["kubectl", "create", "namespace", NAMESPACE], env=env, check=True)
        try:
            record(BEFORE, folder, env)
            outputs = [(command, record(command, folder, env)) for command in COMMANDS]
        finally:
            subprocess.run(["kubectl", "delete", "namespace", NAMESPACE], env=env, check=True)
    TARGET.write_text(picture(outputs), encoding="utf-8")


def lines(command: list[str]) -> list[str]:
    """Return the lines that a command prints."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.split()


def prepare(folder: Path) -> None:
    """Write the manifests and the command ``mcp-operator`` into the folder of the recording."""
    for name, path in DEPLOYED.items():
        text = re.sub(r"(?m)^(#.*|---)\n", "", path.read_text(encoding="utf-8"))
        text = re.sub(r"(?m)^  name: .*", f"  name: {name}", text, count=1)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    program = folder / "bin" / "mcp-operator"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT}/operator/src exec {sys.executable} -m mcp_operator "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def environment(folder: Path, kubeconfig: str) -> dict[str, str]:
    """Return the environment of a user, who has the collection and the kubeconfig."""
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "PATH")}
    return {
        **kept,
        "PATH": f"{folder}/bin:{BIN}:{kept['PATH']}",
        "TERM": "xterm-256color",
        "COLUMNS": str(WIDTH),
        "KUBECONFIG": kubeconfig,
        "K8S_AUTH_KUBECONFIG": kubeconfig,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_DISPLAY_OK_HOSTS": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }


def record(command: str, folder: Path, env: dict[str, str]) -> str:
    """Run a command in a terminal of its own and return what it prints, with colors."""
    print(f"$ {command}", flush=True)
    main_end, terminal = pty.openpty()
    sized = f"stty cols {WIDTH} rows 50; {command}"
    process = subprocess.Popen(
        ["sh", "-c", sized], cwd=folder, env=env, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    found = b""
    while True:
        try:
            part = os.read(main_end, 65536)
        except OSError:  # the terminal is closed
            break
        if not part:
            break
        found += part
    process.wait()
    os.close(main_end)
    return shortened(found.decode("utf-8", "replace"))


def shortened(text: str) -> str:
    """Return the output as it remains on the terminal, without empty lines at its ends and rows of asterisks."""
    text = OVERWRITTEN.sub("", MOVES.sub("", text.replace("\r\n", "\n")))
    text = re.sub(r" \*{4,}", " ***", text)
    return re.sub(r"\n{2,}", "\n\n", text).strip("\n")


def picture(outputs: list[tuple[str, str]]) -> str:
    """Return the picture of all commands.

    :raises SystemExit: it would be too large to be read.
    """
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    for command, output in outputs:
        console.print(Text(f"$ {command}", style="bold green"))
        console.print(Text.from_ansi(output))
        console.print()
    text = console.export_text(clear=False)
    svg = console.export_svg(title=TITLE, code_format=FORMAT, unique_id="terminal")
    print(text)
    if len(text.splitlines()) > MOST_LINES or len(svg) > MOST_BYTES:
        sys.exit(f"The picture has {len(text.splitlines())} lines and {len(svg)} bytes, which is too much to be read.")
    return svg


if __name__ == "__main__":
    if not shutil.which("kubectl"):
        sys.exit("kubectl is not installed.")
    main()

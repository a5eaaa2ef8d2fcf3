# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``ansible-test sanity`` on exactly what users install.

ansible-test wants a real folder ``ansible_collections/NAMESPACE/NAME`` (a symbolic link is refused) that lies outside
this checkout (it asks the nearest git repository for the files, and ours ignores its caches: "All targets skipped"),
so the tarball is built and unpacked in a temporary folder first.

``--core 2.19 2.20`` takes other versions of ansible-core than the newest. Each takes half a minute, and some minutes
the first time on a machine: ansible-test then makes environments for it.

Other arguments go to ansible-test: ``sanity.py --test validate-modules``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import cores
from steps import BIN, COLLECTIONS, MACHINE_CACHE, ROOT, Outcome, Step, finish, report, run_in_the_open, run_quietly

PYTHONS = ["python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14"]


def stage_collection(stage: Path, target: Path) -> Outcome:
    """Unpack the freshly built tarball where ansible-test looks for collections."""
    target.mkdir(parents=True)
    galaxy = str(BIN / "ansible-galaxy")
    outcome = run_quietly(Step("build", [galaxy, "collection", "build", "--output-path", str(stage)]))
    if outcome.returncode == 0:
        tarball = next(stage.glob("*.tar.gz"))
        outcome = run_quietly(Step("unpack", ["tar", "-xzf", str(tarball), "-C", str(target)]))
        # The tests are not in the tarball, and so not their configuration.
        (target / "tests").mkdir()
        shutil.copy(ROOT / "tests" / "config.yml", target / "tests")
    return outcome


def ansible_test_home(programs: Path) -> Path:
    """Return a home folder for ansible-test alone, shared by all checkouts of this machine.

    It builds its virtual environments in ``~/.ansible/test``, once for each set of versions, and fetches a script
    that installs pip from a host that many networks do not reach. Python brings pip along, so that script can be
    three words long; but it must not appear in the user's own home, where other projects would run it.
    """
    home = MACHINE_CACHE / "ansible-test"
    scripts = home / ".ansible" / "test" / "cache"
    scripts.mkdir(parents=True, exist_ok=True)
    for version in pip_versions(programs):
        script = scripts / f"get_pip_{version.replace('.', '_')}.py"
        script.write_text("import ensurepip\nensurepip.bootstrap(default_pip=True)\n", encoding="utf-8")
    # Where packages come from is the user's to say.
    for settings in (".config/pip", ".pip"):
        real, link = Path.home() / settings, home / settings
        if real.is_dir() and not link.is_symlink():
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(real)
    return home


def pip_versions(programs: Path) -> set[str]:
    """Return the pip versions that an ansible-test asks for."""
    internal = next((programs.parent / "lib").glob("python*/site-packages/ansible_test/_internal"))
    return set(re.findall(r"pip='([0-9.]+)'", (internal / "python_requirements.py").read_text(encoding="utf-8")))


def path_with_working_pythons(programs: Path) -> str:
    """Return a PATH that begins with an ansible-core's programs and on which every ``python3.N`` runs.

    Version managers put shims on PATH that fail for versions that are not chosen, and ansible-test takes the first
    that it finds.
    """
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if pythons_run(Path(folder))]
    managed = sorted(str(path) for path in Path.home().glob(".pyenv/versions/3.*/bin"))
    return os.pathsep.join([str(programs), *folders, *managed])


def pythons_run(folder: Path) -> bool:
    """Tell whether all Pythons of a folder start."""
    return all(
        subprocess.run([folder / name, "-c", ""], check=False, capture_output=True).returncode == 0
        for name in PYTHONS
        if (folder / name).exists()
    )


def run_sanity(core: str, target: Path, arguments: list[str]) -> Outcome:
    """Run the ansible-test of a core on the staged collection."""
    programs = cores.programs(core)
    path = path_with_working_pythons(programs)
    found = [name for name in PYTHONS if shutil.which(name, path=path)]
    print(f"Pythons to check with: {', '.join(found)} (the first run makes environments: some minutes)", flush=True)
    return run_in_the_open(
        Step(
            f"ansible-test sanity, ansible-core {core}",
            [str(programs / "ansible-test"), "sanity", "--color", "no", *arguments],
            cwd=target,
            env={
                "HOME": str(ansible_test_home(programs)),
                "PATH": path,
                "ANSIBLE_COLLECTIONS_PATH": f"{target.parents[2]}{os.pathsep}{COLLECTIONS}",
            },
        ),
    )


def main() -> None:
    """Work in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    supported = [*cores.OLDER, cores.NEWEST]
    parser.add_argument("--core", nargs="+", choices=supported, default=[cores.NEWEST])
    options, arguments = parser.parse_known_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mcp-kubernetes-") as stage:
        target = Path(stage) / "ansible_collections" / "mcp" / "kubernetes"
        staged = stage_collection(Path(stage), target)
        if staged.returncode != 0:
            report(staged)
            finish([staged], start)
        outcomes = [run_sanity(core, target, arguments) for core in options.core]
    finish(outcomes, start)


if __name__ == "__main__":
    main()

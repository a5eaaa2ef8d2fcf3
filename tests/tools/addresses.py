# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write the registry, the repository and the contacts of release/settings.yml into all files that contain them.

``addresses.py --check`` writes nothing and fails if a file contains others.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "release/settings.yml"
IMAGES = ("mcp-operator", "mcp-stdio-bridge", "mcp-stdio-runtimes")
# What was released, licences and the settings themselves stay as they are.
_KEPT = ("CHANGELOG.md", "LICENSES/", "changelogs/", SETTINGS)


@dataclass(frozen=True)
class Addresses:
    """Where the project is published.

    :param registry: prefix of the images.
    :param repository: URL without a slash at its end.
    """

    registry: str
    repository: str
    galaxy_namespace: str
    security_contact: str
    conduct_contact: str

    def replacements(self) -> list[str]:
        """Return the texts in files, in the same order for all addresses."""
        images = [f"{self.registry}/{name}" for name in IMAGES]
        return [*images, self.repository, self.security_contact, self.conduct_contact]


PLACEHOLDERS = Addresses(
    "registry.example.com/mcp",
    "https://git.example.com/mcp/kubernetes",
    "mcp",
    "security@example.com",
    "conduct@example.com",
)


def settings(root: Path) -> Addresses:
    """Return the addresses of release/settings.yml.

    :raises SystemExit: a value is missing, unknown or cannot be right.
    """
    try:
        found = yaml.safe_load((root / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        sys.exit(f"{SETTINGS} cannot be read: {exc}")
    names = [field.name for field in fields(Addresses)]
    if not isinstance(found, dict) or sorted(found) != sorted(names):
        sys.exit(f"{SETTINGS} must contain {', '.join(names)} and nothing else.")
    made = Addresses(**{name: str(found[name]) for name in names})
    for name, value in zip(names, astuple(made), strict=True):
        if not re.fullmatch(r"[^\s\"'`]+[^\s\"'`/]", value):
            sys.exit(f"{SETTINGS}: {name} is {value!r}. Write it without spaces, quotes and a slash at its end.")
    if made.registry != made.registry.lower():
        sys.exit(f"{SETTINGS}: registry is {made.registry!r}. Names of images have no upper-case letters.")
    if not re.match(r"[^/]+[.:][^/]*/|localhost/", f"{made.registry}/"):
        sys.exit(f"{SETTINGS}: registry is {made.registry!r}. Write the host, too, as in docker.io/{made.registry}.")
    return made


def written(root: Path) -> Addresses:
    """Return the addresses that files contain now, read where each must be."""
    return Addresses(
        registry=_read(root, "operator/chart/values.yaml", r"(?m)^  repository: (\S+)/mcp-operator$"),
        repository=_read(root, "galaxy.yml", r"(?m)^repository: (\S+)$"),
        galaxy_namespace=_read(root, "galaxy.yml", r"(?m)^namespace: (\S+)$"),
        security_contact=_read(root, "SECURITY.md", r"send an email to `(\S+)`"),
        conduct_contact=_read(root, "CODE_OF_CONDUCT.md", r"violation to `(\S+)`"),
    )


def changes(root: Path) -> dict[Path, str]:
    """Return the files that contain other addresses than the settings, with the text that they are to have.

    Placeholders count as other addresses, so that a new file with one of them is found.
    """
    wanted = settings(root)
    replaced: dict[str, str] = {}
    for old in (written(root), PLACEHOLDERS):
        pairs = zip(old.replacements(), wanted.replacements(), strict=True)
        replaced.update({before: after for before, after in pairs if before != after})
    if not replaced:
        return {}
    # The end of an image's name, so that mcp-operator is not found in mcp-operator-x.
    pattern = re.compile("(?:" + "|".join(map(re.escape, replaced)) + r")(?![\w-])")
    found = {}
    for path in tracked(root):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        made = pattern.sub(lambda match: replaced[match[0]], text)
        if made != text:
            found[path] = made
    return found


def tracked(root: Path) -> list[Path]:
    """Return the files that may contain addresses and versions."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout
    names = [name for name in listed.split("\0") if name and not name.startswith(_KEPT)]
    # The placeholders must stay in the file that names them.
    own = Path(__file__).resolve().relative_to(ROOT).as_posix()
    paths = [root / name for name in names if name != own]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def main() -> None:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file contains other addresses")
    check = parser.parse_args().check
    namespace = settings(ROOT).galaxy_namespace
    if namespace != written(ROOT).galaxy_namespace:
        sys.exit(
            f"{SETTINGS}: galaxy_namespace is {namespace}, but the plugins have another one. Rename the collection."
        )
    found = changes(ROOT)
    if check and found:
        names = ", ".join(path.relative_to(ROOT).as_posix() for path in found)
        sys.exit(f"Other addresses than those of {SETTINGS} are in {names}. Run `make addresses`.")
    for path, text in found.items():
        path.write_text(text, encoding="utf-8", errors="surrogateescape")


def _read(root: Path, name: str, pattern: str) -> str:
    match = re.search(pattern, (root / name).read_text(encoding="utf-8"))
    if match is None:
        sys.exit(f"{name} does not contain {pattern}.")
    return match[1]


if __name__ == "__main__":
    main()

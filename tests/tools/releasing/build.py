# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Makes all files of a release in one folder."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from addresses import PLACEHOLDERS, SETTINGS
from steps import CACHE

from . import images, kubectl_plugin, olm_bundle, packages, provenance, sboms, source
from .archives import sha256

SUMS = "SHA256SUMS"


def build(version: str, target: Path, *, with_images: bool = True) -> list[Path]:
    """Make the files; return their paths. The folder appears when all is done, and replaces an earlier one.

    :raises SystemExit: a step failed, the checkout is not committed, or the folder has files of something else.
    """
    # A link to a folder stays a link.
    target = target.resolve()
    _check_replaceable(target)
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="release-") as scratch:
        folder = Path(scratch) / "dist"
        folder.mkdir()
        _say("the commit, with the version and its changelog")
        found = source.prepare(Path(scratch) / "source", version)
        if found.published.registry == PLACEHOLDERS.registry:
            _say(f"{SETTINGS} has placeholders: set it before you publish, or the chart and the role refuse the image")
        made = _make(found, folder, with_images=with_images)
        made.append(provenance.provenance(found, folder, sorted(made)))
        (folder / SUMS).write_text("".join(f"{sha256(path)}  {path.name}\n" for path in sorted(made)), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
    return sorted(target.iterdir())


def _check_replaceable(target: Path) -> None:
    is_used = any(target.iterdir()) if target.is_dir() else target.exists()
    if is_used and not (target / SUMS).is_file():
        sys.exit(
            f"{target} would be deleted, but it is no earlier release: it has files and no {SUMS}. "
            "Choose a new or an empty folder with --output, or delete this one yourself."
        )


def _make(found: source.Source, folder: Path, *, with_images: bool) -> list[Path]:
    _say("the collection, the Python distributions, the chart")
    archive, wheel = packages.distributions(found, folder)
    chart = packages.chart(found, folder)
    made = [packages.collection(found, folder), archive, wheel, chart, images.chart_artefact(found, folder, chart)]
    _say("the kubectl plugin, the bills of materials")
    made += [*kubectl_plugin.plugin(found, folder, wheel), *sboms.sboms(found, folder)]
    digests: dict[str, str] = {}
    if with_images:
        _say("the images (some minutes)")
        for name, (path, digest) in images.images(found, folder).items():
            made.append(path)
            digests[name] = digest
    install = packages.install_yaml(found, folder, digests)
    return [*made, install, *olm_bundle.bundle(found, folder, install)]


def _say(what: str) -> None:
    print(f">> {what}", file=sys.stderr, flush=True)

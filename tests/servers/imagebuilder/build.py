# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Builds what is missing in the cache."""

from __future__ import annotations

import time
from pathlib import Path

from . import cache, engines, registries
from .buildah import Buildah, ExportOptions
from .catalogue import Image
from .process import Runner
from .progress import say


def build(images: list[Image], *, engine: str = "auto") -> list[Path]:
    """Build the images whose archives are missing; return the archives of all."""
    if all(cache.archive_of(image).exists() for image in images):
        say(f"{len(images)} images are built already")
        return [cache.archive_of(image) for image in images]
    with cache.locked() as lock:
        missing = [image for image in images if not cache.archive_of(image).exists()]
        if missing:
            _build_missing(missing, engines.choose(engine), lock)
    return [cache.archive_of(image) for image in images]


def export(images: list[Image], folder: Path, options: ExportOptions) -> list[Path]:
    """Write the images as OCI layouts below a folder, each with its name; return their paths."""
    made = []
    with cache.locked() as lock:
        work = cache.scratch_folder()
        runner = Runner(cache.folder() / "export.log", lock)
        runner.log.unlink(missing_ok=True)
        engines.require_buildah(runner)
        engine = Buildah(runner, cache.folder() / "storage", work, registries.write_secrets(work))
        for image in images:
            say(f"{image.name} (about {image.seconds} s, and a base the first time)")
            engine.export(image, folder / image.name, options)
            made.append(folder / image.name)
        engine.finish()
    return made


def _build_missing(images: list[Image], engine_name: str, lock: int) -> None:
    work = cache.scratch_folder()
    log = cache.folder() / "build.log"
    log.unlink(missing_ok=True)
    expected = sum(image.seconds for image in images)
    say(f"building {len(images)} images with {engine_name}: about {expected} s, and more the first time; log: {log}")
    started = time.monotonic()
    engine = engines.make(engine_name, Runner(log, lock), work, registries.write_secrets(work))
    for number, image in enumerate(images, start=1):
        say(f"{number}/{len(images)} {image.reference} (about {image.seconds} s)")
        archive = cache.archive_of(image)
        # The name with the hash appears at once with the whole content or not at all.
        partial = archive.with_suffix(".partial")
        engine.build(image, partial)
        partial.replace(archive)
        cache.prune(image)
    engine.finish()
    say(f"built {len(images)} images in {time.monotonic() - started:.0f} s")

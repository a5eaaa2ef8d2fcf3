# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Publish the images and the chart of a release in a registry: ``publish.py VERSION``.

It pushes what ``make release`` wrote into dist/ with crane, and signs what it pushed with cosign. The credentials are
REGISTRY_USER and REGISTRY_PASSWORD, or those of ``docker login``, or of another program that writes Docker's
configuration. COSIGN_PASSWORD is the password of the key.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from addresses import PLACEHOLDERS, settings
from releasing.publishing import Tools, login, publish
from steps import ROOT
from version import VERSION, tagged


def main() -> None:
    """Publish, and print what was published, by digest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="?", metavar="VERSION", help="for example 1.2.3 (that of the tag v1.2.3)")
    parser.add_argument("--registry", default="", help="prefix of the images (that of release/settings.yml)")
    parser.add_argument("--folder", type=Path, default=ROOT / "dist", help="with the files of the release (dist)")
    signing = parser.add_mutually_exclusive_group(required=True)
    signing.add_argument("--key", metavar="KEY", help="private key: a file, or an address that cosign knows")
    signing.add_argument("--unsigned", action="store_true", help="sign nothing")
    options = parser.parse_args()
    options.version = options.version or tagged(ROOT)
    if not VERSION.fullmatch(options.version):
        parser.error(f"{options.version!r} is no version. Write it like 1.2.3 or 1.2.3-rc.1.")
    published = settings(ROOT).registry
    registry = options.registry or published
    if registry == PLACEHOLDERS.registry:
        parser.error("The registry is a placeholder. Set it in release/settings.yml, or give --registry.")
    if registry != published:
        print(f">> The chart and install.yaml name images in {published}.", file=sys.stderr)
    with login(registry):
        for reference in publish(options.folder.absolute(), options.version, registry, Tools(options.key or "")):
            print(reference, flush=True)


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The images: which there are, what they are built from and how their servers are reached. And the operator's."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import BuildError

IMAGES_FOLDER = Path(__file__).resolve().parent.parent / "images"
ROOT = IMAGES_FOLDER.parents[2]
SIDECAR_FOLDER = ROOT / "sidecar"
REPOSITORY = "localhost/mcp-servers"
_ROLE = (ROOT / "roles" / "mcpserver" / "defaults" / "main.yml").read_text(encoding="utf-8")
# Where the role looks for the sidecar by default. Without PyYAML, which the image builder does not need.
SIDECAR_REPOSITORY, VERSION = re.findall(r"(?m)^  inject: (\S+)/mcp-stdio-bridge:(\S+)$", _ROLE)[0]


@dataclass(frozen=True)
class Image:
    """One image.

    :param version: of the published implementation; the image's tag.
    :param context: folder in images/ that is the build context, or the path of another one; the whole repository when
        empty.
    :param target: stage of its Containerfile, the last one when empty.
    :param base: what the local base image holds, "" when the image is FROM scratch.
    :param transport: how the server is reached when the image is run as it is; "" when it is no MCP server.
    :param seconds: how long a build with a warm base takes, for the progress lines.
    :param repository: its name without the last part and the tag.
    :param containerfile: its path in the context.
    :param sources: what of the context goes into the image; all of it when empty.
    :param kept: a stage whose layers stay in the builder's cache, since what follows changes more often.
    :param named_only: whether it is left out where no image is named.
    """

    name: str
    version: str
    context: str
    target: str
    base: str
    transport: str
    seconds: int
    repository: str = REPOSITORY
    containerfile: str = "Containerfile"
    sources: tuple[str, ...] = ()
    kept: str = ""
    named_only: bool = False

    @property
    def reference(self) -> str:
        return f"{self.repository}/{self.name}:{self.version}"

    @property
    def has_programs(self) -> bool:
        """Whether Go programs are built for it."""
        return (self.folder / "go.mod").exists()

    @property
    def folder(self) -> Path:
        return IMAGES_FOLDER / self.context if self.context else ROOT

    @property
    def path(self) -> str:
        return {"streamable-http": "/mcp", "sse": "/sse", "": ""}[self.transport]


IMAGES = (
    Image("python-sdk-http", "1.30.0", "python-sdk-1", "streamable-http", "python", "streamable-http", 40),
    Image("python-sdk-sse", "1.30.0", "python-sdk-1", "sse", "python", "sse", 5),
    Image("python-sdk-v2", "2.3.0", "python-sdk-2", "", "python", "streamable-http", 40),
    Image("fastmcp", "3.4.10", "fastmcp", "", "python", "streamable-http", 60),
    Image("everything-http", "2026.8.31", "everything", "", "node", "streamable-http", 30),
    Image("everything-sse-2025-3-19", "2025.3.19", "everything-2025-3-19", "", "node", "sse", 20),
    Image("go-sdk", "1.8.0", "go", "clock", "", "streamable-http", 20),
    Image("broken", "1", "go", "broken", "", "", 5),
    Image(
        "mcp-operator",
        VERSION,
        "",
        "",
        "python-3.13",
        "",
        60,
        repository="localhost",
        containerfile="operator/Containerfile",
        sources=("operator/requirements.txt", "operator/src", "meta", "roles", "playbooks", "plugins", "watches.yaml"),
        kept="packages",
    ),
    *(
        dataclasses.replace(image, named_only=True)
        for image in (
            Image("mcp-stdio-bridge", VERSION, str(SIDECAR_FOLDER), "sidecar", "python", "", 20, SIDECAR_REPOSITORY),
            Image("mcp-stdio-runtimes", VERSION, str(SIDECAR_FOLDER), "runtimes", "python", "", 30, SIDECAR_REPOSITORY),
            Image("go-stdio", "1.8.0", "go", "stdio", "", "", 5),
            Image("stdio-packages", "1", "stdio", "cache", "python", "", 90),
            Image("no-libc", "1", "stdio", "no-libc", "python", "", 5),
        )
    ),
)


def select(names: list[str]) -> list[Image]:
    """Return the named images in the catalogue's order; when no name is given, all that are servers to test with."""
    known = {image.name for image in IMAGES}
    unknown = sorted(set(names) - known)
    if unknown:
        raise BuildError(f"No image is named {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    return [image for image in IMAGES if image.name in names or (not names and image.context and not image.named_only)]

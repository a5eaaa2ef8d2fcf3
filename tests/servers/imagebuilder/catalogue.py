# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The images: which there are, what they are built from and how their servers are reached."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .errors import BuildError

IMAGES_FOLDER = Path(__file__).resolve().parent.parent / "images"
REPOSITORY = "localhost/mcp-servers"


@dataclass(frozen=True)
class Image:
    """One image of a server.

    :param version: of the published implementation; the image's tag.
    :param context: folder in images/ that is the build context.
    :param target: stage of its Containerfile, the last one when empty.
    :param base: what the local base image holds, "" when the image is FROM scratch and its programs are Go.
    :param transport: how the server is reached when the image is run as it is; "" when it is no MCP server.
    :param seconds: how long a build with a warm base takes, for the progress lines.
    """

    name: str
    version: str
    context: str
    target: str
    base: str
    transport: str
    seconds: int

    @property
    def reference(self) -> str:
        return f"{REPOSITORY}/{self.name}:{self.version}"

    @property
    def folder(self) -> Path:
        return IMAGES_FOLDER / self.context

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
)


def select(names: list[str]) -> list[Image]:
    """Return the named images in the catalogue's order, all of them when no name is given."""
    known = {image.name for image in IMAGES}
    unknown = sorted(set(names) - known)
    if unknown:
        raise BuildError(f"No image is named {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    return [image for image in IMAGES if not names or image.name in names]

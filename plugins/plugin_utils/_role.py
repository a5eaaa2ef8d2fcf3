# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The role mcpserver of this collection: its templates, and its defaults for options that are not set."""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import yaml

ROLE = Path(__file__).resolve().parents[2] / "roles" / "mcpserver"
TEMPLATES = str(ROLE / "templates")
CRD = ROLE / "files" / "mcpservers.mcp.mcp-operator.io.yaml"
_BRIDGE_FORMS = ("inject", "package")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def default_resources(given: t.Mapping[str, t.Any] | None) -> t.Mapping[str, t.Any]:
    """Return requests and limits for MCPServers without them."""
    return given or t.cast("dict[str, t.Any]", _defaults()["mcpserver_default_resources"])


def bridge_images(given: t.Mapping[str, t.Any] | None) -> dict[str, str]:
    """Return the images ``inject`` and ``package``; each one that is not set is the role's."""
    own = {form: str(image) for form, image in (given or {}).items() if image}
    if all(form in own for form in _BRIDGE_FORMS):
        return own
    return {**_defaults()["mcpserver_bridge_images"], **own}


def network(given: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
    """Return the settings of network policies; each one that is not set is the role's."""
    own = {name: value for name, value in (given or {}).items() if value is not None}
    return {**_defaults()["mcpserver_network"], **own}


def validation_image(given: str | None) -> str:
    """Return the image of validation Jobs; empty if there are to be none."""
    return str(_defaults()["mcpserver_validation_image"]) if given is None else given


def _defaults() -> dict[str, t.Any]:
    path = ROLE / "defaults" / "main.yml"
    # Runs are forked from a process that has read the file already: a changed one is read again.
    stat = path.stat()
    return _read(path, (stat.st_ino, stat.st_mtime_ns, stat.st_size))


@functools.lru_cache(maxsize=1)
def _read(path: Path, _stamp: tuple[int, int, int]) -> dict[str, t.Any]:
    found: dict[str, t.Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    return found

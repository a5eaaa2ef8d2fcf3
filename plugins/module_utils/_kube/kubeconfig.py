# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which files of a kubeconfig list a context belongs to.

kubectl and the official client merge the files of KUBECONFIG by name, and the first entry of a name is used. If
two files have a user ``admin``, the context of the second file is used with the credentials of the first one, which are
then sent to the wrong cluster. Here, the file that defines the context is read first, so that its own cluster and user
are used. The other files complete it: a context may be in another file than its user.
"""

from __future__ import annotations

import contextlib
import os
import typing as t
from pathlib import Path

from .._util import as_mapping
from .errors import ConfigError

# auth.configuration reports the missing client, which depends on it.
with contextlib.suppress(ImportError):
    import yaml

DEFAULT = "~/.kube/config"


class Context(t.NamedTuple):
    """A context, and the files to read for it, joined as in ``KUBECONFIG``.

    :param label: its name, with the path of its file if another file has a context of this name.
    """

    name: str
    label: str
    kubeconfig: str


def paths(kubeconfig: t.Any = None) -> list[str]:
    """Return the paths of a kubeconfig list; by default those of ``KUBECONFIG``."""
    text = str(kubeconfig or os.environ.get("KUBECONFIG") or DEFAULT)
    return [str(Path(part).expanduser()) for part in text.split(os.pathsep) if part]


def select(kubeconfig: t.Any, context: str | None) -> tuple[str, str | None]:
    """Return the files to load, and the context.

    :param context: None for the current context, which is that of the first file that sets one, as for kubectl.
    :return: the files with that of the context first, joined as in ``KUBECONFIG``.
    :raises ConfigError: a file cannot be read.
    """
    files = paths(kubeconfig)
    if len(files) == 1:
        return files[0], context
    read = {path: _read(path) for path in files}
    name = context or next((str(one["current-context"]) for one in read.values() if one.get("current-context")), None)
    return _joined(next((path for path in files if name in _names(read[path])), ""), files), name


def contexts(kubeconfig: t.Any) -> list[Context]:
    """Return the contexts of all files, also those whose name an earlier file has.

    :raises ConfigError: a file cannot be read, or there is no context.
    """
    files = paths(kubeconfig)
    names = {path: _names(_read(path)) for path in dict.fromkeys(files)}
    everything = [name for found in names.values() for name in found]
    if not everything:
        raise ConfigError(
            f"The kubeconfig {os.pathsep.join(files)} has no context.",
            "Set KUBECONFIG or the option kubeconfig.",
        )
    return [
        Context(name, name if everything.count(name) == 1 else f"{name} ({path})", _joined(path, files))
        for path, found in names.items()
        for name in found
    ]


def _joined(first: str, files: t.Sequence[str]) -> str:
    return os.pathsep.join(dict.fromkeys(filter(None, [first, *files])))


def _names(config: t.Mapping[str, t.Any]) -> list[str]:
    entries = config.get("contexts")
    found = [as_mapping(entry).get("name") for entry in entries] if isinstance(entries, list) else []
    return list(dict.fromkeys(str(name) for name in found if name))


def _read(path: str) -> t.Mapping[str, t.Any]:
    try:
        return as_mapping(yaml.safe_load(Path(path).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}  # as kubectl: KUBECONFIG may name files that do not exist
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise ConfigError(
            f"The kubeconfig {path} cannot be read: {type(exc).__name__}: {str(exc)[:300]}.",
            "Check it with: kubectl config view.",
        ) from None

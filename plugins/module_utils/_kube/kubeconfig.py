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
    :return: the file of the context. If its cluster or user is in another file, all files joined as in ``KUBECONFIG``,
        with that of the context first.
    :raises ConfigError: a file cannot be read.
    """
    files = paths(kubeconfig)
    if len(files) == 1:
        return files[0], context
    read = {path: _read(path) for path in files}
    name = context or next((str(one["current-context"]) for one in read.values() if one.get("current-context")), None)
    own = next((path for path in files if name in _names(read[path], "contexts")), "")
    return _sources(own, name, read), name


def namespace(kubeconfig: t.Any, context: str | None) -> str:
    """Return the namespace of a context, which kubectl uses for names without one; empty if there is none.

    :param context: None for the current context.
    :raises ConfigError: a file cannot be read.
    """
    read = [_read(path) for path in paths(kubeconfig)]
    name = context or next((str(one["current-context"]) for one in read if one.get("current-context")), None)
    found = next((_entries(one, "contexts")[name] for one in read if name in _entries(one, "contexts")), {})
    return str(as_mapping(found.get("context")).get("namespace") or "")


def contexts(kubeconfig: t.Any) -> list[Context]:
    """Return the contexts of all files, also those whose name an earlier file has.

    :raises ConfigError: a file cannot be read, or there is no context.
    """
    read = {path: _read(path) for path in paths(kubeconfig)}
    names = {path: _names(one, "contexts") for path, one in read.items()}
    everything = [name for found in names.values() for name in found]
    if not everything:
        raise ConfigError(
            f"The kubeconfig {os.pathsep.join(read)} has no context.",
            "Set KUBECONFIG or the option kubeconfig.",
        )
    return [
        Context(name, name if everything.count(name) == 1 else f"{name} ({path})", _sources(path, name, read))
        for path, found in names.items()
        for name in found
    ]


def _sources(own: str, name: str | None, read: t.Mapping[str, t.Mapping[str, t.Any]]) -> str:
    """Return the file of a context if it is complete: the client parses each file that it gets, for each context."""
    if own:
        context = as_mapping(_entries(read[own], "contexts").get(str(name), {}).get("context"))
        parts = (("clusters", "cluster"), ("users", "user"))
        if all(str(context.get(part)) in _names(read[own], section) for section, part in parts):
            return own
    return os.pathsep.join(dict.fromkeys(filter(None, [own, *read])))


def _names(config: t.Mapping[str, t.Any], section: str) -> list[str]:
    return list(_entries(config, section))


def _entries(config: t.Mapping[str, t.Any], section: str) -> dict[str, dict[str, t.Any]]:
    """Return the entries of a section by name; of several of one name the first one."""
    given = config.get(section)
    found: dict[str, dict[str, t.Any]] = {}
    for entry in map(as_mapping, given if isinstance(given, list) else []):
        if entry.get("name"):
            found.setdefault(str(entry["name"]), entry)
    return found


def _read(path: str) -> t.Mapping[str, t.Any]:
    try:
        text = Path(path).read_text(encoding="utf-8")
        return as_mapping(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506
    except FileNotFoundError:
        return {}  # as kubectl: KUBECONFIG may name files that do not exist
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise ConfigError(
            f"The kubeconfig {path} cannot be read: {type(exc).__name__}: {str(exc)[:300]}.",
            "Check it with: kubectl config view.",
        ) from None

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which context of a kubeconfig leads to the API server."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

try:
    import kubernetes.config
    from kubernetes.config.config_exception import ConfigException
except ImportError:  # auth.configuration, which comes first, says so
    pass


def context_name(options: t.Mapping[str, t.Any]) -> str:
    """Return the name of the context in use; empty where no context says which API server it is.

    :param options: those of which :func:`auth.configuration` made a configuration: it has said what is wrong.
    """
    if options.get("host"):
        return ""
    if options.get("context"):
        return str(options["context"])
    kubeconfig = options.get("kubeconfig")
    if isinstance(kubeconfig, t.Mapping):
        return str(kubeconfig.get("current-context") or "")
    loader: t.Any = kubernetes.config  # it has no type hints
    # Named at each call: the loader remembers what KUBECONFIG was when it was imported.
    path = str(Path(str(kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config")).expanduser())
    try:
        _contexts, current = loader.list_kube_config_contexts(config_file=path)
    except ConfigException:
        return ""  # there is no kubeconfig: we are a Pod
    return str(current["name"])

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The parts of the official client that are used here, without its generated API.

The packages of the client import their generated API, its models and the packages for them, which take 11 MiB and most
of the time of the import. They are created without running their own code, which runs when another attribute of
them is read. So the packages are complete for everything else in this process, such as kubernetes.core.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
import types
import typing as t

# Parents first.
_PACKAGES = ("kubernetes", "kubernetes.client", "kubernetes.config", "kubernetes.utils")
_LOCK = threading.RLock()


class _Package(types.ModuleType):
    """A package that is executed when an attribute is read that it lacks.

    ``importlib.util.LazyLoader`` would execute it when a module in it is imported, which reads its ``__path__``.
    """

    def __getattr__(self, name: str) -> t.Any:
        with _LOCK:
            if isinstance(self, _Package):
                self.__class__ = types.ModuleType  # type: ignore[assignment]
                t.cast("t.Any", self.__spec__).loader.exec_module(self)
        return getattr(self, name)  # of what was executed


def _create(name: str) -> None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        return  # importing its modules fails, or this release of the client has no such package
    package = _Package(name)
    package.__spec__, package.__loader__, package.__file__ = spec, spec.loader, spec.origin
    package.__package__, package.__path__ = name, spec.submodule_search_locations
    sys.modules[name] = package
    parent, _dot, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


class _ApiClient:
    """Stands in for the official client's class, which requests new tokens from OpenID Connect providers."""

    def __new__(cls, *args: t.Any, **kwargs: t.Any) -> t.Any:
        return importlib.import_module("kubernetes.client.api_client").ApiClient(*args, **kwargs)


def _import() -> tuple[t.Any, t.Any, t.Any]:
    """Return the classes that are used here.

    :raises ImportError: the client is not installed.
    """
    if "kubernetes" not in sys.modules and importlib.util.find_spec("kubernetes") is not None:
        for name in _PACKAGES:
            _create(name)
    found = importlib.import_module("kubernetes.client.configuration").Configuration
    rest = importlib.import_module("kubernetes.client.rest").RESTClientObject
    client: t.Any = sys.modules["kubernetes.client"]
    client.Configuration = found  # the modules of kubernetes.config import it
    return found, rest, importlib.import_module("kubernetes.config.config_exception").ConfigException


# Why the client cannot be imported; None if it is installed.
IMPORT_ERROR: str | None = None
try:
    Configuration, RestClient, ConfigException = _import()
except ImportError as exc:  # modules that need no API server work without it
    IMPORT_ERROR = str(exc)
    Configuration, RestClient, ConfigException = None, None, Exception


def load_incluster_config(configuration: t.Any) -> None:
    """Configure the client with the ServiceAccount of this Pod."""
    importlib.import_module("kubernetes.config.incluster_config").load_incluster_config(
        client_configuration=configuration
    )


def kube_config() -> t.Any:
    """Return the module that reads kubeconfigs."""
    client: t.Any = sys.modules["kubernetes.client"]
    with _LOCK:
        lacks = "kubernetes.config.kube_config" not in sys.modules and "ApiClient" not in vars(client)
        if lacks:
            client.ApiClient = _ApiClient
        try:
            return importlib.import_module("kubernetes.config.kube_config")
        finally:
            if lacks:
                del client.ApiClient

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""From a ``server.json`` of the MCP registry to a manifest of an MCPServer.

Source: https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json
"""

from __future__ import annotations

import re
import typing as t
import urllib.parse

from .._util import clean, is_secret_name
from .errors import RegistryEntryInvalid
from .names import API_VERSION, KIND
from .registry_inputs import Inputs, as_object

Object = t.Mapping[str, t.Any]

_TYPES: t.Final = ("oci", "npm", "pypi")  # the best first: an image is complete
_NAME: t.Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*/([A-Za-z0-9][A-Za-z0-9._-]*)")
_VERSION: t.Final = re.compile(r"v?[0-9][0-9A-Za-z.+_-]{0,100}")
_WILDCARD: t.Final = re.compile(r"(?:^|\.)[xX*](?:\.|$)")
_IMAGE: t.Final = re.compile(r"[a-z0-9][A-Za-z0-9._:/-]*(?:@sha256:[0-9a-f]{64})?")
_PACKAGES: t.Final = {
    "npm": re.compile(r"(?:@[a-z0-9][a-z0-9._~-]*/)?[a-z0-9][a-z0-9._~-]*", re.IGNORECASE),
    "pypi": re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"),
}
_VARIABLE: t.Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,252}")
_HEADER: t.Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HTTP: t.Final = {"streamable-http": "streamable-http", "sse": "sse"}


class Imported(t.NamedTuple):
    """A manifest, and what a person must know about it.

    :param missing: what must be added before the manifest is applied.
    :param notes: what was left out or should be reviewed.
    :param dropped: fields of another project's manifest that were left out.
    """

    manifest: dict[str, t.Any]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    dropped: tuple[str, ...] = ()


def manifest_of(entry: t.Any, name: str = "", registry_type: str = "") -> Imported:
    """Return the manifest for one package of a server.

    :param entry: the decoded ``server.json``; nothing in it is trusted.
    :param name: of the MCPServer; by default it is made of the name of the server.
    :param registry_type: ``oci``, ``npm`` or ``pypi``; by default the first of these that the server has.
    :raises RegistryEntryInvalid: it is not a server, or it has no package that can run on Kubernetes.
    """
    described = check_entry(entry)
    package = _package(described, registry_type)
    server = name or _server_name(described)
    inputs = Inputs()
    spec = _image(package, inputs) if package["registryType"] == "oci" else _command(package, described, inputs)
    environment = list(_environment(package, server, inputs))
    if environment:
        spec["environment"] = environment
    if package.get("runtimeArguments"):
        inputs.notes.append("The arguments of the runtime (runtimeArguments) were left out.")
    if package.get("registryBaseUrl") and package["registryType"] != "oci":
        where = clean(package["registryBaseUrl"], 200)
        inputs.notes.append(f"The package is of the registry {where}; configure it if it is not the public one.")
    if described.get("remotes"):
        inputs.notes.append("The server has remote URLs, too; import them with --remotes.")
    # The shortest first.
    order = ("image", "command", "args", "environment", "transport")
    manifest = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": server},
        "spec": {key: spec[key] for key in order if key in spec},
    }
    return Imported(manifest, tuple(inputs.missing), tuple(inputs.notes))


def targets_of(entry: t.Any) -> tuple[list[dict[str, t.Any]], tuple[str, ...], tuple[str, ...]]:
    """Return the remote URLs of a server as a list for ``mcp-operator validate --targets``, what is missing, and notes.

    :param entry: the decoded ``server.json``; nothing in it is trusted.
    :raises RegistryEntryInvalid: it is not a server, or it has no remote URL that can be used.
    """
    described = check_entry(entry)
    inputs = Inputs()
    targets = []
    for remote in inputs.objects(described.get("remotes")):
        url = inputs.value({"value": remote.get("url"), "variables": remote.get("variables")}) or ""
        try:
            parts = urllib.parse.urlsplit(url)
            usable = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
        except ValueError:
            usable = False
        if not usable or not url.isprintable() or " " in url:
            inputs.notes.append(
                f"The URL {clean(repr(url), 200)} was left out: only HTTPS without credentials is used."
            )
            continue
        target: dict[str, t.Any] = {"name": clean(described["name"], 200), "url": url}
        transport = _HTTP.get(str(remote.get("type")))
        if transport:
            target["transport"] = transport
        headers = {}
        for header in inputs.objects(remote.get("headers")):
            if isinstance(header.get("name"), str) and _HEADER.fullmatch(header["name"]):
                # No value of a server.json is sent anywhere: each comes from a variable that you set.
                headers[header["name"]] = re.sub(r"[^A-Z0-9]+", "_", f"MCP_{header['name']}".upper())
        if headers:
            target["headersEnv"] = headers
        targets.append(target)
    if not targets:
        raise RegistryEntryInvalid("The server has no remote URL that can be used.", "Import one of its packages.")
    return targets, tuple(inputs.missing), tuple(inputs.notes)


def check_entry(entry: t.Any) -> Object:
    """Return a server; the registry's API wraps it into an object.

    :raises RegistryEntryInvalid: it is not one.
    """
    found = as_object(entry)
    found = as_object(found["server"]) if "server" in found and "name" not in found else found
    if not isinstance(found.get("name"), str) or not _NAME.fullmatch(found["name"]):
        raise RegistryEntryInvalid(
            f"The name is {clean(repr(found.get('name')), 100)}.",
            "Give a server.json of the MCP registry: its name is of the form com.example/server.",
        )
    return found


def _server_name(entry: Object) -> str:
    last = t.cast("re.Match[str]", _NAME.fullmatch(entry["name"]))[1].lower()
    name = re.sub(r"[^a-z0-9]+", "-", last).strip("-")[:63].rstrip("-")
    return name if name[:1].isalpha() else f"mcp-{name}"[:63].rstrip("-")


def _package(entry: Object, wanted: str) -> Object:
    """Return the package to run."""
    found = entry.get("packages")
    packages = [item for item in found if isinstance(item, t.Mapping)] if isinstance(found, list) else []
    for kind in (wanted,) if wanted else _TYPES:
        for package in packages:
            if package.get("registryType") == kind:
                return package
    has = sorted({clean(package.get("registryType"), 40) for package in packages})
    if not has and entry.get("remotes"):
        raise RegistryEntryInvalid("The server has remote URLs only.", "Use --remotes: nothing can be deployed.")
    raise RegistryEntryInvalid(
        f"No package has the type {clean(wanted) or ' or '.join(_TYPES)}; it has {', '.join(has) or 'none'}.",
        "Build an image of the server, and write a manifest with spec.image.",
    )


def _version(package: Object, entry: Object) -> str:
    found = package.get("version") or entry.get("version")
    if not isinstance(found, str) or not _VERSION.fullmatch(found) or _WILDCARD.search(found):
        raise RegistryEntryInvalid(
            f"The version is {clean(repr(found), 100)}.", "The registry requires one exact version."
        )
    return found


def _image(package: Object, inputs: Inputs) -> dict[str, t.Any]:
    """Return the spec of a server in an image."""
    image = package.get("identifier")
    if not isinstance(image, str) or len(image) > 500 or not _IMAGE.fullmatch(image):
        raise RegistryEntryInvalid(f"The image is {clean(repr(image), 200)}.", "Correct packages[].identifier.")
    if "@" not in image:
        if ":" not in image.rpartition("/")[2]:
            version = package.get("version")
            if not isinstance(version, str) or not _VERSION.fullmatch(version):
                raise RegistryEntryInvalid(f"The image {image} has no tag and no digest.", "Add one of them.")
            image = f"{image}:{version}"
        inputs.notes.append(f"The tag of {image} can be moved; name the image by its digest.")
    arguments = inputs.arguments(package.get("packageArguments"))
    spec: dict[str, t.Any] = {"image": image, **({"args": arguments} if arguments else {})}
    transport = as_object(package.get("transport"))
    if transport.get("type") == "stdio":
        inputs.missing.append(
            "spec.command: a stdio server starts by it, and server.json has no entry point of images."
        )
        return {**spec, "transport": {"type": "stdio"}}
    return {**spec, "transport": _http_transport(transport, inputs)}


def _http_transport(transport: Object, inputs: Inputs) -> dict[str, t.Any]:
    """Return ``spec.transport`` of a server that listens on a port itself."""
    protocol = _HTTP.get(str(transport.get("type")))
    if protocol is None:
        raise RegistryEntryInvalid(
            f"The transport is {clean(repr(transport.get('type')), 40)}.", "Use stdio, streamable-http or sse."
        )
    http: dict[str, t.Any] = {}
    url = inputs.value({"value": transport.get("url"), "variables": transport.get("variables")})
    try:
        parts = urllib.parse.urlsplit(url or "")
        port, path = parts.port, parts.path
    except ValueError:
        port, path = None, ""
    if port:
        http["port"] = port
    else:
        inputs.missing.append("spec.transport.config.http.port: the URL of server.json has no port.")
    if re.fullmatch(r"/[A-Za-z0-9._~/-]{1,200}", path):
        http["path"] = path
    return {"type": "http", "protocol": protocol, **({"config": {"http": http}} if http else {})}


def _command(package: Object, entry: Object, inputs: Inputs) -> dict[str, t.Any]:
    """Return the spec of a stdio server that npx or uvx starts."""
    kind, identifier = package["registryType"], package.get("identifier")
    if as_object(package.get("transport")).get("type") != "stdio":
        raise RegistryEntryInvalid(
            f"The package of {kind} is not a stdio server.", "Build an image that starts it, and set spec.image."
        )
    if not isinstance(identifier, str) or len(identifier) > 214 or not _PACKAGES[kind].fullmatch(identifier):
        raise RegistryEntryInvalid(f"The package is {clean(repr(identifier), 200)}.", "Correct packages[].identifier.")
    version = _version(package, entry)
    command = ["npx", "-y", f"{identifier}@{version}"] if kind == "npm" else ["uvx", f"{identifier}=={version}"]
    arguments = inputs.arguments(package.get("packageArguments"))
    return {"command": command, **({"args": arguments} if arguments else {}), "transport": {"type": "stdio"}}


def _environment(package: Object, server: str, inputs: Inputs) -> t.Iterator[dict[str, t.Any]]:
    """Yield the variables; secrets are references to a Secret that has the name of the server."""
    for variable in inputs.objects(package.get("environmentVariables")):
        name = variable.get("name")
        if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
            inputs.notes.append(f"The variable {clean(repr(name), 60)} was left out: this is not a name.")
            continue
        required = variable.get("isRequired") is True
        if variable.get("isSecret") is True or (is_secret_name(name) and "value" not in variable):
            reference: dict[str, t.Any] = {"name": server, "key": name}
            if required:
                inputs.missing.append(f"The key {name} of the Secret {server}{inputs.about(variable)}.")
            else:
                reference["optional"] = True
            yield {"name": name, "valueFrom": {"secretKeyRef": reference}}
            continue
        value = inputs.value(variable)
        if value is not None:
            yield {"name": name, "value": value.replace("$(", "$$(")}
        elif required:
            inputs.missing.append(f"The variable {name} in spec.environment{inputs.about(variable)}.")
        else:
            inputs.notes.append(f"The variable {name} can be set{inputs.about(variable)}.")

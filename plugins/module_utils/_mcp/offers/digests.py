# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The digests of what a server offers, specified in ``docs/reference/offer-digest.md`` (pure).

The digests do not depend on the order of the items, nor on pages. A null member counts as omitted.
"""

from __future__ import annotations

import hashlib
import marshal
import re
import typing as t

from .canonical_json import NotCanonical, canonical_json

FORMAT: t.Final = 1
KINDS: t.Final = ("tools", "prompts", "resources", "resource_templates")
# The members of an item that a client shows to a person or to a model. `_meta`, icons and the like are left out.
FIELDS: t.Final[t.Mapping[str, tuple[str, ...]]] = {
    "tools": ("name", "title", "description", "inputSchema", "outputSchema", "annotations"),
    "prompts": ("name", "title", "description", "arguments"),
    "resources": ("uri", "name", "title", "description", "mimeType", "annotations"),
    "resource_templates": ("uriTemplate", "name", "title", "description", "mimeType", "annotations"),
}
_NAME_OF_KIND: t.Final = {"resource_templates": "resourceTemplates"}  # in the canonical form
# It changes whenever the content does.
_VOLATILE_ANNOTATION: t.Final = "lastModified"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)

# Digests of this process: the operator validates the same servers again and again.
_known: dict[bytes, str] = {}
_MAX_KNOWN: t.Final = 1024
_LONGEST_KEY: t.Final = 2048  # bytes
_WITHOUT_REFERENCES: t.Final = 2  # a version of the format; later ones depend on which objects are the same

Item = t.Mapping[str, t.Any]


def is_digest(value: object) -> bool:
    """Tell whether a value is a digest of the only algorithm that there is, SHA-256."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def sha256(value: t.Any) -> str:
    """Return the digest of a JSON value.

    :raises NotCanonical: if the value has no canonical form.
    """
    key = _key(value)
    found = _known.get(key) if key is not None else None
    if found is None:
        found = f"sha256:{hashlib.sha256(canonical_json(value)).hexdigest()}"
        if key is not None:
            if len(_known) >= _MAX_KNOWN:
                _known.clear()
            _known[key] = found
    return found


def _key(value: t.Any) -> bytes | None:
    """Return a text that only equal values have, which takes a fifth of the time of the canonical form."""
    try:
        key = marshal.dumps(value, _WITHOUT_REFERENCES)
    except ValueError:  # no JSON, or nested too deeply
        return None
    return key if len(key) <= _LONGEST_KEY else None


def offered(kind: str, item: Item) -> dict[str, t.Any]:
    """Return the members of an item that its digest covers.

    :param kind: one of :data:`KINDS`.
    """
    found = {name: value for name in FIELDS[kind] if (value := item.get(name)) is not None}
    annotations = found.get("annotations")
    if isinstance(annotations, dict):
        found["annotations"] = {name: value for name, value in annotations.items() if name != _VOLATILE_ANNOTATION}
    return found


def item_digest(kind: str, item: Item) -> str:
    """Return the digest of one item.

    :raises NotCanonical: if a value of the item has no canonical form.
    """
    return sha256(offered(kind, item))


def kind_digest(items: t.Iterable[str]) -> str:
    """Return the digest of all items of a kind from the digests of the items."""
    return sha256(sorted(items))


def total_digest(kinds: t.Mapping[str, str], instructions: t.Any = None) -> str:
    """Return the digest of everything that a server offers.

    :param kinds: the digest of each kind of which there is at least one item.
    :param instructions: the server's; anything but a string that is not blank counts as none.
    :raises NotCanonical: if the instructions have no canonical form.
    """
    content: dict[str, t.Any] = {_NAME_OF_KIND.get(kind, kind): digest for kind, digest in kinds.items()}
    if isinstance(instructions, str) and instructions.strip():
        content["instructions"] = sha256(instructions)
    return sha256({"format": FORMAT, **content})


__all__ = [
    "FIELDS",
    "FORMAT",
    "KINDS",
    "NotCanonical",
    "is_digest",
    "item_digest",
    "kind_digest",
    "offered",
    "sha256",
    "total_digest",
]

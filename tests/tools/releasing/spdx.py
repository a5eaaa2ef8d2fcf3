# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A bill of materials in the format SPDX 2.3, from one in CycloneDX, so that both name the same packages.

The document is written here and judged by the tools of the SPDX project. Licences and places to download from are not
in lock files, so the document does not assert them.
"""

from __future__ import annotations

import re
from typing import Any

FORMAT = "SPDX-2.3"
_AUTHORS = "Organization: The mcp.kubernetes authors"
_DOCUMENT = "SPDXRef-DOCUMENT"
_UNKNOWN = "NOASSERTION"
# What SPDX calls the algorithms of CycloneDX.
_ALGORITHMS = {"SHA-1": "SHA1", "SHA-256": "SHA256", "SHA-384": "SHA384", "SHA-512": "SHA512"}


def document(bill: dict[str, Any], namespace: str, created: str) -> dict[str, Any]:
    """Return the document.

    :param bill: in CycloneDX, with the component that it is of in its metadata.
    :param namespace: URI of this document and of no other one.
    :param created: the time, in UTC, as in 2026-01-31T10:00:00Z.
    """
    subject = bill["metadata"]["component"]
    components = [subject, *bill["components"]]
    identifiers = {component["bom-ref"]: _identifier(number, component) for number, component in enumerate(components)}
    described = identifiers[subject["bom-ref"]]
    relationships = [_relationship(_DOCUMENT, "DESCRIBES", described)]
    relationships += [
        _relationship(described, "CONTAINS", identifiers[component["bom-ref"]]) for component in bill["components"]
    ]
    relationships += [
        _relationship(identifiers[entry["ref"]], "DEPENDS_ON", identifiers[other])
        for entry in bill.get("dependencies", [])
        for other in entry.get("dependsOn", [])
    ]
    return {
        "spdxVersion": FORMAT,
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": f"{subject['name']}-{subject['version']}",
        "documentNamespace": namespace,
        "creationInfo": {"created": created, "creators": [_AUTHORS, *_tools(bill)]},
        "packages": [_package(component, identifiers[component["bom-ref"]]) for component in components],
        "relationships": relationships,
    }


def _package(component: dict[str, Any], identifier: str) -> dict[str, Any]:
    is_subject = component["type"] == "application"
    made: dict[str, Any] = {
        "SPDXID": identifier,
        "name": component["name"],
        "versionInfo": component["version"],
        "supplier": _AUTHORS if is_subject else _UNKNOWN,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "primaryPackagePurpose": "APPLICATION" if is_subject else "LIBRARY",
    }
    # Those of packages of Python are of several files each, and SPDX has room for the digests of one.
    if hashes := component.get("hashes"):
        made["checksums"] = [
            {"algorithm": _ALGORITHMS[entry["alg"]], "checksumValue": entry["content"]} for entry in hashes
        ]
    if purl := component.get("purl"):
        reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
        made["externalRefs"] = [reference]
    return made


def _tools(bill: dict[str, Any]) -> list[str]:
    found = bill["metadata"].get("tools", [])
    # CycloneDX 1.5 made an object of what was a list.
    listed = found if isinstance(found, list) else found["components"]
    return [f"Tool: {tool['name']}-{tool['version'].removeprefix('v')}" for tool in listed]


def _identifier(number: int, component: dict[str, Any]) -> str:
    return f"SPDXRef-{number}-{re.sub('[^A-Za-z0-9.]+', '-', component['name'])}"


def _relationship(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}

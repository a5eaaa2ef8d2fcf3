# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A bill of materials says the same in SPDX as in CycloneDX."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

from releasing import spdx

NAMESPACE, CREATED = "https://git.test/spdx/1", "2026-01-31T10:00:00Z"
PURL = "pkg:golang/git.test/one@v1.0.0?type=module"


def bill(**more: Any) -> dict[str, Any]:
    subject = {"bom-ref": "s", "type": "application", "name": "program", "version": "1.2.3"}
    one = {"bom-ref": "1", "type": "library", "name": "git.test/one", "version": "v1.0.0", "purl": PURL}
    one["hashes"] = [{"alg": "SHA-256", "content": "a" * 64}]
    # Another name that is the same without its special characters.
    two = {"bom-ref": "2", "type": "library", "name": "git.test-one", "version": "2"}
    return {
        "metadata": {"component": subject, "tools": [{"name": "maker", "version": "v3"}]},
        "components": [one, two],
        "dependencies": [{"ref": "s", "dependsOn": ["1"]}, {"ref": "1", "dependsOn": ["2"]}, {"ref": "2"}],
        **more,
    }


def test_packages_have_the_names_versions_and_digests_of_the_components() -> None:
    made = spdx.document(bill(), NAMESPACE, CREATED)
    subject, one, two = made["packages"]
    assert (subject["name"], subject["versionInfo"]) == ("program", "1.2.3")
    assert subject["primaryPackagePurpose"] == "APPLICATION"
    assert one["checksums"] == [{"algorithm": "SHA256", "checksumValue": "a" * 64}]
    assert [reference["referenceLocator"] for reference in one["externalRefs"]] == [PURL]
    assert (two["name"], two["versionInfo"]) == ("git.test-one", "2")
    assert not {"checksums", "externalRefs"} & set(two)
    assert len({package["SPDXID"] for package in made["packages"]}) == 3


def test_relationships_tell_what_is_in_it_and_what_needs_what() -> None:
    made = spdx.document(bill(), NAMESPACE, CREATED)
    names = {package["SPDXID"]: package["name"] for package in made["packages"]}
    found = {
        (names.get(entry["spdxElementId"], ""), entry["relationshipType"], names[entry["relatedSpdxElement"]])
        for entry in made["relationships"]
    }
    assert found == {
        ("", "DESCRIBES", "program"),
        ("program", "CONTAINS", "git.test/one"),
        ("program", "CONTAINS", "git.test-one"),
        ("program", "DEPENDS_ON", "git.test/one"),
        ("git.test/one", "DEPENDS_ON", "git.test-one"),
    }


@pytest.mark.parametrize("wrap", [list, lambda tools: {"components": tools}], ids=["list", "object"])
def test_the_document_names_its_makers_and_its_time(wrap: Any) -> None:
    given = bill()
    given["metadata"]["tools"] = wrap(given["metadata"]["tools"])
    made = spdx.document(given, NAMESPACE, CREATED)
    assert made["documentNamespace"] == NAMESPACE
    assert made["creationInfo"]["created"] == CREATED
    assert made["creationInfo"]["creators"][1:] == ["Tool: maker-3"]


def test_a_dependency_that_is_no_component_is_an_error() -> None:
    with pytest.raises(KeyError):
        spdx.document(bill(dependencies=[{"ref": "1", "dependsOn": ["unknown"]}]), NAMESPACE, CREATED)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Policies by which an admission controller refuses images of the release that are not signed with its key.

One is for the policy-controller of Sigstore, one for Kyverno. Both are written when a release is published, because its
key is known only then.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .images import DESCRIPTIONS

PUBLIC_KEY = "cosign.pub"
SIGSTORE, KYVERNO = "image-policy-sigstore.yaml", "image-policy-kyverno.yaml"
_NAME = "mcp-operator-images"


def write(folder: Path, registry: str, key: str) -> list[Path]:
    """Write the public key and the policies; return their paths.

    :param registry: prefix of the images.
    :param key: the public key in PEM.
    """
    made = {PUBLIC_KEY: key}
    for name, policy in {SIGSTORE: sigstore(registry, key), KYVERNO: kyverno(registry, key)}.items():
        made[name] = yaml.dump(policy, Dumper=_Dumper, sort_keys=False, width=120)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in made]


def sigstore(registry: str, key: str) -> dict[str, Any]:
    """Return the policy for the policy-controller of Sigstore."""
    host, slash, rest = registry.partition("/")
    # It compares names as they are in Docker's own configuration.
    prefix = f"index.docker.io{slash}{rest}" if host == "docker.io" else registry
    globs = [f"{prefix}/{name}{separator}**" for name in DESCRIPTIONS for separator in (":", "@")]
    return {
        "apiVersion": "policy.sigstore.dev/v1beta1",
        "kind": "ClusterImagePolicy",
        "metadata": {"name": _NAME},
        "spec": {
            "images": [{"glob": glob} for glob in globs],
            # Without ctlog, no transparency log is asked: the signatures are in none.
            "authorities": [{"name": "release", "key": {"hashAlgorithm": "sha256", "data": key}}],
        },
    }


def kyverno(registry: str, key: str) -> dict[str, Any]:
    """Return the policy for Kyverno."""
    cosign = {"key": {"data": key}, "ctlog": {"insecureIgnoreTlog": True, "insecureIgnoreSCT": True}}
    names = ", ".join(f'"{registry}/{name}"' for name in DESCRIPTIONS)
    # It counts 0 signatures of an image that matches no reference, such as that of an MCP server beside the sidecar.
    ours = f'filter(image, [{names}].exists(name, image.startsWith(name + ":") || image.startsWith(name + "@")))'
    counted = f"{ours}.map(image, verifyImageSignatures(image, [attestors.release])).all(count, count > 0)"
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["pods"]}
    return {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ImageValidatingPolicy",
        "metadata": {"name": _NAME},
        "spec": {
            "validationActions": ["Deny"],
            "matchConstraints": {"resourceRules": [rule]},
            "matchImageReferences": [
                {"glob": f"{registry}/{name}{end}"} for name in DESCRIPTIONS for end in (":*", "@*")
            ],
            "attestors": [{"name": "release", "cosign": cosign}],
            "validations": [
                {
                    "expression": f"images.{kind}.{counted}",
                    "message": f"an image of the MCP operator is not signed with the key of its release ({kind})",
                }
                for kind in ("containers", "initContainers", "ephemeralContainers")
            ],
        },
    }


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, so that a reader recognises the key."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How this machine reaches its package registries, as build secrets.

People behind a mirror, a proxy or a certificate authority of their own have said so once, to pip and to npm; a build
in a container knows nothing of that. Secrets are mounted for the one step that needs them and stay in no layer.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PIP_OPTIONS = ("index-url", "extra-index-url", "trusted-host", "proxy", "retries", "timeout", "default-timeout")
PIP_SECTIONS = ("global", "install", ":env:")  # a later one goes before an earlier one
NPM_OPTIONS = ("registry", "proxy", "https-proxy", "noproxy", "strict-ssl")
CA_VARIABLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
CA_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
CA_IN_BUILD = "/run/secrets/ca.crt"


def write_secrets(folder: Path) -> dict[str, Path]:
    """Write the secrets into a folder and return them by their ids in the Containerfiles."""
    pip, npm = _pip_settings(), _npm_settings()
    secrets = {"pip.conf": folder / "pip.conf", "npmrc": folder / "npmrc"}
    certificates = ca_bundle(os.environ, pip.get("cert", ""))
    if certificates:
        secrets["ca.crt"] = certificates
    ca_in_build = CA_IN_BUILD if certificates else None
    secrets["pip.conf"].write_text(pip_configuration(pip, ca_in_build), encoding="utf-8")
    secrets["npmrc"].write_text(npm_configuration(npm, ca_in_build), encoding="utf-8")
    return secrets


def ca_bundle(environment: Mapping[str, str], configured: str = "") -> Path | None:
    """Return the certificates that this machine trusts."""
    candidates = [configured, *(environment.get(name, "") for name in CA_VARIABLES), *CA_FILES]
    return next((Path(candidate) for candidate in candidates if candidate and Path(candidate).is_file()), None)


def pip_configuration(settings: Mapping[str, str], certificates: str | None) -> str:
    lines = ["[global]", *(f"{name} = {settings[name]}" for name in PIP_OPTIONS if settings.get(name))]
    if certificates:
        lines.append(f"cert = {certificates}")
    return "\n".join(lines) + "\n"


def npm_configuration(settings: Mapping[str, str], certificates: str | None) -> str:
    lines = [f"{name}={settings[name]}" for name in NPM_OPTIONS if settings.get(name)]
    if certificates:
        lines.append(f"cafile={certificates}")
    return "\n".join(lines) + "\n"


def parse_pip_list(text: str) -> dict[str, str]:
    """Read `pip config list`: lines such as `global.index-url='...'`, in no order that means something."""
    found: dict[str, dict[str, str]] = {section: {} for section in PIP_SECTIONS}
    for line in text.splitlines():
        name, separator, literal = line.partition("=")
        if not separator:
            continue
        try:
            value = ast.literal_eval(literal)
        except (ValueError, SyntaxError):
            continue
        section, _, option = name.rpartition(".")
        if section in found:
            # A setting may have several values, each on a line of its own.
            found[section][option] = " ".join(str(value).split())
    return {option: value for section in PIP_SECTIONS for option, value in found[section].items()}


def _pip_settings() -> dict[str, str]:
    listed = parse_pip_list(_output([sys.executable, "-m", "pip", "config", "list"]))
    if listed:
        return listed
    # Debian's Python has no pip; the environment still counts.
    variables = {name: os.environ.get("PIP_" + name.upper().replace("-", "_"), "") for name in PIP_OPTIONS}
    return {name: " ".join(value.split()) for name, value in variables.items() if value}


def parse_npm_list(text: str) -> dict[str, str]:
    """Read `npm config list --json`."""
    try:
        listed = json.loads(text)
    except ValueError:
        return {}
    settings = {}
    for name in NPM_OPTIONS:
        value = listed.get(name)
        if isinstance(value, list):
            value = ",".join(str(item) for item in value)
        if value not in (None, ""):
            settings[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return settings


def _npm_settings() -> dict[str, str]:
    if not shutil.which("npm"):
        return {"registry": os.environ.get("NPM_CONFIG_REGISTRY", "")}
    return parse_npm_list(_output(["npm", "config", "list", "--json"]))


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""

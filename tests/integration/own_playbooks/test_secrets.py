# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Secrets in a manifest reach the Pod and nobody else: by Vault, with ``no_log``, and by looking like one."""

from __future__ import annotations

import uuid

import pytest


@pytest.fixture
def secret():
    return f"secret-{uuid.uuid4().hex}"


def environment(client, namespace):
    deployment = client.get("apps/v1", "Deployment", namespace, "server")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable.get("value") for variable in container["env"]}


def spec(image, name, value):
    return {"image": image, "environment": [{"name": name, "value": value}]}


def test_an_encrypted_value_arrives_decrypted_and_does_not_change(
    play, encrypt, vault_password, secret, client, namespace, image
):
    options = ("--vault-password-file", vault_password)
    value = encrypt(secret)
    first = play(spec(image, "GREETING", value), *options, observe=False)
    assert first.code == 0, first.output
    assert environment(client, namespace)["GREETING"] == secret
    again = play(spec(image, "GREETING", value), *options, observe=False)
    assert again.code == 0, again.output
    assert again.changed == 0


@pytest.mark.test_all
def test_no_log_hides_everything(play, encrypt, vault_password, secret, image):
    options = ("--vault-password-file", vault_password, "-vvv", "--diff")
    run = play(spec(image, "GREETING", encrypt(secret)), *options, no_log=True)
    assert run.code == 0, run.output
    assert secret not in run.output


@pytest.mark.test_all
def test_what_a_diff_masks_is_applied(play, secret, client, namespace, image):
    for value in (secret, secret[::-1]):
        run = play(spec(image, "DB_PASSWORD", value), "--diff", observe=False)
        assert run.code == 0, run.output
        assert run.changed == 1
        assert environment(client, namespace)["DB_PASSWORD"] == value
        assert value not in run.output

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Secrets in a manifest reach the Pod and nobody else: by Vault, with ``no_log``, and by looking like one."""

from __future__ import annotations

import uuid

import pytest

LOUD = ("-vvv", "--diff")


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
    first = play(spec(image, "GREETING", value), *options)
    assert first.code == 0, first.output
    assert environment(client, namespace)["GREETING"] == secret
    again = play(spec(image, "GREETING", value), *options)
    assert again.code == 0, again.output
    assert again.changed == 0


@pytest.mark.parametrize("mode", [[], ["--check"]], ids=["run", "check"])
def test_no_log_hides_everything(play, encrypt, vault_password, secret, image, mode):
    options = ("--vault-password-file", vault_password, *LOUD, *mode)
    run = play(spec(image, "GREETING", encrypt(secret)), *options, no_log=True)
    assert run.code == 0, run.output
    assert secret not in run.output


@pytest.mark.parametrize("mode", [[], ["--check"]], ids=["run", "check"])
def test_a_value_that_looks_like_a_secret_is_masked(play, encrypt, vault_password, secret, image, mode):
    options = ("--vault-password-file", vault_password, *LOUD, *mode)
    run = play(spec(image, "DB_PASSWORD", encrypt(secret)), *options)
    assert run.code == 0, run.output
    assert secret not in run.output


def test_what_is_masked_is_applied(play, secret, client, namespace, image):
    for value in (secret, secret[::-1]):
        run = play(spec(image, "DB_PASSWORD", value), "--diff")
        assert run.code == 0, run.output
        assert run.changed == 1
        assert environment(client, namespace)["DB_PASSWORD"] == value


def test_a_failure_tells_no_secret(play, secret):
    wrong = {**spec("registry.example.com/none:1", "DB_PASSWORD", secret), "replicas": "many"}
    run = play(wrong, *LOUD)
    assert run.code != 0
    assert secret not in run.output


def test_deploy_masks_the_values_of_manifest_files(playbooks, manifests, namespace, secret, image):
    folder = manifests(server=spec(image, "DB_PASSWORD", secret))
    run = playbooks.run("deploy", *LOUD, mcp_manifests=folder, mcp_namespace=namespace)
    assert run.code == 0, run.output
    assert secret not in run.output

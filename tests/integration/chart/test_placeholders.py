# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An image that no registry has is refused before it is installed."""

from __future__ import annotations

from support.chart_objects import manager
from support.helm import CHART, OLDEST, RELEASE, VERSION
from support.published import PLACEHOLDERS, PUBLISHED


def test_a_placeholder_of_the_image_is_refused_with_what_to_set(helm) -> None:
    said = helm.refuse({"image": {"repository": "registry.example.com/team/op", "digest": f"sha256:{'a' * 64}"}})
    assert "registry.example.com/team/op is a placeholder" in said
    for value in ("image.repository", "imageRegistry", "bridgeImages"):
        assert value in said
    mirrored = {"image": {"repository": "registry.example.com/team/op"}, "imageRegistry": "m.example/a"}
    assert manager(helm.template(mirrored))["image"] == f"m.example/a/team/op:{VERSION}"


def test_the_default_image_is_refused_until_it_is_published(helm) -> None:
    done = helm.run("template", RELEASE, str(CHART), "--kube-version", OLDEST)
    if PUBLISHED.registry == PLACEHOLDERS.registry:
        assert "is a placeholder" in done.stderr
    else:
        assert f"{PUBLISHED.registry}/mcp-operator:" in done.stdout

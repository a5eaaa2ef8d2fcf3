# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the documentation says is there: links, playbooks, values of the chart, generated pages."""

from __future__ import annotations

import argparse
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from mcp_operator.cli import main

from support.yaml_files import load_yaml

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "roles").glob("*/README.md")),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", text(page))):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


def test_every_page_can_be_found_from_the_first() -> None:
    seen, waiting = set(), [ROOT / "README.md", ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in LINK.findall(text(page))]
    hidden = [page for page in PAGES if page not in seen]
    assert not hidden


def test_decisions_are_numbered_complete_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("0*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    index = text(folder / "README.md")
    for number, page in enumerate(pages, start=1):
        headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), re.MULTILINE)
        assert headings[0].startswith(f"{number}. "), page.name
        assert f"{number}. [{headings[0].removeprefix(f'{number}. ')}]({page.name})" in index
        order = [headings.index(part) for part in ("Context", "Decision", "Consequences")]
        assert order == sorted(order), page.name
    assert sorted(page.name for page in folder.iterdir()) == [*(page.name for page in pages), "README.md"]


def test_playbooks_and_their_variables_exist() -> None:
    """Each ``ansible-playbook mcp.kubernetes.NAME -e VARIABLE=...`` names what the playbook's head explains."""
    wrong = []
    for page in PAGES:
        for name, rest in re.findall(r"ansible-playbook mcp\.kubernetes\.(\w+)([^`\n]*)", text(page)):
            playbook = ROOT / "playbooks" / f"{name}.yml"
            head = text(playbook) if playbook.exists() else ""
            variables = re.findall(r"-e '?(mcp_\w+)=", rest)
            wrong += [f"{page.name}: {name} {variable}" for variable in variables if f"# {variable}" not in head]
            wrong += [] if head else [f"{page.name}: {name}"]
    assert not [found for found in wrong if "mcp_kubeconfig" not in found and "mcp_context" not in found]


def test_commands_and_their_options_exist() -> None:
    """Each ``mcp-operator COMMAND --option`` and ``kubectl mcp COMMAND --option`` is one of the program."""
    known: dict[str, set[str]] = {}
    for name, command in main._COMMANDS.items():
        parser = argparse.ArgumentParser()
        command.add_options(parser)
        known[name] = {option for action in parser._actions for option in action.option_strings}
    shown = 0
    for page in PAGES:
        joined = text(page).replace("\\\n", " ")
        for words in re.findall(
            r"(?m)(?:^|`|\| )(?:mcp-operator|kubectl mcp) ((?!oci:|operator/)[a-z][^`|>#\n]*)", joined
        ):
            name, *rest = words.split()
            if name in known:
                wrong = [word for word in rest if word.startswith("-") and word.partition("=")[0] not in known[name]]
                assert not [word for word in wrong if word not in ("-", "--")], f"{page.name}: {words}"
                shown += 1
    assert shown > 50


def test_values_of_the_chart_exist() -> None:
    values = load_yaml(ROOT / "operator" / "chart" / "values.yaml")
    for page in PAGES:
        for key in re.findall(r"--set ([\w.]+)=", text(page)):
            found: Any = values
            for part in key.split("."):
                assert part in found, f"{page.name}: {key}"
                found = found[part]


def test_manifests_are_yaml_of_known_fields() -> None:
    crd = load_yaml(ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml")
    known = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    shown = 0
    for page in PAGES:
        for language, body in FENCE.findall(text(page)):
            if language != "yaml" or "kind: MCPServer\n" not in body or "{{" in body:
                continue
            for manifest in yaml.safe_load_all(body):
                if isinstance(manifest, dict) and manifest.get("kind") == "MCPServer":
                    assert set(manifest["spec"]) <= set(known), page.name
                    shown += 1
    assert shown


def test_the_reference_of_mcpserver_is_that_of_the_crd() -> None:
    tool = runpy.run_path(str(ROOT / "tests" / "tools" / "crd_page.py"))
    assert text(tool["PAGE"]) == tool["page"](), "run tests/tools/crd_page.py"


def test_each_page_is_in_the_navigation_of_the_site() -> None:
    """``make docs`` fails for a page that is not."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^ *- (?:[^:\n]+: )?(\S+\.md)$", text, re.MULTILINE))
    assert listed == {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}

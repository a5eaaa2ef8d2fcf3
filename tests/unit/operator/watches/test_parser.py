# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator.errors import WatchesInvalid
from mcp_operator.watches.content_digest import content_version
from mcp_operator.watches.content_search import SearchPath
from mcp_operator.watches.definition import Child, Finalizer, GroupVersionKind
from mcp_operator.watches.parser import Defaults, load, parse

BY_PATH = "${ANSIBLE_COLLECTIONS_PATH}/ansible_collections/acme/cache/playbooks/reconcile.yml"
HEAD = "- {group: cache.example.com, version: v1, kind: Memcached, role: memcached"


@pytest.fixture
def base(tmp_path):
    """A working folder with a role, a playbook, and a collection with both."""
    (tmp_path / "roles" / "memcached").mkdir(parents=True)
    (tmp_path / "play.yml").write_text("[]")
    collection = tmp_path / "collections" / "ansible_collections" / "acme" / "cache"
    (collection / "roles" / "server").mkdir(parents=True)
    (collection / "playbooks" / "day2").mkdir(parents=True)
    (collection / "playbooks" / "reconcile.yml").write_text("[]")
    (collection / "playbooks" / "day2" / "backup.yaml").write_text("[]")
    return tmp_path


@pytest.fixture
def read(base):
    def read(text, environment=None, **defaults):
        environment = {"ANSIBLE_COLLECTIONS_PATH": str(base / "collections"), **(environment or {})}
        search = SearchPath.of(base, environment)
        return parse(text, name="watches.yaml", environment=environment, defaults=Defaults(**defaults), search=search)

    return read


def test_what_an_entry_does_not_say_is_as_in_ansible_operator(read, base):
    parsed = read(HEAD + "}")
    (watch,) = parsed.watches
    assert not parsed.warnings
    assert watch.id == "Memcached.v1.cache.example.com"
    assert watch.api_version == "cache.example.com/v1"
    assert watch.role == str(base / "roles" / "memcached")
    assert watch.playbook is None
    assert watch.vars == {}
    assert watch.finalizer is None
    assert watch.reconcile_period == 36000
    assert watch.manage_status
    assert watch.watch_dependent_resources
    assert watch.snake_case_parameters
    assert not watch.watch_annotations_changes
    assert watch.selector == ""
    assert watch.blacklist == ()


def test_every_key_is_read(read, base):
    parsed = read(
        """
        - group: ""
          version: v1
          kind: ConfigMap
          playbook: play.yml
          vars: {sentinel: reconciling, nested: {a: [1]}}
          maxRunnerArtifacts: 3
          reconcilePeriod: 1h30m
          manageStatus: false
          watchDependentResources: false
          watchClusterScopedResources: true
          snakeCaseParameters: false
          watchAnnotationsChanges: true
          markUnsafe: true
          blacklist: [{group: "", version: v1, kind: Secret}, {group: apps, version: v1, kind: Deployment}]
          selector:
            matchLabels: {app.kubernetes.io/part-of: x}
            matchExpressions:
            - {key: tier, operator: In, values: [a, b]}
            - {key: tier, operator: NotIn, values: [c]}
            - {key: old, operator: DoesNotExist}
            - {key: new, operator: Exists}
          finalizer:
            name: example.com/finalizer
            vars: {sentinel: finalizing}
        """
    )
    (watch,) = parsed.watches
    assert parsed.warnings == []
    assert watch.api_version == "v1"
    assert watch.playbook == str(base / "play.yml")
    assert watch.vars == {"sentinel": "reconciling", "nested": {"a": [1]}}
    assert watch.reconcile_period == 5400
    assert not watch.manage_status
    assert not watch.watch_dependent_resources
    assert not watch.snake_case_parameters
    assert watch.watch_annotations_changes
    assert watch.blacklist == (GroupVersionKind("", "v1", "Secret"), GroupVersionKind("apps", "v1", "Deployment"))
    assert watch.selector == "app.kubernetes.io/part-of=x,tier in (a,b),tier notin (c),!old,new"
    # Only variables: what reconciles runs again with them.
    assert watch.finalizer == Finalizer(
        name="example.com/finalizer", playbook=str(base / "play.yml"), vars={"sentinel": "finalizing"}
    )


def test_keys_come_in_any_case_and_unknown_ones_are_named(read):
    parsed = read(HEAD + ", ManageStatus: false, maxWorkers: 5, finalizer: {Name: a/b, role: memcached, retries: 1}}")
    assert not parsed.watches[0].manage_status
    assert parsed.watches[0].finalizer.name == "a/b"
    assert parsed.warnings == [
        "Memcached.v1.cache.example.com: unknown key finalizer.retries is ignored",
        "Memcached.v1.cache.example.com: unknown key maxWorkers is ignored",
    ]


def test_strings_of_objects_cannot_be_made_templates(read):
    parsed = read(HEAD + ", markUnsafe: false}")
    assert parsed.warnings == [
        "Memcached.v1.cache.example.com: markUnsafe: false has no effect; strings of objects are never templates"
    ]


@pytest.mark.parametrize("name", ["acme.cache.reconcile", "acme.cache.day2.backup"])
def test_playbooks_of_collections_keep_their_name(read, name):
    assert read(f"- {{version: v1, kind: A, playbook: {name}}}").watches[0].playbook == name


def test_roles_of_collections_keep_their_name_and_a_playbook_wins(read, base):
    (watch,) = read("- {version: v1, kind: A, role: acme.cache.server}").watches
    assert (watch.playbook, watch.role) == (None, "acme.cache.server")
    (watch,) = read("- {version: v1, kind: A, role: nowhere, playbook: play.yml}").watches
    assert (watch.playbook, watch.role) == (str(base / "play.yml"), None)


def test_roles_are_looked_for_where_ansible_looks(read, base):
    for place in ("first/mine", "second/roles/other"):
        (base / place).mkdir(parents=True)
    path = {"ANSIBLE_ROLES_PATH": f"{base}/first:{base}/second"}
    assert read("- {version: v1, kind: A, role: mine}", path).watches[0].role == str(base / "first" / "mine")
    assert read("- {version: v1, kind: A, role: other}", path).watches[0].role == str(base / "second/roles/other")
    absolute = base / "first" / "mine"
    assert read(f"- {{version: v1, kind: A, role: {absolute}}}", path).watches[0].role == str(absolute)


def test_the_environment_is_put_into_the_text(read):
    text = "- {version: $VERSION, kind: A, role: memcached, vars: {a: '${B}', b: '$C', c: '${}$1', d: 'a$ b'}}"
    (watch,) = read(text, {"VERSION": "v1beta1", "B": "x"}).watches
    assert watch.version == "v1beta1"
    assert watch.vars == {"a": "x", "b": "${C}", "c": "${1}", "d": "a$ b"}


def test_flags_are_the_defaults_of_missing_and_zero_keys(read):
    parsed = read(
        HEAD + ", reconcilePeriod: 0s, maxRunnerArtifacts: 0}", reconcile_period=60.0, max_concurrent_reconciles=7
    )
    (watch,) = parsed.watches
    assert watch.reconcile_period == 60
    assert watch.max_concurrent_reconciles == 7


def test_the_environment_beats_the_flags_for_one_kind(read):
    environment = {
        "MAX_CONCURRENT_RECONCILES_MEMCACHED_CACHE_EXAMPLE_COM": "4",
        "WORKER_MEMCACHED_CACHE_EXAMPLE_COM": "2",
        "ANSIBLE_VERBOSITY_MEMCACHED_CACHE_EXAMPLE_COM": "5",
    }
    (watch,) = read(HEAD + "}", environment, ansible_verbosity=2, max_concurrent_reconciles=7).watches
    assert (watch.max_concurrent_reconciles, watch.ansible_verbosity) == (4, 5)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "٣"])
def test_a_number_that_is_none_is_ignored_with_a_warning(read, value):
    name = "MAX_CONCURRENT_RECONCILES_MEMCACHED_CACHE_EXAMPLE_COM"
    parsed = read(HEAD + "}", {name: value}, max_concurrent_reconciles=7)
    assert parsed.watches[0].max_concurrent_reconciles == 7
    assert name in parsed.warnings[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a list"),
        ("a: b", "not a list"),
        ("- [", "not YAML"),
        ("- 1", "entry 1: a map was expected"),
        ("- {version: v1, role: memcached}", "version and kind must not be empty"),
        ("- {kind: A, role: memcached}", "version and kind must not be empty"),
        ("- {version: 1, kind: A, role: memcached}", "version must be a string, not 1"),
        ("- {version: v1, kind: A}", "neither a playbook nor a role"),
        ("- {version: v1, kind: A, role: nowhere}", "no role nowhere"),
        ("- {version: v1, kind: A, playbook: nowhere.yml}", "no playbook nowhere.yml"),
        ("- {version: v1, kind: A, playbook: acme.cache.nowhere}", "no playbook acme.cache.nowhere"),
        (HEAD + ", reconcilePeriod: 5}", "reconcilePeriod must be a string"),
        (HEAD + ", reconcilePeriod: soon}", "not a duration: 'soon'"),
        (HEAD + ", reconcilePeriod: -1s}", "not a duration"),
        (HEAD + ", manageStatus: 'no thanks'}", "manageStatus must be true or false"),
        (HEAD + ", maxRunnerArtifacts: -1}", "of at least 0"),
        (HEAD + ", maxRunnerArtifacts: true}", "of at least 0"),
        (HEAD + ", vars: [1]}", "vars must be a map"),
        (HEAD + ", Vars: {}, vars: {}}", "vars is given twice"),
        (HEAD + ", finalizer: {role: memcached}}", "a finalizer must have a name"),
        (HEAD + ", finalizer: {name: a/b}}", "neither a playbook, nor a role, nor vars"),
        (HEAD + ", blacklist: [{kind: A}]}", "version and kind"),
        (HEAD + ", selector: {matchLabels: {a: 1}}}", "quote numbers"),
        (HEAD + ", selector: {matchLabels: {'a,b': c}}}", "'a,b' is not a valid label key"),
        (HEAD + ", selector: {matchExpressions: [{key: a, operator: In}]}}", "not a valid expression"),
        (HEAD + ", selector: {matchNames: {}}}", "has no matchNames"),
        (HEAD + ", x-mcp-operator: {children: [{version: v1}]}}", "version and kind"),
        (
            HEAD + ", x-mcp-operator: {children: [{version: v1, kind: A}, {version: v1, kind: A}]}}",
            "A.v1 is a child twice",
        ),
        (HEAD + ", x-mcp-operator: {children: [{version: v1, kind: A, selector: {a: b}}]}}", "selector: a label"),
        (HEAD + "}\n" + HEAD + "}", "entry 2: Memcached.v1.cache.example.com is watched twice"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(read, text, why):
    with pytest.raises(WatchesInvalid) as caught:
        read(text)
    assert why in str(caught.value)


def test_a_file_that_is_missing_or_no_text_or_huge_is_refused(tmp_path):
    path = tmp_path / "watches.yaml"
    for content in (None, b"\xff\xfe", b"#" * (1024 * 1024 + 1)):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(WatchesInvalid, match=r"watches\.yaml"):
            load(path, environment={}, defaults=Defaults())


def test_a_file_is_loaded(tmp_path, monkeypatch, base):
    monkeypatch.chdir(base)
    path = tmp_path / "watches.yaml"
    path.write_text(HEAD + "}")
    assert load(path, environment={}, defaults=Defaults()).watches[0].kind == "Memcached"


CHILDREN = """
    - {group: cache.example.com, version: v1, kind: Memcached, role: memcached%s, x-mcp-operator: {size: 1, children: [
        {group: apps, version: v1, kind: Deployment, selector: {matchLabels: {a: b}}, status: 1},
        {version: v1, kind: Secret, metadataOnly: true, optional: true}]}}
"""


def test_children_are_named_under_a_key_of_ours(read):
    parsed = read(CHILDREN % "")
    assert parsed.watches[0].children == (
        Child(gvk=GroupVersionKind("apps", "v1", "Deployment"), selector="a=b"),
        Child(gvk=GroupVersionKind("", "v1", "Secret"), metadata_only=True, optional=True),
    )
    assert [warning.partition(": ")[2] for warning in parsed.warnings] == [
        "unknown key status of child Deployment.v1.apps is ignored",
        "unknown key x-mcp-operator.size is ignored",
    ]


def test_children_that_are_not_wanted_are_not_watched(read):
    (watch,) = read(CHILDREN % ", blacklist: [{version: v1, kind: Secret}]").watches
    assert [child.gvk.kind for child in watch.children] == ["Deployment"]
    (watch,) = read(CHILDREN % ", watchDependentResources: false").watches
    assert watch.children == ()


@pytest.mark.parametrize(
    ("target", "file", "counts"),
    [
        ("playbook: play.yml", "play.yml", True),
        ("playbook: play.yml", "roles/memcached/tasks.yml", False),
        ("role: memcached", "roles/memcached/tasks/main.yml", True),
        ("role: memcached", "roles/memcached/__pycache__/x.pyc", False),
        ("role: acme.cache.server", "collections/ansible_collections/acme/cache/roles/server/x.yml", True),
        ("role: acme.cache.server", "collections/ansible_collections/acme/cache/plugins/action/x.py", True),
        ("role: acme.cache.server", "collections/ansible_collections/acme/cache/tests/x.py", False),
        ("playbook: acme.cache.reconcile", "collections/ansible_collections/acme/cache/playbooks/reconcile.yml", True),
        (f"playbook: {BY_PATH}", "collections/ansible_collections/acme/cache/plugins/action/x.py", True),
        ("role: memcached, finalizer: {name: a/b, playbook: play.yml}", "play.yml", True),
    ],
)
def test_other_content_is_another_version(read, base, target, file, counts):
    search = SearchPath.of(base, {"ANSIBLE_COLLECTIONS_PATH": str(base / "collections")})
    (watch,) = read(f"- {{version: v1, kind: A, {target}}}").watches
    before = content_version([watch], search)
    assert content_version([watch], search) == before
    path = base / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert (content_version([watch], search) != before) is counts

# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Rules about JSON data, from which the allow-list in :mod:`.pod_fields` is built.

A rule takes a value and its path, and yields a violation for each part that is not allowed. A null is a field that is
not set, as in the API of Kubernetes. A value of the wrong type is a violation: what cannot be judged is refused.
"""

from __future__ import annotations

import typing as t

from .._util import clean

# Characters of a name, a value or a list of values in a message.
_SHOWN = 60


class Violation(t.NamedTuple):
    """A part of a Pod template that is not allowed.

    :param path: for example ``spec.containers[mcp-server].securityContext.privileged``.
    :param why: a clause for a message.
    """

    path: str
    why: str


Rule = t.Callable[[t.Any, str], t.Iterator[Violation]]


def anything(_value: t.Any, _path: str) -> t.Iterator[Violation]:
    """Allow any value: the API server validates it, and it gives no access to the node."""
    return iter(())


def refused(why: str) -> Rule:
    """Return a rule that allows no value.

    :param why: a clause that continues "is not allowed:".
    """

    def check(_value: t.Any, path: str) -> t.Iterator[Violation]:
        yield Violation(path, why)

    return check


def only(*allowed: object, why: str = "") -> Rule:
    """Return a rule that allows these values, of exactly these types: the number 0 is not ``false``.

    :param why: a clause that continues "is not allowed:"; by default, what the Pod Security Standards allow.
    """

    def check(value: t.Any, path: str) -> t.Iterator[Violation]:
        if not any(type(value) is type(each) and value == each for each in allowed):
            yield Violation(path, why or _not_in_baseline(value, allowed))

    return check


def fields(allowed: t.Mapping[str, Rule], *, required: t.Sequence[str] = ()) -> Rule:
    """Return a rule that allows an object with these fields.

    :param allowed: the rule of each field.
    :param required: fields that must be set.
    """

    def check(value: t.Any, path: str) -> t.Iterator[Violation]:
        if not isinstance(value, dict):
            yield Violation(path, "it must be an object")
            return
        for name, part in value.items():
            where = f"{path}.{clean(name, _SHOWN)}" if path else clean(name, _SHOWN)
            if part is None:
                continue
            if name in allowed:
                yield from allowed[name](part, where)
            else:
                yield Violation(where, "manifests cannot set this field")
        for name in required:
            if value.get(name) is None:
                yield Violation(f"{path}.{name}", "it must be set")

    return check


def items(rule: Rule) -> Rule:
    """Return a rule that allows a list whose items are allowed."""

    def check(value: t.Any, path: str) -> t.Iterator[Violation]:
        if not isinstance(value, list):
            yield Violation(path, "it must be a list")
            return
        for index, item in enumerate(value):
            name = item.get("name") if isinstance(item, dict) else None
            yield from rule(item, f"{path}[{clean(name, _SHOWN) if isinstance(name, str) else index}]")

    return check


def annotation_values(prefixes: t.Mapping[str, t.Sequence[str]], prefix_of_allowed: str) -> Rule:
    """Return a rule that restricts the values of some annotations, and allows all others.

    :param prefixes: from the prefix of an annotation's key to its allowed values.
    :param prefix_of_allowed: values that begin with it are allowed, too.
    """

    def check(value: t.Any, path: str) -> t.Iterator[Violation]:
        if not isinstance(value, dict):
            yield Violation(path, "it must be an object")
            return
        for key, text in value.items():
            for prefix, allowed in prefixes.items():
                if key.startswith(prefix) and text not in allowed and not str(text).startswith(prefix_of_allowed):
                    why = _not_in_baseline(text, (*allowed, f"{prefix_of_allowed}..."))
                    yield Violation(f"{path}[{clean(key, _SHOWN)}]", why)

    return check


def _not_in_baseline(value: object, allowed: t.Sequence[object]) -> str:
    choices = clean(", ".join(map(_show, allowed)), _SHOWN)
    return f'Pod Security "baseline" does not allow {_show(value)} (allowed: {choices})'


def _show(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else clean(value, _SHOWN) or '""'

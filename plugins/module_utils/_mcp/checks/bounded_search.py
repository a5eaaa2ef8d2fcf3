# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Evaluate JMESPath expressions with a limit on the work.

A few hundred characters can describe a value of gigabytes, such as ``[@,@]|[@,@]|[@,@]|...``, or loops within loops.
The operator evaluates expressions from manifests, so one namespace could stop the validation of all others.
"""

from __future__ import annotations

import typing as t

try:
    from jmespath.visitor import TreeInterpreter
except ImportError:  # expectations.check_expressions says so
    TreeInterpreter = object  # type: ignore[misc, assignment]

MAX_STEPS: t.Final = 100_000
_PER_STEP: t.Final = 16  # characters of a string


class TooCostly(ValueError):
    """The evaluation takes more steps than are allowed."""


class BoundedInterpreter(TreeInterpreter):
    """Evaluates the expressions for one report, which share the limit.

    A step is a node of the expression, an item of a list that is made, or a value that is compared or passed to a
    function.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left = MAX_STEPS

    def visit(self, node: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Return the value of a node of the expression.

        :raises TooCostly: the limit is exceeded.
        """
        self._take(1)
        value = super().visit(node, *args, **kwargs)
        if isinstance(value, (list, dict)):
            self._take(len(value))
        return value

    def visit_flatten(self, node: t.Any, value: t.Any) -> t.Any:
        """Count the items before the list of them is made."""
        base = self.visit(node["children"][0], value)
        if isinstance(base, list):
            self._take(sum(len(item) for item in base if isinstance(item, list)))
        return super().visit_flatten(_with_values(node, [base]), value)

    def visit_comparator(self, node: t.Any, value: t.Any) -> t.Any:
        """Count what is compared before it is."""
        operands = [self.visit(child, value) for child in node["children"]]
        for operand in operands:
            self._take_all(operand)
        return super().visit_comparator(_with_values(node, operands), value)

    def visit_function_expression(self, node: t.Any, value: t.Any) -> t.Any:
        """Count the arguments before the function is called."""
        arguments = [self.visit(child, value) for child in node["children"]]
        for argument in arguments:
            self._take_all(argument)
        if node["value"] == "join" and len(arguments) > 1 and isinstance(arguments[0], str):
            self._take_all(arguments[0], times=len(arguments[1]) if isinstance(arguments[1], list) else 1)
        return super().visit_function_expression(_with_values(node, arguments), value)

    def _take(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooCostly(f"more than {MAX_STEPS} steps")

    def _take_all(self, value: t.Any, times: int = 1) -> None:
        """Count a value with all values in it. One that occurs in several places counts in each."""
        stack = [value]
        while stack:
            item = stack.pop()
            self._take(times * (1 + len(item) // _PER_STEP if isinstance(item, str) else 1))
            if isinstance(item, dict):
                stack.extend(item.values())
            elif isinstance(item, list):
                stack.extend(item)


def _with_values(node: t.Mapping[str, t.Any], values: t.Iterable[t.Any]) -> t.Any:
    """Return a node with values in place of its children."""
    return {**node, "children": [{"type": "literal", "value": value, "children": []} for value in values]}

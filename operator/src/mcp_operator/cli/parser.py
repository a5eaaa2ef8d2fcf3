# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The parser of command lines, whose errors are short and name what the user may have meant."""

from __future__ import annotations

import argparse
import typing as t

_UNUSABLE: t.Final = 2


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors point to ``--help`` in place of all options, among which they would be lost."""

    def error(self, message: str) -> t.NoReturn:
        """Print the error and exit with 2."""
        self.exit(_UNUSABLE, f"{self.prog}: error: {message}\n{self.prog} --help shows what can be given.\n")

    def refuse(self, unknown: t.Sequence[str]) -> t.NoReturn:
        """Print that arguments are not known and exit with 2."""
        options = [name for action in self._actions for name in action.option_strings]
        first = next((word.partition("=")[0] for word in unknown if word.startswith("--")), "")
        self.error(f"unrecognized arguments: {' '.join(unknown)}{similar(first, options)}")


def similar(word: str, known: t.Sequence[str]) -> str:
    """Return a question with the known word that is most similar to a wrong one; empty if there is none."""
    import difflib  # noqa: PLC0415  # only errors need it

    found = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {found[0]}?" if found else ""

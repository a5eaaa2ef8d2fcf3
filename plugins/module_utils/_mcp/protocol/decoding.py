# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Decode JSON within the memory that all validations of a process share."""

from __future__ import annotations

import typing as t

from ..transport.memory import DECODING, FREE_JSON, Places
from . import jsonrpc

if t.TYPE_CHECKING:
    from ..transport.deadline import Deadline


class Decoding:
    """The place of one validation while it uses a large JSON value."""

    def __init__(self, places: Places = DECODING) -> None:
        self._places = places
        self._held = False

    def decode(self, body: bytes | bytearray, deadline: Deadline) -> t.Any:
        """Decode JSON as :func:`jsonrpc.decode` does. The value may be used until the next call of :meth:`free`.

        :raises ValidatorBusy: if there is no place before the deadline.
        """
        self.free()
        if len(body) > FREE_JSON:
            self._places.take(deadline, f"a message of {len(body)} bytes")
            self._held = True
        try:
            return jsonrpc.decode(body)
        except BaseException:
            self.free()
            raise

    def free(self) -> None:
        """Give the place back; the value must not be in use any more."""
        if self._held:
            self._held = False
            self._places.give_back()

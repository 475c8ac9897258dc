"""Names as small numbers that are free again when their last holder has left.

A stream names ever new posts, texts and accounts. What is indexed by these numbers stays as small
as what is held at one time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from graph.detection.acts import Codes, Ints

Whole = TypeVar("Whole", Codes, Ints)


class Names:
    """Codes of names. What `taken` gives must be held, or the name stays for ever."""

    def __init__(self) -> None:
        self._code: dict[str, int] = {}
        self._name: list[str] = []
        self._free: list[int] = []
        self._held: Ints = np.zeros(1024, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._code)

    @property
    def room(self) -> int:
        """One past the largest code that was ever in use."""
        return len(self._name)

    def taken(self, names: Sequence[str]) -> Codes:
        """The codes of `names`, new ones for new names."""
        return np.fromiter((self._known(name) for name in names), np.int32, len(names))

    def found(self, names: Sequence[str]) -> Codes:
        """The codes of `names`; -1 for a name that nobody holds."""
        get = self._code.get
        return np.fromiter((get(name, -1) for name in names), np.int32, len(names))

    def named(self, codes: Codes | Ints) -> list[str]:
        """The names of `codes`."""
        return [self._name[code] for code in codes.tolist()]

    def hold(self, codes: Codes) -> None:
        """One holder more for each of `codes`."""
        self._held = grown(self._held, self.room)
        np.add.at(self._held, codes, 1)

    def leave(self, codes: Codes) -> Codes:
        """One holder less for each of `codes`; names without holders are forgotten and returned."""
        np.subtract.at(self._held, codes, 1)
        gone = np.unique(codes[self._held[codes] == 0])
        for code in gone.tolist():
            del self._code[self._name[code]]
            self._name[code] = ""
            self._free.append(code)
        return gone

    def _known(self, name: str) -> int:
        code = self._code.get(name)
        if code is None:
            if self._free:
                code = self._free.pop()
                self._name[code] = name
            else:
                code = len(self._name)
                self._name.append(name)
            self._code[name] = code
        return code


def grown(values: Whole, room: int, fill: int = 0) -> Whole:
    """`values`, or a copy with at least `room` places where they are too few."""
    if room <= len(values):
        return values
    out = np.full(max(room, len(values) + len(values) // 2), fill, dtype=values.dtype)
    out[: len(values)] = values
    return out

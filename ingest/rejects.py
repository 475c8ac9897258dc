"""What a load could not use: counted, kept with its place and its reason, never just dropped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

SHOWN = (
    500  # characters of a record that are kept: enough to find it, not a second copy of the file
)


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that was not used."""

    file: str
    line: int  # 1 is the first line of the file
    reason: str
    record: str  # as it stood in the file


class RejectsFile:
    """The rejects as JSON lines: file, line, reason, record (shortened).

    What an earlier load said about the same input files is replaced, what it said about other files
    stays. The new file takes the old one's place only when the load ends, so a killed load leaves
    the old one whole. A load without rejects leaves no file where there was none.
    """

    def __init__(self, path: Path, inputs: Iterable[str]) -> None:
        self.path = path
        self.count = 0
        self._part = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._out: BinaryIO = self._part.open("wb")
        self._kept = self._copy_others(frozenset(inputs))

    def add(self, reject: Reject) -> None:
        """Keeps one reject."""
        self.count += 1
        self._out.write(orjson.dumps(asdict(_short(reject))) + b"\n")

    def close(self) -> None:
        """Puts the new file in its place."""
        self._out.close()
        if self.count or self._kept:
            os.replace(self._part, self.path)
            return
        self._part.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def _copy_others(self, inputs: frozenset[str]) -> int:
        kept = 0
        for line in _lines(self.path):
            if _file_of(line) not in inputs:
                self._out.write(line)
                kept += 1
        return kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read(path: Path) -> list[Reject]:
    """The rejects in a file, in its order; none where there is no file."""
    return [Reject(**orjson.loads(line)) for line in _lines(path)]


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as lines:
            yield from lines


def _file_of(line: bytes) -> str | None:
    """Whose reject a line is; a line that somebody damaged is nobody's, and stays."""
    try:
        return str(orjson.loads(line)["file"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _short(reject: Reject) -> Reject:
    return Reject(reject.file, reject.line, reject.reason, shorten(reject.record, SHOWN))


def shorten(text: str, length: int) -> str:
    """At most `length` characters, ending in … where something was cut; always encodable."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return cut.encode("utf-8", "replace").decode()

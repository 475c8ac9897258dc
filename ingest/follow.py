"""A file that grows: its new lines, whenever somebody asks.

Who writes posts appends lines. What was read stays read; a line without an end waits for the rest
of it. Where the file was replaced (another inode) or cut, it is read from its beginning: loading a
post twice changes nothing, and missing one would.
"""

from __future__ import annotations

from io import BufferedReader
from os import fstat
from pathlib import Path

from graph.errors import SourceRefused, SourceUnavailable
from ingest.lines import GZIP

CHUNK = 8_000_000  # bytes of one look, so that a large backlog is read in parts


class Follow:
    """New lines of `path`, which may not be there yet.

    `behind` says whether more can be read at once; `wrote` when the file was last written to, in
    seconds since the epoch.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.behind = False
        self.wrote = 0.0
        self._file: tuple[int, int] | None = None
        self._begin()

    def _begin(self) -> None:
        self._offset, self._lines, self._rest = 0, 0, b""

    def poll(self) -> list[tuple[int, bytes]]:
        """(line number from 1, line without its end) of what came since, blank lines left out.

        Raises SourceRefused for a gzip file, which cannot grow by lines, and SourceUnavailable for
        one that may not be read.
        """
        self.behind = False
        try:
            with self.path.open("rb") as file:
                return self._lines_of(self._read(file))
        except FileNotFoundError:
            self._file = None
            return []
        except OSError as error:
            why = error.strerror or error
            raise SourceUnavailable(f"{self.path} cannot be read: {why}") from error

    def _read(self, file: BufferedReader) -> bytes:
        found = fstat(file.fileno())
        if (found.st_dev, found.st_ino) != self._file or found.st_size < self._offset:
            self._file = (found.st_dev, found.st_ino)
            self._begin()
            if file.read(2) == GZIP:
                raise SourceRefused(
                    f"{self.path} is packed; follow the file that is written to, and load packed"
                    " ones with `sentinelmarket ingest`"
                )
        self.wrote = found.st_mtime
        file.seek(self._offset)
        came = file.read(CHUNK)
        self._offset += len(came)
        self.behind = self._offset < found.st_size
        return came

    def _lines_of(self, came: bytes) -> list[tuple[int, bytes]]:
        *whole, self._rest = (self._rest + came).split(b"\n")
        first = self._lines + 1
        self._lines += len(whole)
        stripped = ((number, line.strip()) for number, line in enumerate(whole, first))
        return [(number, line) for number, line in stripped if line]

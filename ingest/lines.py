"""Lines of a file with their numbers, gzip or not (the first bytes decide, not the name)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import cast

from graph.errors import SourceRefused, SourceUnavailable

GZIP = b"\x1f\x8b"
LONGEST_HEAD = 4_000_000  # bytes looked at for a format, so that one endless line is no danger


def numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, line without its end), blank lines left out.

    Raises SourceRefused where the file is damaged or cut, after every whole line before that, and
    SourceUnavailable where it cannot be opened.
    """
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            if stripped := line.strip():
                yield number, stripped


def head(path: Path, count: int) -> list[bytes]:
    """The first lines that are not blank; fewer where the file is shorter or cut."""
    with opened(path) as file:
        try:
            text = file.read(LONGEST_HEAD)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            text = _whatever_is_readable(path)
    found = [line.strip() for line in text.split(b"\n")]
    return list(islice((line for line in found if line), count))


def count(path: Path) -> int:
    """How many lines can be read: the total of a progress bar."""
    lines = 0
    try:
        with opened(path) as file:
            while chunk := file.read1(1 << 20):  # a plain read loses what stands before a cut
                lines += chunk.count(b"\n")
    except SourceRefused:
        pass  # the load itself reports it, with what was read
    return lines


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """The file's bytes, unpacked, with its troubles as ours."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == GZIP
            raw.seek(0)
            yield cast(BufferedReader, gzip.GzipFile(fileobj=raw)) if zipped else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceRefused(
            f"{path} is damaged or ends in the middle ({error}); get the whole file again"
        ) from error
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read: {error.strerror or error}") from error


def _whatever_is_readable(path: Path) -> bytes:
    """The beginning of a cut gzip file."""
    with path.open("rb") as raw:
        try:
            return zlib.decompressobj(wbits=31).decompress(raw.read(LONGEST_HEAD), LONGEST_HEAD)
        except zlib.error:
            return b""

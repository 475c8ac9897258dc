"""Files as text: plain, gzip, or every member of a zip. Their troubles become ours."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, TextIO

from graph.errors import SourceRefused, SourceUnavailable
from ingest.lines import GZIP

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
LONGEST_HEAD = 1_000_000  # characters
_LITTER = ("__MACOSX", ".")  # what some programs put beside the files


@dataclass(frozen=True, slots=True)
class Member:
    """A text with the name of the file it stands in: that of the zip's member, not of the zip."""

    name: str
    text: TextIO


def is_zip(path: Path) -> bool:
    """Do the file's first bytes say that it is a zip?"""
    try:
        with path.open("rb") as raw:
            return raw.read(4) in (ZIP, EMPTY_ZIP)
    except OSError:
        return False


@contextmanager
def opened(path: Path, expected: str) -> Iterator[Iterator[Member]]:
    """The texts of a file, one after the other.

    Raises SourceRefused where it is damaged, locked or no text, SourceUnavailable where it cannot
    be opened; also from within the block, while it is read.
    """
    try:
        with path.open("rb") as raw:
            yield _members(path, raw)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise SourceRefused(
            f"{path} is damaged or ends in the middle ({error}); get the whole file again."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceRefused(f"{path} is not CSV text ({error}). Expected is {expected}.") from error
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read: {error.strerror or error}.") from error


def heads(path: Path, count: int) -> Iterator[list[bytes]]:
    """The first lines that are not blank of every member, as `ingest.lines.head` gives them."""
    with opened(path, "text") as found:
        for member in found:
            lines = member.text.read(LONGEST_HEAD).encode().split(b"\n")
            yield list(islice((line.strip() for line in lines if line.strip()), count))


def is_page(line: str) -> bool:
    """Does a web page begin here?"""
    return line.lstrip("\ufeff \t\r\n").casefold().startswith(("<!doctype", "<html", "<head"))


def page_instead(where: object) -> str:
    """What to say of a web page that stands where prices should."""
    return (
        f"{where} is a web page and no file of prices. Exchanges answer with a page where they "
        "have no file for a day; see whether there was a session, and get the file again."
    )


def _members(path: Path, raw: IO[bytes]) -> Iterator[Member]:
    first = raw.read(4)
    raw.seek(0)
    if first.startswith(GZIP):
        yield Member(path.name.removesuffix(".gz"), _text(gzip.GzipFile(fileobj=raw)))
    elif first in (ZIP, EMPTY_ZIP):
        yield from _zipped(path, raw)
    else:
        yield Member(path.name, _text(raw))


def _zipped(path: Path, raw: IO[bytes]) -> Iterator[Member]:
    with zipfile.ZipFile(raw) as archive:
        inside = [info for info in archive.infolist() if not info.is_dir() and _is_ours(info)]
        if not inside:
            raise SourceRefused(f"{path} is a zip without a file in it; get it again.")
        for info in inside:
            if info.flag_bits & 1:
                raise SourceRefused(
                    f"{path} is locked with a password; unpack it and name the file."
                )
            with archive.open(info) as file:
                yield Member(PurePosixPath(info.filename).name, _text(file))


def _is_ours(info: zipfile.ZipInfo) -> bool:
    return not any(part.startswith(_LITTER) for part in PurePosixPath(info.filename).parts)


def _text(file: IO[bytes] | gzip.GzipFile) -> TextIO:
    return io.TextIOWrapper(file, encoding="utf-8", newline="")

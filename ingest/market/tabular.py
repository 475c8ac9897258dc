"""Files of comma-separated records of any kind, by column name: values or a reject a line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from graph.errors import BadRecord, SourceRefused
from ingest.market import texts
from ingest.rejects import Reject

Value = TypeVar("Value")
Record = Mapping[str, str]  # by lower-case name; "" where nothing stands


def fits(header: str, needed: Iterable[str]) -> bool:
    """Does a first line name all the columns that are needed?"""
    names = _split(next(csv.reader([header]), []))
    return all(name.casefold() in names for name in needed)


def read(
    path: Path | str, what: str, needed: Iterable[str], of: Callable[[Record], Iterable[Value]]
) -> Iterator[Value | Reject]:
    """What `of` makes of each line; .gz and .zip are read as well.

    `what` ends the sentence "is not a file of ...". Raises SourceRefused where a column of `needed`
    is missing, SourceUnavailable where the file cannot be opened.
    """
    path = Path(path)
    wanted = ",".join(needed)
    with texts.opened(path, wanted) as members:
        for member in members:
            lines = csv.reader(member.text)
            header = next((row for row in lines if any(map(str.strip, row))), [])
            names = _names(path, header, what, wanted)
            for row in lines:
                if not "".join(row).strip():
                    continue
                try:
                    yield from of(_record(names, row))
                except BadRecord as error:
                    yield Reject(path.name, lines.line_num, str(error), ",".join(row))


def _names(path: Path, header: list[str], what: str, wanted: str) -> list[str]:
    """The columns that a file has. Raises SourceRefused where it is one of something else."""
    if header and texts.is_page(header[0]):
        raise SourceRefused(texts.page_instead(path))
    names = _split(header)
    if missing := [name for name in wanted.split(",") if name.casefold() not in names]:
        raise SourceRefused(
            f"{path} is not a file of {what}: it has no column {', '.join(missing)}. "
            f"Expected is a first line with {wanted}."
        )
    return names


def _split(header: list[str]) -> list[str]:
    """The names of columns as they are compared."""
    return [name.strip().lstrip("\ufeff").strip().casefold() for name in header]


def _record(names: list[str], row: list[str]) -> Record:
    """A line that ends early has empty fields."""
    values = [value.strip() for value in row] + [""] * (len(names) - len(row))
    return dict(zip(names, values, strict=False))

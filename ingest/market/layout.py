"""Files of comma-separated prices, told apart by their header.

A `Layout` says which columns a file of its kind has and how a line of it becomes a quote. Columns
are found by name, never by place: exchanges put spaces after commas, end lines with a comma, and
write LAST before CLOSE in one file and after it in the next.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.errors import BadRecord, SourceRefused
from ingest.market import texts
from ingest.market.quote import Interval, Quote
from ingest.rejects import Reject


class Line:
    """One line by our names for its columns; a column that the file lacks is empty."""

    __slots__ = ("_fields", "_places", "file")

    def __init__(self, fields: Sequence[str], places: Mapping[str, int], file: str) -> None:
        """Raises BadRecord where the line ends before its last column."""
        if len(fields) <= (last := max(places.values())):
            raise BadRecord(f"has {len(fields)} columns where {last + 1} are needed")
        self._fields, self._places = fields, places
        self.file = file  # the name of the file, or of the zip's member, without .gz

    def __getitem__(self, name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else self._fields[place].strip()

    def __contains__(self, name: str) -> bool:
        return name in self._places


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file."""

    name: str
    what: str  # "Yahoo prices": ends the sentence "is not a file of ..."
    expected: str  # the first line of such a file
    needed: Mapping[str, tuple[str, ...]]  # our name of a column: its names in files
    quote: Callable[[Line], Quote]  # raises BadRecord
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refuse: Callable[[Line], str | None] = lambda line: None  # why the whole file is something else
    interval: Interval = "1d"

    def fits(self, lines: Sequence[bytes]) -> bool:
        """Does a file that begins with these lines look like this?"""
        first = lines[0].decode("utf-8", "replace").splitlines()[:1] if lines else []
        return not self.missing(self.places(next(csv.reader(first), [])))

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each column that we read stands."""
        names = [name.strip().lstrip("\ufeff").strip().casefold() for name in header]
        wanted = [*self.needed.items(), *self.optional.items()]
        return {
            ours: names.index(known[0])
            for ours, theirs in wanted
            if (known := [n.casefold() for n in theirs if n.casefold() in names])
        }

    def missing(self, places: Mapping[str, int]) -> list[str]:
        """The columns that a file must have and this one has not, as files write them."""
        return [theirs[0] for ours, theirs in self.needed.items() if ours not in places]


@dataclass(frozen=True, slots=True)
class CsvSource:
    """The quotes of one file of a layout: plain, gzip, or every file in a zip."""

    layout: Layout
    path: Path

    @property
    def name(self) -> str:
        return self.layout.name

    @property
    def interval(self) -> Interval:
        return self.layout.interval

    def quotes(self) -> Iterator[Quote | Reject]:
        """See BarSource. A zip is refused only where no file in it is of the layout."""
        zipped = texts.is_zip(self.path)
        fitting, strangers = 0, []
        with texts.opened(self.path, self.layout.expected) as members:
            for member in members:
                try:
                    yield from self._member(member)
                    fitting += 1
                except _Stranger as stranger:
                    if not zipped:
                        raise SourceRefused(str(stranger)) from None
                    strangers.append(str(stranger))
                    yield Reject(self.path.name, 1, f"{member.name} in it: {stranger}", "")
        if not fitting:
            raise SourceRefused("; ".join(strangers))

    def _member(self, member: texts.Member) -> Iterator[Quote | Reject]:
        """A quote or a reject for each line after the header that is not blank."""
        lines = csv.reader(member.text)
        header = next((row for row in lines if any(map(str.strip, row))), [])
        places = self._places(header)
        looked = False
        for row in lines:
            if not "".join(row).strip():
                continue
            try:
                line = Line(row, places, member.name)
                if not looked and (what := self.layout.refuse(line)):
                    raise _Stranger(f"{self._not_ours()}: {what}.")
                looked = True
                yield self.layout.quote(line)
            except BadRecord as error:
                yield Reject(self.path.name, lines.line_num, str(error), ",".join(row))

    def _places(self, header: Sequence[str]) -> dict[str, int]:
        """Where the columns stand, if the file is of this layout."""
        if header and texts.is_page(header[0]):
            raise _Stranger(texts.page_instead(self.path))
        places = self.layout.places(header)
        if missing := self.layout.missing(places):
            raise _Stranger(
                f"{self._not_ours()}: it has no column {', '.join(missing)}. "
                f"Expected is a first line {self.layout.expected}."
            )
        return places

    def _not_ours(self) -> str:
        return f"{self.path} is not a file of {self.layout.what}"


class _Stranger(Exception):
    """A text that is of another kind altogether."""

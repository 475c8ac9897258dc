"""Labels in and out of a CSV file. A row that cannot be taken is told with its line and reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from graph.errors import SourceRefused, UsageError
from graph.label_store import as_meant, put_labels, refusals
from graph.labels import Label, SubjectKind, Tier, Verdict, checked, said, word
from graph.model import Millis
from graph.store import Counters, GraphStore
from ingest.rejects import Reject

REQUIRED = ("kind", "subject", "verdict", "tier", "confidence", "provenance", "known_at")
OPTIONAL = ("reason", "through", "recorded_at")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    rows: int
    written: int  # new in the graph
    there: int  # in the graph already, or twice in the file
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int  # where it begins
    cells: dict[str, str]

    @property
    def text(self) -> str:
        return ",".join(self.cells.values())


def import_labels(store: GraphStore, path: Path, now: Millis) -> Imported:
    """Takes the labels of a file that can be taken; the others are its rejects.

    The same file again changes nothing. Raises SourceRefused for a file that holds no labels.
    """
    taken: list[tuple[_Row, Label]] = []
    rejects = []
    count = 0
    for row in _rows(path):
        count += 1
        try:
            taken.append((row, checked(_label(row.cells), now)))
        except UsageError as error:
            rejects.append(Reject(str(path), row.line, str(error), row.text))
    labels = as_meant(store, [label for _, label in taken])
    wrong = refusals(store, labels)
    rejects += [
        Reject(str(path), taken[at][0].line, why, taken[at][0].text) for at, why in wrong.items()
    ]
    good = [label for at, label in enumerate(labels) if at not in wrong]
    done = put_labels(store, good, now) if good else Counters()
    rejects.sort(key=lambda reject: reject.line)
    return Imported(count, done.nodes_created, len(good) - done.nodes_created, tuple(rejects))


def export_labels(labels: Sequence[Label], out: TextIO) -> None:
    """Writes labels, superseded ones too, so that `import_labels` gives back the same."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*REQUIRED, *OPTIONAL))
    for x in sorted(labels, key=lambda x: (x.known_at, x.source)):
        words = (x.kind.value, x.subject, x.verdict.value, x.tier.value, repr(x.confidence))
        cells = (*words, x.provenance, said(x.known_at), x.reason or "", x.through or "")
        writer.writerow(map(_guarded, (*cells, said(x.recorded_at))))


def _rows(path: Path) -> Iterator[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            names = [name.strip().lower() for name in next(reader, [])]
            _check_columns(path, names)
            start = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _Row(start, _named(names, cells))
                start = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceRefused(f"{path} is no CSV file in UTF-8: {error}") from None
    except OSError as error:
        raise SourceRefused(f"{path} cannot be read: {error.strerror}") from None


def _check_columns(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise SourceRefused(
            f"{path} has no column {', '.join(missing)}; a file of labels has "
            f"{', '.join(REQUIRED)}, and may have {', '.join(OPTIONAL)}"
        )


def _named(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells by column; what stands beyond the last column is kept, so that it is refused."""
    found = dict(zip(names, map(_unguarded, cells), strict=False))
    return found | ({"": ",".join(cells[len(names) :])} if len(cells) > len(names) else {})


def _label(cells: dict[str, str]) -> Label:
    if "" in cells:
        raise UsageError("the row has more cells than the head has columns; quote commas")
    if short := [name for name in REQUIRED if not cells.get(name, "").strip()]:
        raise UsageError(f"{', '.join(short)} is empty")
    return Label(
        kind=SubjectKind(word(SubjectKind, cells["kind"], "kind of subject")),
        subject=cells["subject"].strip(),
        verdict=Verdict(word(Verdict, cells["verdict"], "verdict")),
        tier=Tier(word(Tier, cells["tier"], "tier")),
        confidence=_number(cells["confidence"]),
        provenance=cells["provenance"].strip(),
        known_at=_moment(cells["known_at"]),
        reason=" ".join(cells.get("reason", "").split()) or None,
        through=cells.get("through", "").strip() or None,
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"confidence is {text!r}; write a number above 0, at most 1") from None


def _moment(text: str) -> Millis:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"known_at is {text!r}; write 2026-03-01 or 2026-03-01T12:30Z") from None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def _guarded(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell

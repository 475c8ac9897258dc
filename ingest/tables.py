"""The two CSV shapes of the field, as frames: found by their header, columns by name, gzip or not.

    coortweet   object_id, account_id, content_id, timestamp_share
    toolkit     message_id, user_id, [username, repost_id, reply_id, message,] timestamp, [urls]

Only the columns that are asked for are kept. A row that cannot be used is dropped and counted under
its reason, with the number of the first such row. A row that ends early has empty fields.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from polars.exceptions import ComputeError

from graph.errors import SourceRefused
from ingest.lines import head
from ingest.rejects import shorten

_MORE = "\x00more"  # where fields beyond the header end up
_UNIX = "%Y-%m-%d %H:%M:%S"
_ISO = "%Y-%m-%dT%H:%M:%S%.f%#z"


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape: the columns it must have, those it may have, and which of them is the time."""

    name: str
    ids: tuple[str, ...]  # must not be empty
    time: str
    texts: tuple[str, ...] = ()  # may be missing, and empty


SHAPES = {
    one.name: one
    for one in (
        Shape("coortweet", ("object_id", "account_id", "content_id"), "timestamp_share"),
        Shape(
            "toolkit",
            ("message_id", "user_id"),
            "timestamp",
            ("username", "repost_id", "reply_id", "message", "urls"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows of a file that could not be used, for one reason."""

    reason: str
    rows: int
    first: int  # number of the first of them; the row after the header is 1


@dataclass(frozen=True, slots=True)
class Table:
    """What a file held. `rows` has the columns asked for as strings, "" where nothing stood, and
    `at` in epoch milliseconds, in the order of the file."""

    path: Path
    shape: str
    rows: pl.DataFrame
    read: int
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = field(default=())


def shape_of(path: Path) -> str | None:
    """The name of the file's shape by its header, None for another file. Raises as `head` does."""
    found = _header(path)
    for shape in SHAPES.values():
        if {*shape.ids, shape.time} <= set(found):
            return shape.name
    return None


def columns(path: Path) -> frozenset[str]:
    """The columns that a file has."""
    return frozenset(_header(path))


def read(path: Path, wanted: Iterable[str] | None = None) -> Table:
    """The rows of a file with the columns `wanted` (None: all that its shape knows).

    Raises SourceRefused, with a sentence, where the file is of neither shape, is damaged, or has no
    row that can be used; SourceUnavailable where it cannot be opened.
    """
    found, name = _header(path), shape_of(path)
    if name is None:
        raise SourceRefused(f"{path} is in neither shape; {expected()}; {_there(found)}")
    shape = SHAPES[name]
    keep = set(wanted) if wanted is not None else {*shape.ids, *shape.texts}
    kept = [*shape.ids, *(text for text in shape.texts if text in keep)]
    raw, notes = _scan(path, found, [c for c in kept if c in found] + [shape.time])
    missing = [pl.lit("").alias(c) for c in kept if c not in found]
    rows = raw.with_columns(*missing, _millis(raw[shape.time]))
    reasons = _reasons(shape)
    good = rows.filter(~pl.any_horizontal(reasons.values()))
    dropped = _dropped(rows, reasons) if good.height < rows.height else ()
    if rows.height and not good.height:
        said = "; ".join(f"{one.rows} × {one.reason}" for one in dropped)
        raise SourceRefused(f"{path}: none of its {rows.height} rows can be used: {said}")
    chosen = [c for c in kept if c in keep or wanted is None]
    return Table(path, name, good.select(*chosen, "at"), rows.height, dropped, notes)


def usable(raw: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Of rows of strings, "" where nothing stands, those that have their ids and a time; `at` is
    added in epoch milliseconds. For who reads a table otherwise than `read` does."""
    rows = raw.with_columns(_millis(raw[shape.time]), pl.lit("").alias(_MORE))
    return rows.filter(~pl.any_horizontal(_reasons(shape).values())).drop(_MORE)


def expected() -> str:
    """What the two shapes are, for a person."""
    shapes = (f"{s.name}: {', '.join((*s.ids, s.time))}" for s in SHAPES.values())
    return f"a header names the columns ({'; '.join(shapes)})"


def _header(path: Path) -> list[str]:
    lines = head(path, 1)
    if not lines:
        return []
    text = lines[0].decode("utf-8-sig", "replace")
    return [name.strip() for name in next(csv.reader([text]), [])]


def _there(found: Sequence[str]) -> str:
    return f"its first line is {shorten(','.join(found), 80)!r}" if found else "it is empty"


def _scan(
    path: Path, header: Sequence[str], wanted: Sequence[str]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Rows as strings. Bytes that are not UTF-8 are shown as � and said."""
    names = [name if header.index(name) == i else f"\x00{i}" for i, name in enumerate(header)]
    for encoding in ("utf8", "utf8-lossy"):
        try:
            rows = pl.scan_csv(
                path,
                schema=dict.fromkeys([*names, _MORE], pl.String),
                has_header=False,
                skip_rows=1,
                missing_columns="insert",
                truncate_ragged_lines=True,
                empty_string_is_null=False,
                encoding=encoding,
            )
            found = rows.select(*wanted, _MORE).collect().fill_null("")
            return found, () if encoding == "utf8" else ("bytes that are not UTF-8 became �",)
        except ComputeError as error:
            if "utf-8" not in str(error):
                raise SourceRefused(
                    f"{path} is no table of comma-separated values: a quotation mark is opened and"
                    " never closed, or a field is damaged"
                ) from error
        except OSError as error:
            raise SourceRefused(
                f"{path} is damaged or ends in the middle ({error}); get the whole file again"
            ) from error
    raise AssertionError("the lossy encoding reads every byte")


def _millis(times: pl.Series) -> pl.Series:
    """Seconds since 1970, or a date and time (UTC unless it says otherwise), as milliseconds."""
    millis = (times.cast(pl.Float64, strict=False) * 1000).round().cast(pl.Int64, strict=False)
    if millis.null_count():
        plain = times.str.strip_chars()
        dates = plain.str.to_datetime(_UNIX, strict=False, time_zone="UTC")
        iso = plain.str.to_datetime(_ISO, strict=False, time_zone="UTC")
        seconds = (plain.cast(pl.Float64, strict=False) * 1000).round().cast(pl.Int64, strict=False)
        for other in (seconds, dates.dt.epoch("ms"), iso.dt.epoch("ms")):
            millis = millis.fill_null(other)
    return millis.alias("at")


def _reasons(shape: Shape) -> Mapping[str, pl.Expr]:
    """Why a row cannot be used, the reason that counts first."""
    filled = {f"no {name}": pl.col(name) == "" for name in shape.ids}
    return {
        "more fields than the header has": pl.col(_MORE) != "",
        **filled,
        f"no {shape.time} that is a time": pl.col("at").is_null(),
    }


def _dropped(rows: pl.DataFrame, reasons: Mapping[str, pl.Expr]) -> tuple[Dropped, ...]:
    """Each bad row under its first reason."""
    why = pl.coalesce(
        *(pl.when(fault).then(pl.lit(reason)) for reason, fault in reasons.items())
    ).alias("why")
    counted = (
        rows.select(why)
        .with_row_index("row", offset=1)
        .drop_nulls("why")
        .group_by("why", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("row").first())
    )
    return tuple(Dropped(*row) for row in counted.select("why", "rows", "row").rows())

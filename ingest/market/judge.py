"""A frame of prices, each row judged at once: what its values are, or why it is no bar.

It says by the column what `fields.py` says by the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from graph.errors import BadRecord
from ingest.market import fields
from ingest.market.columns import ColumnMap
from ingest.market.quote import DAY_MS, MINUTE_MS

PRICES = ("open", "high", "low", "close")
# What a Quote has beside its bar, with the name of the column where it is another.
TEXTS = ("exchange", "currency", "series", "name")
NUMBERS = {
    "last": "last",
    "previous_close": "previous",
    "turnover": "turnover",
    "delivered": "delivered",
}
EXTRAS = ("isin", *TEXTS, *NUMBERS, "trades")


def judged(frame: pl.DataFrame, columns: ColumnMap, stock: str) -> pl.DataFrame:
    """The frame's rows with the columns of a bar and of EXTRAS, `row`, `record`, and `why`.

    `frame` has our names for its columns and `row`. `why` is null where the row is a bar. `stock`
    is whose the bars are where no column says it.
    """
    said = pl.col("ticker") if "ticker" in frame.columns else pl.lit(stock)
    ticker = said.cast(pl.String).str.strip_chars().str.to_uppercase().fill_null("")
    at, bad_time = _times(frame["time"], columns)
    found = frame.with_columns(ticker.alias("ticker"), at.alias("at"))
    known, bad_known = _known(found, columns)
    isin, bad_isin = _by_value(_column(frame, "isin", pl.String), fields.isin, pl.String)
    numbers, reasons = _numbers(frame)
    values = found.select("row", "ticker", "at").with_columns(
        known.alias("known_at"), isin.alias("isin"), *numbers, *_texts(frame)
    )
    values = values.with_columns(pl.col("adj_close").fill_null(pl.col("close")))
    nameless = pl.when(pl.col("ticker") == "").then(pl.lit("names no stock: ticker is empty"))
    crossed = pl.when(pl.col("high") < pl.col("low")).then(
        pl.format("high {} is below low {}", "high", "low")
    )
    early = pl.when(pl.col("known_at") < pl.col("at")).then(
        pl.lit("known_at lies before the time of the bar")
    )
    stated = (bad_time, *reasons, bad_known, bad_isin)
    values = values.with_columns(pl.coalesce(nameless, *stated, crossed, early).alias("why"))
    return values.join(_records(frame, values["why"]), on="row", how="left", maintain_order="left")


def _records(frame: pl.DataFrame, why: pl.Series) -> pl.DataFrame:
    """The rows that are no bars, as text."""
    text = pl.concat_str(pl.exclude("row").cast(pl.String).fill_null(""), separator=",")
    return frame.filter(why.is_not_null()).select("row", text.alias("record"))


def _times(times: pl.Series, columns: ColumnMap) -> tuple[pl.Series, pl.Series]:
    """(at in epoch milliseconds, why it is none), each null where the other is not."""
    if times.dtype == pl.Date or (times.dtype == pl.Datetime and columns.interval == "1d"):
        written = times if times.dtype == pl.Date else times.dt.date()  # a cast would go by UTC
        days = written.cast(pl.Int64) * DAY_MS
        return days, _empty(days)
    if times.dtype != pl.Datetime:
        at, why = _by_value(times, columns.at, pl.Int64)
        return at, why.fill_null(_empty(times))
    at = _epoch(times, columns.zone)
    off = (at % MINUTE_MS != 0).fill_null(False)
    why = pl.select(
        pl.when(off).then(
            pl.format("time '{}' is not the beginning of a minute", times.cast(pl.String))
        )
    ).to_series()
    return at, why.fill_null(_empty(at))


def _known(frame: pl.DataFrame, columns: ColumnMap) -> tuple[pl.Series, pl.Series]:
    """When each bar could be known: as the column says, else as its venue has it."""
    told = _column(frame, "known_at", pl.String)
    if told.dtype == pl.Datetime:
        said, why = _epoch(told, columns.zone), _nothing("why", pl.String, frame.height)
    else:
        said, why = _by_value(told, columns.moment, pl.Int64)
    tickers = frame["ticker"].unique()
    after = {one: columns.known_at(one, 0) for one in tickers}
    usual = frame["at"] + frame["ticker"].replace_strict(after, return_dtype=pl.Int64)
    return said.fill_null(usual), why


def _numbers(frame: pl.DataFrame) -> tuple[list[pl.Series], list[pl.Series]]:
    """The columns of numbers, and why a row of each is none."""
    found, reasons = [], []
    for name in (*PRICES, "volume"):
        value, why = _number(frame[name], name, must=True, zero=name == "volume")
        found.append(value)
        reasons.append(why)
    adjusted = _column(frame, "adj_close", pl.Float64)
    for ours, column, name in (
        ("adj_close", adjusted, "adj_close"),
        *((o, _column(frame, theirs, pl.Float64), theirs) for o, theirs in NUMBERS.items()),
        ("trades", _column(frame, "trades", pl.Float64), "trades"),
    ):
        value, why = _number(column, name, must=False, zero=ours != "adj_close")
        found.append(value.cast(pl.Int64) if ours == "trades" else value.alias(ours))
        reasons.append(why)
    return found, reasons


def _number(column: pl.Series, name: str, *, must: bool, zero: bool) -> tuple[pl.Series, pl.Series]:
    """(numbers, why a row is none): not negative, finite, above zero unless `zero`."""
    value = column.cast(pl.Float64, strict=False).alias(name)
    good = value.is_finite() & (value >= 0 if zero else value > 0)
    if bool((good.fill_null(False) | (column.is_null() & pl.Series([not must]))).all()):
        return value, _nothing("why", pl.String, len(value))
    text = column.cast(pl.String).str.strip_chars()
    nothing = text.is_null() | (text == "")
    why = pl.select(
        pl.when(nothing)
        .then(pl.lit(f"{name} is empty") if must else pl.lit(None, pl.String))
        .when(value.is_null())
        .then(pl.format(f"{name} is '{{}}', which is no number", text))
        .when(good)
        .then(pl.lit(None, pl.String))
        .when(value == 0)
        .then(pl.lit(f"{name} is 0; a price is above zero"))
        .otherwise(pl.format(f"{name} is {{}}, which no {name} can be", text))
    ).to_series()
    return value, why


def _texts(frame: pl.DataFrame) -> Iterator[pl.Series]:
    for name in TEXTS:
        text = _column(frame, name, pl.String).cast(pl.String).str.strip_chars().replace("", None)
        yield (text.str.to_uppercase() if name == "currency" else text).alias(name)


def _by_value(
    column: pl.Series, of: Callable[[Any], Any], type: type[pl.DataType]
) -> tuple[pl.Series, pl.Series]:
    """What `of` makes of each distinct value, and what it says of the bad ones."""
    good: dict[Any, Any] = {}
    bad: dict[Any, str] = {}
    for value in column.unique().drop_nulls():
        try:
            good[value] = of(value)
        except BadRecord as error:
            bad[value] = str(error)
    found = column.replace_strict(good, default=None, return_dtype=type())
    why = column.replace_strict(bad, default=None, return_dtype=pl.String())
    return found, why


def _empty(times: pl.Series) -> pl.Series:
    """Says of each null that it is one."""
    return pl.select(pl.when(times.is_null()).then(pl.lit("date is empty"))).to_series()


def _epoch(times: pl.Series, zone: str) -> pl.Series:
    """Timestamps as epoch milliseconds; those without a zone are of this one."""
    if getattr(times.dtype, "time_zone", None) is None:
        times = times.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return times.dt.epoch("ms")


def _column(frame: pl.DataFrame, name: str, type: type[pl.DataType]) -> pl.Series:
    """A column, or one of nothing where the frame has none."""
    if name in frame.columns:
        return frame[name]
    return _nothing(name, type, frame.height)


def _nothing(name: str, type: type[pl.DataType], height: int) -> pl.Series:
    return pl.Series(name, [None], dtype=type()).new_from_index(0, height)

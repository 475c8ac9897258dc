"""The protocol: what a detector is given and what it gives back.

In: rows sorted by ticker and at. A detector of bars sees traded bars only, one a ticker and moment;
a detector of posts sees a row for each post that names a stock. Out: a row a finding (SCHEMA).

Causal: what is said of a row rests on that row and on earlier ones. `at` is when the bar begins, as
everywhere; a finding can be known once that bar is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.special import ndtr

from graph.errors import UsageError

STRONG, EXTREME = 5.0, 8.0  # |z| from which a finding is called so
LEAST_P = 1e-300

SCHEMA = pl.Schema(
    {
        "ticker": pl.String(),
        "at": pl.Int64(),  # epoch milliseconds, UTC
        "kind": pl.String(),
        "z": pl.Float64(),
        "p_value": pl.Float64(),
        "severity": pl.String(),  # notable, strong, extreme
        "window": pl.String(),
        "bars_used": pl.Int64(),  # earlier rows that the judgement rests on
        "explanation": pl.String(),
    }
)

Side = Literal["up", "down", "both"]
Find = Callable[[pl.DataFrame, float], pl.DataFrame]
Say = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Detector:
    """One way for a stock to be unusual."""

    name: str
    says: str  # what it finds, in a sentence
    needs: tuple[str, ...]  # columns beyond ticker and at
    find: Find  # rows as above and the least |z|, to a table of SCHEMA
    of: Literal["bars", "posts"] = "bars"
    costly: bool = False  # looks only at the rows that another detector named


def detect(
    detector: Detector,
    rows: pl.DataFrame | pa.Table,
    z_at_least: float = 3.0,
    only: pl.DataFrame | None = None,
    since: int | None = None,
) -> pl.DataFrame:
    """The findings of one detector in `rows`, sorted by ticker, at and kind.

    `only`: findings (ticker, at) of a cheap detector; a costly one must be given them. `since`:
    only rows from this moment on are judged, earlier ones are their past. Raises
    UsageError, saying what is wanted, for missing columns, a bar that stands twice, a line that is
    not positive, and a costly detector without `only`.
    """
    if not (isfinite(z_at_least) and z_at_least > 0):
        raise UsageError(f"z_at_least is {z_at_least}; give a number above 0, such as 3.")
    frame = since_then(prepared(detector, rows), since)
    return judged(detector, frame, z_at_least, only)


def judged(
    detector: Detector, frame: pl.DataFrame, z_at_least: float, only: pl.DataFrame | None = None
) -> pl.DataFrame:
    """`detect` on a frame as `prepared` gives it, with figures or without."""
    if detector.costly:
        if only is None:
            raise UsageError(f"{detector.name} is costly: give `only`, a cheap detector's findings")
        wanted = only.select(pl.col("ticker").cast(frame.schema["ticker"]), "at").unique()
        wanted = wanted.with_columns(triggered=True)
        frame = frame.join(wanted, on=["ticker", "at"], how="left", maintain_order="left")
        frame = frame.with_columns(pl.col("triggered").fill_null(False))
        if "asked" in frame.columns:
            frame = frame.with_columns(pl.col("triggered") & pl.col("asked"))
    if not len(frame):
        return SCHEMA.to_frame()
    return detector.find(frame, z_at_least).select(SCHEMA.names()).sort("ticker", "at", "kind")


def since_then(frame: pl.DataFrame, since: int | None) -> pl.DataFrame:
    """Marks the rows to judge in the column `asked`; without it all are."""
    return frame if since is None else frame.with_columns(asked=pl.col("at") >= since)


def prepared(detector: Detector, rows: pl.DataFrame | pa.Table) -> pl.DataFrame:
    """The rows as `find` takes them: sorted, numbers as floats, days without trade left out."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(pl.from_arrow(rows))
    missing = [n for n in ("ticker", "at", *detector.needs) if n not in frame.columns]
    if missing:
        raise UsageError(
            f"{detector.name} needs the columns ticker, at, {', '.join(detector.needs)}; "
            f"there is no {', '.join(missing)}."
        )
    frame = frame.with_columns(pl.col("ticker").cast(pl.String), pl.col("at").cast(pl.Int64))
    if detector.of == "posts":
        return frame.sort("ticker", "at", maintain_order=True)
    frame = _as_floats(frame)
    traded = (pl.col("volume") > 0) & (pl.col("close") > 0)
    sound = traded & pl.col("volume").is_finite() & pl.col("close").is_finite()
    # Millions of rows are told apart by number, not by name; findings are named again.
    if not frame.select(sound.fill_null(False).all()).item():
        frame = frame.filter(sound)
    return _in_order(frame).with_columns(pl.col("ticker").cast(pl.Categorical))


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """By ticker and at. Rows from a store stand so already, and sorting costs more than looking."""
    same, step = pl.col("ticker") == pl.col("ticker").shift(1), pl.col("at").diff()
    later = (same & (step > 0)) | (pl.col("ticker") > pl.col("ticker").shift(1))
    if frame.select(later.fill_null(True).all()).item():
        return frame
    frame = frame.sort("ticker", "at")
    twice = frame.filter(same & (step == 0))
    if len(twice):
        raise UsageError(
            f"The bar of {twice['ticker'][0]} at {twice['at'][0]} stands twice; give each once."
        )
    return frame


def _as_floats(frame: pl.DataFrame) -> pl.DataFrame:
    names = ("open", "high", "low", "close", "adj_close", "volume", "delivered")
    present = [name for name in names if name in frame.columns]
    return frame.with_columns(pl.col(present).cast(pl.Float64))


def beyond(column: str, line: float, side: Side) -> pl.Expr:
    """Whether a z is known and at or beyond the line, on that side."""
    z = pl.col(column)
    far = {"up": z >= line, "down": z <= -line, "both": z.abs() >= line}[side]
    return z.is_finite().fill_null(False) & far.fill_null(False)


def findings(rows: pl.DataFrame, kind: str, window: str, side: Side, say: Say) -> pl.DataFrame:
    """Rows with ticker, at, z and bars_used as a table of SCHEMA; `say` has a row's sentence.

    p_value is that of a standard normal, one-sided unless `side` is both, where the rows bring none
    of their own. Real returns and volumes have heavier tails: it ranks, it is not a chance.
    """
    if "asked" in rows.columns:
        rows = rows.filter("asked")
    z = rows["z"].to_numpy().astype(np.float64)
    tail = np.maximum(ndtr(-np.abs(z)) * (2 if side == "both" else 1), LEAST_P)
    own = rows["p_value"].to_numpy() if "p_value" in rows.columns else tail
    return rows.with_columns(
        pl.col("ticker").cast(pl.String),
        kind=pl.lit(kind),
        p_value=pl.Series(own, dtype=pl.Float64),
        severity=_severity(),
        window=pl.lit(window),
        bars_used=pl.col("bars_used").cast(pl.Int64),
        explanation=pl.Series([say(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
    ).select(SCHEMA.names())


def _severity() -> pl.Expr:
    z = pl.col("z").abs()
    strong = pl.when(z >= STRONG).then(pl.lit("strong")).otherwise(pl.lit("notable"))
    return pl.when(z >= EXTREME).then(pl.lit("extreme")).otherwise(strong)

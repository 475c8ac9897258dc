"""`ties --engine spark`: the same question on Spark, from the reading of the files to the tables.

The driver looks at the first line of each file and at nothing else of them. Rows are read, made
into acts and tied where Spark puts them; OUT is a folder of Parquet files, as Spark writes them.
"""

from __future__ import annotations

import argparse
import shutil
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from api import ties_read
from api.ties_judged import COLUMNS, EVIDENCE, FDR, STRATUM
from api.ties_questions import WINDOWS
from api.ties_read import ACCOUNT
from graph.errors import UsageError
from graph.store import Progress
from ingest import table_acts, tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL_ONLY = ("directed", "clusters", "method")
ACTS = "post string, account string, at long, object string"


def check(args: argparse.Namespace) -> None:
    """Raises UsageError for what only the local engine does."""
    for name in LOCAL_ONLY:
        if getattr(args, name) is not None:
            raise UsageError(f"--{name} goes without --engine spark")
    for path in filter(None, (args.out, args.evidence)):
        if path.suffix != ".parquet":
            raise UsageError(f"Spark writes Parquet; call {path} {path.with_suffix('.parquet')}")
        if path.exists():
            raise UsageError(f"{path} is there already; name a folder that is not")


def on_spark(args: argparse.Namespace, report: Progress) -> list[str]:
    """Ties to --out, co-actions to --evidence; returns what to tell."""
    from graph.detection.spark.session import session

    shape = ties_read.shape(args.files)
    if shape is None:
        raise UsageError(f"Spark reads tables of either shape ({tables.expected()})")
    names = _traces(args, shape)
    report("opening Spark", 0, 1)
    spark = session(settings={"spark.ui.showConsoleProgress": "false"})
    # only now: without pyspark the session has said so
    from graph.detection.spark.engine import SparkQuestion, tables_on_spark

    raw = _read(spark, args, shape)
    rows = _usable_rows(raw, shape).persist()
    told = (
        f"{raw.count():,} rows read, {rows.count():,} of them kept: with ids and a time, and once"
    )
    questions = [
        SparkQuestion(name, window, _acts(rows, shape, name))
        for name in names
        for window in args.window or WINDOWS
    ]
    fdr = FDR if args.fdr is None else args.fdr
    run = args.out.resolve().with_suffix(".run")
    found = tables_on_spark(
        questions,
        STRATUM,
        run.as_uri(),
        active=rows.select(ACCOUNT[shape]).distinct().count(),
        keep=fdr,
        fdr=fdr,
        least=args.min_actions or 1,
        progress=report,
    )
    ties = found.ties.filter(found.ties["weight"] >= (args.min_weight or 0))
    _write(ties.select(*COLUMNS), args.out)
    if args.evidence:
        strong = found.evidence.join(ties, ["left", "right"], "left_semi")
        _write(strong.select(*EVIDENCE), args.evidence)
    last = f"{ties.count():,} ties in {args.out} ({found.tests:,} pairs could have met)"
    shutil.rmtree(run)
    rows.unpersist()
    return [told, *(f"  {step}" for step in found.steps), last]


def _write(frame: DataFrame, path: Path) -> None:
    frame.write.parquet(path.resolve().as_uri())


def _traces(args: argparse.Namespace, shape: str) -> list[str]:
    """The traces asked for, or all that the columns show; the most telling first."""
    known = table_acts.TRACES[shape]
    has = frozenset.intersection(*(tables.columns(path) for path in args.files))
    names = args.trace or [name for name, one in known.items() if has.issuperset(one.columns)]
    for name in names:
        if name not in known:
            raise UsageError(
                f"Spark knows no trace {name!r} of these files; {', '.join(known)} it does"
            )
    if not names:
        raise UsageError(f"{args.files[0]} has no column that shows what was shared")
    return sorted(names, key=list(known).index)


def _read(spark: SparkSession, args: argparse.Namespace, shape: str) -> DataFrame:
    """The rows of all files as strings, "" where nothing stands."""
    from pyspark.sql import functions as F

    kind = tables.SHAPES[shape]
    names = (*kind.ids, *kind.texts, kind.time)
    plain: dict[str, bool | str] = {
        "header": True,
        "multiLine": True,
        "escape": '"',
        "inferSchema": False,
    }
    found = []
    for path in args.files:
        one = spark.read.options(**plain).csv(path.resolve().as_uri())
        absent = {name: F.lit("") for name in names if name not in one.columns}
        found.append((one.withColumns(absent) if absent else one).select(*names).fillna(""))
    return reduce(lambda some, more: some.unionByName(more), found)


def _usable_rows(raw: DataFrame, shape: str) -> DataFrame:
    """Rows with their ids and a time; of a toolkit table every message once, its earliest sight."""
    from pyspark.sql import functions as F

    from graph.detection.spark.arrow import by_batch, table

    kind = tables.SHAPES[shape]
    names = (*kind.ids, *kind.texts)
    schema = ", ".join([*(f"{name} string" for name in names), "at long"])

    def usable(batch: Any) -> Any:
        rows = tables.usable(_frame(batch), tables.SHAPES[shape])
        return table(schema, {name: rows[name].to_arrow() for name in (*names, "at")})

    rows = by_batch(raw, usable, schema)
    if shape != "toolkit":
        return rows
    first = F.min(F.struct("at", *names)).alias("_first")
    once = rows.groupBy("message_id").agg(first)
    return once.select(*(F.col(f"_first.{name}").alias(name) for name in (*names, "at")))


def _acts(rows: DataFrame, shape: str, name: str) -> DataFrame:
    from graph.detection.spark.arrow import by_batch, table

    def acted(batch: Any) -> Any:
        acts = table_acts.TRACES[shape][name].acts(_frame(batch))
        wanted = ("post", "account", "at", "object")
        return table(ACTS, {column: acts[column].to_arrow() for column in wanted})

    return by_batch(rows, acted, ACTS)


def _frame(batch: Any) -> pl.DataFrame:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    return frame

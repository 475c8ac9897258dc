"""Ties on Spark, step by step: timelines, meetings, margins, verdicts, one tie a pair, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from graph.detection.coaction import MOST_POPULAR
from graph.detection.spark import fusion, meetings, timeline
from graph.detection.spark.chances import expected, shared
from graph.detection.spark.seen import dated, seen
from graph.detection.spark.synchrony import synchrony
from graph.detection.spark.verdicts import verdicts
from graph.detection.spark.work import Step, Work
from graph.detection.ties import TIES
from graph.errors import UsageError
from graph.model import Millis
from graph.store import Progress
from graph.windows import millis

PER_BUCKET = 50_000  # acts that a worker looks at in one go, about
ENDS = ["left", "right"]


@dataclass(frozen=True, slots=True)
class SparkQuestion:
    """A trace looked at in one window. `acts`: post, account, at, object and, where chance is
    taken within something, stratum; one stratum an object. Further columns are not looked at."""

    trace: str
    window: str
    acts: DataFrame


@dataclass(frozen=True, slots=True)
class SparkTables:
    """As ties.Tables, in frames that read Parquet files `ties`, `evidence` and `parts` of the
    folder; the ties strongest first. Nothing of it has been fetched.

    One column differs: `episode` of the evidence is the time at which it began, in milliseconds;
    with the object it names the episode. `steps` tells what was computed on the way.
    """

    ties: DataFrame
    evidence: DataFrame
    parts: DataFrame
    too_popular: int
    tests: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is the same for every question."""

    span: Millis
    most_popular: int
    limit: float  # a question's p above this cannot lead to a tie
    buckets: int | None


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one question found: `rows` as timeline.timeline gives them, `open` those that may tie
    somebody, `met` as meetings.MET, `judged` as verdicts.JUDGED."""

    question: SparkQuestion
    rows: DataFrame
    open: DataFrame
    met: DataFrame
    judged: DataFrame
    buckets: int
    too_popular: int


def tables_on_spark(
    questions: Sequence[SparkQuestion],
    span: Millis,
    folder: str,
    *,
    active: int | None = None,
    keep: float = 1.0,
    fdr: float = 1.0,
    least: int = 1,
    most_popular: int = MOST_POPULAR,
    half_life: Millis | None = None,
    buckets: int | None = None,
    progress: Progress | None = None,
) -> SparkTables:
    """The same as ties.tables, which says what the arguments mean.

    `folder` is a path or address that the driver and every worker can write to; it gets the
    tables, and is not there before. `active` defaults to the accounts that act. `buckets`: into
    how many parts a question's acts are cut for the workers (default: PER_BUCKET acts each,
    about); it changes no result. Raises UsageError where nothing is asked, where `buckets` is less
    than one, and where `folder` is there already.
    """
    if not questions:
        raise UsageError("there is no question to answer; name a trace and a window")
    if buckets is not None and buckets < 1:
        raise UsageError(f"{buckets} buckets hold nothing; give 1 or more")
    spark = questions[0].acts.sparkSession
    work = Work(spark, folder, 3 * len(questions) + 6, progress or (lambda step, done, total: None))
    asked = _Asked(span, most_popular, min(1.0, keep / len(questions)), buckets)
    work.refuse_what_is_there()
    try:
        looked = [_look(work, n, question, asked) for n, question in enumerate(questions)]
        every = reduce(DataFrame.unionByName, [one.judged for one in looked])
        judged, _ = work.keep("judged", every)
        number = _accounts(looked) if active is None else active
        tests = number * (number - 1) // 2
        tied = _with_q(work, judged, len(questions), tests).filter(
            (F.col("p_value") <= keep) & (F.col("q_value") <= fdr) & (F.col("co_actions") >= least)
        )
        kept, _ = work.keep("kept pairs", tied)
        return _told(work, looked, judged, kept, tests, span, half_life)
    finally:
        work.clean()


def _look(work: Work, n: int, question: SparkQuestion, asked: _Asked) -> _Looked:
    name, window = f"{question.trace} {question.window}", millis(question.window)
    crowds = F.count_if(F.col("opens") & (F.col("popularity") > asked.most_popular))
    line = timeline.timeline(question.acts, window, asked.span)
    rows, said = work.keep(f"{name}: acts", line, crowds=crowds)
    buckets = asked.buckets or max(said["partitions"], -(-said["rows"] // PER_BUCKET), 1)
    near = timeline.open_acts(rows, asked.most_popular, buckets)
    met, _ = work.keep(
        f"{name}: meetings by pair and bucket, of {buckets:,}",
        meetings.meetings(near, window, asked.span, asked.most_popular),
    )
    degrees = timeline.degrees(rows)
    both, _ = work.keep(f"{name}: pairs by stratum", shared(meetings.pairs(met), degrees))
    stratum = ["place", "span", "popularity"]
    classes = timeline.classes(rows).join(meetings.met_by_class(met), stratum, "left")
    said_of = expected(both, degrees, classes.fillna(0, "met"), asked.most_popular)
    judged = verdicts(both, said_of, asked.limit).withColumn("question", F.lit(n))
    return _Looked(question, rows, near, met, judged, buckets, said["crowds"])


def _accounts(looked: Sequence[_Looked]) -> int:
    """How many accounts act."""
    acting = [one.rows.select("account").distinct() for one in looked]
    return reduce(DataFrame.union, acting).distinct().count()


def _with_q(work: Work, judged: DataFrame, questions: int, tests: int) -> DataFrame:
    """A row per pair with p and q, as ties.tied."""
    best, said = work.keep("pairs", fusion.best(judged, questions))
    return fusion.with_q(best, max(tests, said["rows"]), max(said["partitions"], 1))


def _told(
    work: Work,
    looked: Sequence[_Looked],
    judged: DataFrame,
    kept: DataFrame,
    tests: int,
    span: Millis,
    half_life: Millis | None,
) -> SparkTables:
    """All that is said of the pairs that are kept, as ties.told."""
    ends = kept.select(*ENDS)
    found = [(one.question.trace, one.question.window, _seen(one, ends, span)) for one in looked]
    evidence, _ = work.keep("co-actions", seen(found), "evidence")
    columns = (*TIES, "decayed") if half_life else TIES
    whole = (
        kept.join(dated(evidence, half_life), ENDS, "left")
        .join(fusion.any_time(judged, kept, len(looked)), ENDS, "left")
        .join(_synchronised(looked, kept), ENDS, "left")
        .fillna(1.0, ["synchrony_p"])
        .select(*columns)
        .orderBy(F.col("weight").desc(), *ENDS)
    )
    ties, _ = work.keep("ties", whole, "ties")
    parts, _ = work.keep("parts", _parts(judged, ends, looked), "parts")
    crowds = sum(one.too_popular for one in looked)
    return SparkTables(ties, evidence, parts, crowds, tests, tuple(work.steps))


def _seen(one: _Looked, ends: DataFrame, span: Millis) -> DataFrame:
    return meetings.evidence(one.open, one.met, ends, millis(one.question.window), span)


def _synchronised(looked: Sequence[_Looked], kept: DataFrame) -> DataFrame:
    """synchrony_p by the question that decided each tie."""
    found = [
        synchrony(
            one.rows,
            kept.filter(F.col("question") == n).select(*ENDS),
            millis(one.question.window),
            one.buckets,
        )
        for n, one in enumerate(looked)
    ]
    return reduce(DataFrame.unionByName, found)


def _parts(judged: DataFrame, ends: DataFrame, looked: Sequence[_Looked]) -> DataFrame:
    """What each question says of the kept pairs."""
    traces = F.array(*(F.lit(one.question.trace) for one in looked))
    windows = F.array(*(F.lit(one.question.window) for one in looked))
    return (
        judged.join(ends, ENDS, "left_semi")
        .withColumn("trace", traces[F.col("question")])
        .withColumn("window", windows[F.col("question")])
        .select(*ENDS, "trace", "window", "co_actions", "expected", "level", "p_value")
    )

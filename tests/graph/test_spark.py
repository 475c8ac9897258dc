"""The engine on Spark against the local one: the same ties, parts and evidence, row by row."""

from __future__ import annotations

import importlib.util
import math
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graph.detection.acts import encode
from graph.detection.significance import benjamini_hochberg, benjamini_yekutieli
from graph.detection.spark.session import NO_JAVA, NO_PYSPARK, session
from graph.detection.ties import Question, tables
from graph.errors import UsageError
from graph.windows import DAY, millis
from tests.spark_settings import SETTINGS, needs_spark

pytestmark = pytest.mark.timeout(900)  # Java starts slowly where others work too
SPAN = 30 * DAY
CAP = 24  # accounts of an episode that still ties
ENDS = ["left", "right"]


def honest(seed=5, acts=1200, accounts=60):
    """Acts of accounts, some busy, on objects, some popular, over 70 days; stock by object."""
    rng = np.random.default_rng(seed)
    busy = rng.lognormal(0, 1, accounts)
    who = rng.choice(accounts, acts, p=busy / busy.sum())
    what = np.minimum(rng.zipf(1.4, acts), 250)
    at = rng.integers(0, 70 * DAY, acts)
    return [(f"u{a:02}", f"o{o}", int(t)) for a, o, t in zip(who, what, at, strict=True)]


def planned():
    """Bursts: a ring, repeats, equal times, edges of window, day and span, crowds at the cap."""
    hour, rows = millis("1h"), []
    for n in range(6):
        rows += [(f"ring{k}", f"drop{n}", n * 9 * DAY + k * 40_000) for k in range(4)]
    rows += [("ring0", "drop0", 20_000 * k) for k in range(1, 5)]  # repeats itself
    rows += [("u01", "edge", 5), ("u02", "edge", 5 + hour), ("u03", "edge", 6 + 2 * hour)]
    rows += [("u04", "twin", 7 * DAY), ("u05", "twin", 7 * DAY)]  # at midnight, at once
    rows += [("u06", "night", DAY - 60_000), ("u07", "night", DAY + 60_000)]
    rows += [("u08", "turn", SPAN - 60_000), ("u09", "turn", SPAN + 60_000)]
    rows += [(f"u{k:02}", "full", 9 * DAY + k * 1000) for k in range(CAP)]
    rows += [(f"u{k:02}", "crowd", 12 * DAY + k * 1000) for k in range(CAP + 1)]
    rows += [(f"u{k % 40:02}", "crowd", 40 * DAY + k * 1000) for k in range(80)]
    return rows


def acts():
    rows = [(f"p{i}", *row) for i, row in enumerate(honest() + planned())]
    # posts that name two objects: both co-actions have the same two posts
    rows += [(post, who, f"{what}-too", at) for post, who, what, at in rows[:60:2]]
    rows += [(post, who, "drop0-too", at) for post, who, what, at in rows if what == "drop0"]
    frame = pl.DataFrame(rows, schema=["post", "account", "object", "at"], orient="row")
    stock = (pl.col("object").str.len_chars() % 3).cast(pl.String).alias("stratum")
    return frame.with_columns(stock).sample(fraction=1.0, shuffle=True, seed=7)


def sets():
    """Traces and windows, the most telling first; two overlap, one is taken within the stock."""
    rows = acts()
    number = pl.col("post").str.slice(1).cast(pl.Int64)
    some = rows.filter((number % 4 > 0) | (number >= len(honest()))).drop("stratum")
    return [("same_text", "1h", some), ("co_ticker", "1d", rows), ("co_link", "7d", some)]


def locally(asked, **more):
    people = pl.concat([rows["account"] for _, _, rows in asked]).unique().sort()
    questions = [Question(trace, window, encode(rows, people)) for trace, window, rows in asked]
    return tables(questions, people, SPAN, most_popular=CAP, **more)


def on_spark(spark, folder, asked, **more):
    from graph.detection.spark.engine import SparkQuestion, tables_on_spark

    questions = [
        SparkQuestion(trace, window, spark.createDataFrame(rows.to_arrow()))
        for trace, window, rows in asked
    ]
    return tables_on_spark(questions, SPAN, str(folder), most_popular=CAP, **more)


def fetched(frame):
    return pl.from_arrow(frame.toArrow())


def assert_same(ours, theirs, by):
    """Row by row; integers and names exactly, floats to a billionth."""
    theirs = theirs.cast({name: kind for name, kind in ours.schema.items() if kind.is_numeric()})
    assert_frame_equal(ours.sort(by), theirs.sort(by), rel_tol=1e-9, abs_tol=0.0)


def with_episodes_counted(evidence):
    """Episodes of an object numbered in the order of time: the two engines name them otherwise."""
    number = pl.col("episode").rank("dense").over("trace", "window", "object")
    return evidence.with_columns(number)


@pytest.fixture(scope="module")
def spark():
    opened = session(settings=SETTINGS)
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def whole(spark, tmp_path_factory):
    """Both answers to the three questions, what the driver fetched meanwhile, and what was told."""
    from pyspark.sql.classic.dataframe import DataFrame

    fetched_rows, told = [], []
    fetch = DataFrame.collect
    patch = pytest.MonkeyPatch()

    def refused(*args, **more):
        raise AssertionError("fetches rows")

    def counted(frame):
        rows = fetch(frame)
        fetched_rows.append(rows)
        return rows

    patch.setattr(DataFrame, "collect", counted)
    for name in ("toPandas", "toArrow", "toLocalIterator", "take", "head", "first", "tail"):
        patch.setattr(DataFrame, name, refused)
    with patch.context():
        there = on_spark(
            spark,
            tmp_path_factory.mktemp("spark") / "all",
            sets(),
            half_life=millis("1h"),
            progress=lambda step, done, total: told.append((step, done, total)),
        )
    patch.undo()
    return locally(sets(), half_life=millis("1h")), there, fetched_rows, told


@needs_spark
def test_ties_are_those_of_the_local_engine(whole):
    here, there, _, _ = whole
    assert here.ties.height > 150
    assert (here.ties["synchrony_p"] < 0.5).sum() > 10
    assert here.ties["traces"].list.len().max() == 3
    assert_same(here.ties, fetched(there.ties), ENDS)


@needs_spark
def test_parts_are_those_of_the_local_engine(whole):
    here, there, _, _ = whole
    assert set(here.parts["level"]) == {0, 1, 2}
    assert_same(here.parts, fetched(there.parts), [*ENDS, "trace", "window"])


@needs_spark
def test_evidence_is_that_of_the_local_engine(whole):
    here, there, _, _ = whole
    ours, theirs = (
        with_episodes_counted(here.evidence),
        with_episodes_counted(fetched(there.evidence)),
    )
    assert_same(ours, theirs, [*ENDS, "left_post", "right_post"])


@needs_spark
def test_an_episode_is_named_by_the_time_of_its_first_act(whole):
    _, there, _, _ = whole
    seen = fetched(there.evidence)
    acted = acts().select("object", episode="at")
    assert seen.join(acted, on=["object", "episode"], how="semi").height == seen.height
    assert (
        seen["episode"] <= seen.select(pl.min_horizontal("left_at", "right_at")).to_series()
    ).all()
    assert set(seen.filter(object="full")["episode"]) == {9 * DAY}


@needs_spark
def test_crowds_and_the_family_of_tests_are_counted_alike(whole):
    here, there, _, _ = whole
    assert here.too_popular >= 2
    assert (there.too_popular, there.tests) == (here.too_popular, here.tests)


@needs_spark
def test_the_driver_fetches_numbers_and_neither_posts_nor_accounts(whole):
    *_, rows, _ = whole
    assert max(map(len, rows)) <= 8  # a number a slice, and slices are few
    assert all(isinstance(one, int | float) for many in rows for row in many for one in row)


@needs_spark
def test_partitions_are_shown(whole):
    _, there, _, told = whole
    steps = {step.name: step for step in there.steps}
    assert steps["co_ticker 1d: acts"].rows == acts().height
    assert steps["co_ticker 1d: acts"].partitions > 1
    assert any(step.endswith(f"rows in {steps['ties'].partitions} partitions") for step, *_ in told)
    assert told[-1][1] == told[-1][2] == len(there.steps)


@needs_spark
def test_what_lies_between_is_deleted_and_the_tables_stay(whole):
    _, there, _, _ = whole
    (file, *_) = there.ties.inputFiles()
    folder = Path(urlparse(file).path).parents[1]
    assert {path.name for path in folder.iterdir()} == {"ties", "evidence", "parts"}


@needs_spark
def test_filters_are_those_of_the_local_engine_whatever_the_buckets(spark, tmp_path):
    asked = [sets()[1], ("co_link", "1h", acts().clear())]
    said = {"keep": 0.5, "fdr": 0.9, "least": 2, "active": 60}
    here = locally(asked, **said)
    there = on_spark(spark, tmp_path / "some", asked, buckets=2, **said)
    assert 0 < here.ties.height < here.parts.height + here.ties.height
    assert_same(here.ties, fetched(there.ties), ENDS)
    assert_same(here.parts, fetched(there.parts), [*ENDS, "trace", "window"])
    assert there.tests == 60 * 59 // 2


@needs_spark
@pytest.mark.parametrize("slices", [1, 4])
def test_q_values_are_those_of_the_local_engine(spark, slices):
    from graph.detection.spark.fusion import with_q

    rng = np.random.default_rng(2)
    # the least value of the first slice lies in the second, among forty equal ones
    p = np.concatenate([[0.01, 0.012], np.repeat([0.02, 1.0], [40, 9]), rng.random(30)])
    frame = pl.DataFrame({"left": [f"a{i}" for i in range(len(p))], "p_value": p})
    said = fetched(with_q(spark.createDataFrame(frame.to_arrow()), 300, slices))
    expected = frame.with_columns(
        pl.Series("q_value", benjamini_hochberg(p, 300)),
        pl.Series("by_value", benjamini_yekutieli(p, 300)),
    )
    assert_same(expected, said, "left")


@needs_spark
def test_what_cannot_be_done_is_refused(spark, tmp_path):
    with pytest.raises(UsageError, match="no question"):
        on_spark(spark, tmp_path / "x", [])
    with pytest.raises(UsageError, match="0 buckets"):
        on_spark(spark, tmp_path / "x", sets()[:1], buckets=0)
    (tmp_path / "x").mkdir()
    with pytest.raises(UsageError, match="there already"):
        on_spark(spark, tmp_path / "x", sets()[:1])


def test_without_pyspark_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError) as caught:
        session()
    assert str(caught.value) == NO_PYSPARK


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed")
def test_without_java_the_message_says_what_to_install(tmp_path):
    code = (
        "from graph.detection.spark.session import session\n"
        "from graph.errors import UsageError\n"
        "try: session()\n"
        "except UsageError as error: print(error)"
    )
    for tool in ("bash", "dirname", "sh", "env", "find", "ps"):
        if where := shutil.which(tool):
            (tmp_path / tool).symlink_to(where)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == NO_JAVA


def test_the_harmonic_number_is_the_local_one():
    p = np.array([1e-9])
    assert benjamini_yekutieli(p, 1000)[0] / benjamini_hochberg(p, 1000)[0] == pytest.approx(
        math.log(1000) + 0.5772156649 + 1 / 2000
    )

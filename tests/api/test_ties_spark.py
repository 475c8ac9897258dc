"""`sentinelmarket ties --engine spark` against the same command without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from api.cli import main
from graph.detection.spark.session import session
from tests.api.test_ties import COORTWEET, posts, table
from tests.spark_settings import SETTINGS, needs_spark

pytestmark = pytest.mark.timeout(900)  # Java starts slowly where others work too


@pytest.fixture(scope="module")
def spark() -> Iterator[None]:
    opened = session(settings=SETTINGS)
    yield
    opened.stop()


def tied(*args: str | Path) -> int:
    return main(["ties", *map(str, args), "--quiet"])


def again(rows: list[str]) -> list[str]:
    """With a message that comes twice, a row without time, one url told twice, a broken line."""
    number, _, rest = rows[0].split(",", 2)
    return [
        *rows,
        f"{number},somebody,{rest.replace(rest.split(',')[-2], '999999999')}",
        "m9001,u1,,,,,never,https://news.example/1",
        "m9002,u2,,,,,77,https://a.example/1 https://a.example/1",
        'm9003,u3,,,,"two lines, and a ""word""\nin them",78,https://a.example/1',
    ]


@needs_spark
@pytest.mark.usefixtures("spark")
def test_the_same_ties_and_co_actions_as_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = again(posts())
    files = [table(tmp_path / "a.csv", rows[:400]), table(tmp_path / "b.csv", rows[400:])]
    asked = ("--trace", "co_link", "--window", "1m", "--fdr", "1", "--min-weight", "0.1")
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    seen_here, seen_there = tmp_path / "seen-here.parquet", tmp_path / "seen-there.parquet"
    assert tied(*files, *asked, "-o", here, "--evidence", seen_here) == 0
    capsys.readouterr()
    assert tied(*files, *asked, "-o", there, "--evidence", seen_there, "--engine", "spark") == 0
    by = ["left", "right"]
    ours, theirs = pl.read_parquet(here), pl.read_parquet(there / "*.parquet")
    assert ours.height > 6
    assert_frame_equal(ours.sort(by), theirs.sort(by), rel_tol=1e-9, abs_tol=0, check_dtypes=False)
    by += ["left_post", "right_post"]
    ours, theirs = pl.read_parquet(seen_here), pl.read_parquet(seen_there / "*.parquet")
    assert_frame_equal(ours.sort(by), theirs.sort(by), check_dtypes=False)
    said = capsys.readouterr().err
    assert f"{len(rows)} rows read, {len(rows) - 2} of them kept" in said
    assert "co_link 1m: acts: " in said
    assert " partitions" in said
    assert not list(tmp_path.glob("*.run"))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-o", "t.csv"], "Spark writes Parquet; call t.csv t.parquet"),
        (["-o", "t.parquet", "--directed"], "--directed goes without --engine spark"),
        (["-o", "t.parquet", "--clusters", "c.csv"], "--clusters goes without --engine spark"),
        (["-o", "t.parquet", "--parity", "coortweet"], "--engine goes with no --parity"),
        (["-o", "t.parquet", "--trace", "near_text"], "Spark knows no trace 'near_text'"),
        (["-o", "there.parquet"], "there.parquet is there already"),
    ],
)
def test_what_only_the_local_engine_does_is_refused_with_one_sentence(
    args: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    table(Path("posts.csv"), ["o,a,c,1"], COORTWEET)
    Path("there.parquet").mkdir()
    assert tied("posts.csv", *args, "--engine", "spark") != 0
    assert said in capsys.readouterr().err


def test_posts_that_are_no_table_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text('{"id_str": "1"}\n', encoding="utf-8")
    assert tied(file, "-o", tmp_path / "t.parquet", "--engine", "spark") != 0
    assert "Spark reads tables of either shape" in capsys.readouterr().err

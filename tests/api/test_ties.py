"""`sentinelmarket ties`: posts in, ties out, without a store, and what it says and refuses."""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import networkx as nx
import polars as pl
import pytest

from api.cli import main
from api.commands.ties import COMMAND
from tests.ingest.x_records import record, user, write
from tests.test_docs import typed, unknown

HERE = Path(__file__).parents[1] / "data" / "toolkit"
HEADER = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls"
COORTWEET = "object_id,account_id,content_id,timestamp_share"
RING = tuple(f"ring{n}" for n in range(4))
HEAVY = (
    "torch",
    "neo4j",
    "scipy.linalg",
    "scipy.sparse",
    "strawberry",
    "networkx",
    "pyarrow",
    "sklearn",
    "pandas",
)


def posts(seed: int = 3) -> list[str]:
    """Rows of the toolkit's shape: 60 honest accounts, and four that share 12 links in seconds."""
    draw = random.Random(seed)
    rows = [
        (f"u{draw.randrange(60)}", f"https://news.example/{int(draw.paretovariate(0.6))}", at)
        for at in (draw.randrange(0, 600_000) for _ in range(900))
    ]
    for campaign in range(12):
        begin = draw.randrange(0, 600_000)
        rows += [(who, f"https://ring.example/{campaign}", begin + n) for n, who in enumerate(RING)]
    return [f"m{n},{who},,,,,{at},{url}" for n, (who, url, at) in enumerate(rows)]


def table(path: Path, rows: Sequence[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return table(tmp_path / "posts.csv", posts())


def ties(*args: str | Path) -> int:
    return main(["ties", *map(str, args)])


def ends(frame: pl.DataFrame) -> set[tuple[str, str]]:
    return set(frame.select(frame.columns[:2]).rows())


def ring_pairs() -> set[tuple[str, str]]:
    return {(a, b) for a in RING for b in RING if a < b}


def test_the_ring_is_tied_and_nobody_else(file: Path, tmp_path: Path) -> None:
    out, evidence, clusters = (tmp_path / n for n in ("t.parquet", "e.csv", "c.csv"))
    args = ("--window", "1m", "--evidence", evidence, "--clusters", clusters)
    assert ties(file, "--trace", "co_link", *args, "-o", out) == 0
    found = pl.read_parquet(out)
    assert ",".join(found.columns) == (
        "left,right,traces,weight,p_value,q_value,by_value,anytime_p,synchrony_p,"
        "co_actions,expected,first_at,last_at"
    )
    assert ends(found) == ring_pairs()
    assert set(found["co_actions"]) == {12}
    assert found["q_value"].max() <= 0.05  # type: ignore[operator]
    assert (found["first_at"] < found["last_at"]).all()
    seen = pl.read_csv(evidence)
    assert {"left_post", "right_post", "trace", "object", "window", "seconds"} <= set(seen.columns)
    assert seen.height == 6 * 12
    assert seen["seconds"].abs().max() <= 60  # type: ignore[operator]
    assert pl.read_csv(clusters).rows() == [(who, 0) for who in RING]


def test_a_window_is_read_off_the_first_posts_and_only_the_later_ones_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # each of 100 pages is shared by four of the ring within 3 s, then by nobody
    shared = [
        (f"ring{k}", f"https://r.example/{n}", 1000 * n + k) for n in range(100) for k in range(4)
    ]
    alone = [(f"u{n % 60}", f"https://own.example/{n}", 90 * n) for n in range(1100)]
    rows = [f"m{n},{who},,,,,{at},{url}" for n, (who, url, at) in enumerate([*shared, *alone])]
    file, seen = table(tmp_path / "p.csv", rows), tmp_path / "e.parquet"
    args = ("--trace", "co_link", "--window", "auto", "--evidence", seen)
    assert ties(file, *args, "-o", tmp_path / "t.csv") == 0
    said = capsys.readouterr().err
    assert "co_link within 1s: so fast did half of an object's accounts follow" in said
    found = pl.read_parquet(seen)
    assert set(found["window"]) == {"1s"}
    assert set(found["object"]) == {f"https://r.example/{n}" for n in range(30, 100)}


def test_every_pair_that_met_is_kept_where_nothing_is_asked_of_it(
    file: Path, tmp_path: Path
) -> None:
    common = (file, "--trace", "co_link", "--window", "1h")
    assert ties(*common, "--fdr", "1", "-o", tmp_path / "all.parquet") == 0
    assert ties(*common, "--fdr", "1", "--min-actions", "2", "-o", tmp_path / "two.parquet") == 0
    assert ties(*common, "--fdr", "1", "--min-weight", "3", "-o", tmp_path / "w.parquet") == 0
    every, twice, strong = (pl.read_parquet(tmp_path / f"{n}.parquet") for n in ("all", "two", "w"))
    assert every.height > 100
    assert twice.equals(every.filter(pl.col("co_actions") >= 2))
    assert strong.equals(every.filter(pl.col("weight") >= 3))
    assert ends(strong) == ring_pairs()


def test_the_same_ties_whatever_the_order_of_rows(file: Path, tmp_path: Path) -> None:
    mixed = posts()
    random.Random(1).shuffle(mixed)
    other = table(tmp_path / "mixed.csv", [*mixed, mixed[0]])
    for source, name in ((file, "a"), (other, "b")):
        out, seen = tmp_path / f"{name}.csv", tmp_path / f"{name}e.csv"
        assert ties(source, "-o", out, "--evidence", seen, "--fdr", "1") == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "ae.csv").read_bytes() == (tmp_path / "be.csv").read_bytes()


def test_what_was_read_and_dropped_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [*posts(), "m1,u1,,,,,5,https://again.example", "x,u1,,,,,soon,", ",u1,,,,,5,"]
    file = table(tmp_path / "posts.csv", bad)
    assert ties(file, "-o", tmp_path / "t.csv", "--trace", "co_link", "--window", "1m") == 0
    said = capsys.readouterr().err
    assert "toolkit table, 951 rows read" in said
    assert "1 dropped: no timestamp that is a time (first: row 950)" in said
    assert "1 dropped: no message_id (first: row 951)" in said
    assert "1 rows dropped: the message was there already" in said
    assert "6 ties in" in said
    everybody = 60 + len(RING)
    assert f"({everybody * (everybody - 1) // 2:,} pairs could have met" in said


def test_directions_count_the_posts_of_the_first(tmp_path: Path) -> None:
    rows = [
        f"{who}{campaign}{n},{who},,,,,{campaign * 90_000 + 10 * n},https://x.example/{campaign}"
        for campaign in range(8)
        for who, times in (("ann", 4), ("bob", 1))
        for n in range(times)
    ]
    file = table(tmp_path / "posts.csv", [*rows, *posts()])
    args = ("--trace", "co_link", "--window", "30s", "--directed", "-o")
    assert ties(file, *args, tmp_path / "t.parquet") == 0
    assert ties(file, *args, tmp_path / "t.graphml") == 0
    found = pl.read_parquet(tmp_path / "t.parquet")
    weights = {(a, b): n for a, b, n in found.select("left", "right", "co_actions").rows()}
    assert weights["ann", "bob"] == 32
    assert weights["bob", "ann"] == 8
    assert found.height == 2 * (6 + 1)
    assert nx.read_graphml(tmp_path / "t.graphml")["ann"]["bob"]["co_actions"] == 32


@pytest.mark.parametrize(("ending", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_graphs_hold_what_the_table_holds(
    file: Path, tmp_path: Path, ending: str, read: object
) -> None:
    for name in (f"a.{ending}", f"b.{ending}", "t.parquet"):
        assert ties(file, "-o", tmp_path / name) == 0
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    assert b"lastmodifieddate" not in (tmp_path / f"a.{ending}").read_bytes()
    graph = read(tmp_path / f"a.{ending}")  # type: ignore[operator]
    rows = pl.read_parquet(tmp_path / "t.parquet")
    assert not graph.is_directed()
    assert {tuple(sorted(edge)) for edge in graph.edges} == ends(rows)
    assert {d["traces"] for _, _, d in graph.edges(data=True)} == {"co_link"}
    weights = sorted(float(d["weight"]) for _, _, d in graph.edges(data=True))
    assert weights == pytest.approx(sorted(rows["weight"]))


def test_a_table_shows_the_traces_of_its_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {
        "r": lambda who, n: f"{who}r{n},{who},,o{n},,",
        "p": lambda who, n: f"{who}p{n},{who},,,o{n},",
        "t": lambda who, n: f"{who}t{n},{who},,,,these are seven words of text number {n}",
    }
    crowd = [(f"u{n % 50}", n, 1_000 * n) for n in range(20, 500)]
    pair = [(who, n, 50_000 * n + i) for n in range(12) for i, who in enumerate(("ann", "bob"))]
    rows = [f"{row(who, n)},{at}," for row in made.values() for who, n, at in crowd + pair]
    file = table(tmp_path / "posts.csv", [*rows, *posts()])
    assert ties(file, "-o", tmp_path / "t.csv", "--window", "1m") == 0
    rows_by_pair = {(r["left"], r["right"]): r for r in pl.read_csv(tmp_path / "t.csv").to_dicts()}
    assert rows_by_pair["ann", "bob"]["traces"] == "co_reply,co_repost,same_text"


def test_traces_that_need_more_than_a_column_read_the_rows_as_posts(tmp_path: Path) -> None:
    words = "all of these twelve words stand in the text that they post"
    pair = [(who, n, 50_000 * n + i) for n in range(12) for i, who in enumerate(("ann", "bob"))]
    rows = [f"{who}{n},{who},,,,{words} {n} {who},{at}," for who, n, at in pair]
    rows += [f"c{n},u{n % 50},,,,crowd {words} {n % 99} and on,{n * 999}," for n in range(500)]
    file = table(tmp_path / "posts.csv", [*rows, *posts()])
    out = tmp_path / "t.csv"
    assert ties(file, "-o", out, "--window", "1m", "--trace", "near_text") == 0
    assert ("ann", "bob") in ends(pl.read_csv(out))


def test_a_coortweet_table_shows_its_objects(tmp_path: Path) -> None:
    rows = [",".join([r.split(",")[i] for i in (7, 1, 0, 6)]) for r in posts()]
    file = table(tmp_path / "shares.csv", rows, COORTWEET)
    assert ties(file, "-o", tmp_path / "t.csv", "--window", "1m") == 0
    assert ends(pl.read_csv(tmp_path / "t.csv")) == ring_pairs()


def test_posts_of_x_are_read_as_they_are_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [
        record(
            n * 10 + i,
            minute=n * 97 + i / 60,
            user=user(i),
            entities={"urls": [{"expanded_url": f"https://x.example/{n}"}]},
        )
        for n in range(12)
        for i in (1, 2)
    ]
    file = write(tmp_path / "posts.jsonl", [*made, b"{broken"])
    out = tmp_path / "t.csv"
    assert ties(file, "-o", out, "--trace", "co_link", "--window", "1m", "--fdr", "1") == 0
    assert ends(pl.read_csv(out)) == {("x:1", "x:2")}
    said = capsys.readouterr().err
    assert "x-v1.1-jsonl, 25 records read" in said
    assert "1 dropped: " in said


@pytest.mark.parametrize("network", ["co_link", "co_tweet", "co_retweet", "co_similar_tweet"])
def test_parity_with_the_toolkit(tmp_path: Path, network: str) -> None:
    out, seen = tmp_path / "t.csv", tmp_path / "e.csv"
    args = ("--parity", "toolkit", "--trace", network, "--window", "7s", "--min-weight", "1")
    assert ties(
        HERE / "messages.csv", *args, "--similarity", "0.6", "-o", out, "--evidence", seen
    ) == 0  # fmt: skip
    text = {"user_1": pl.String, "user_2": pl.String}
    theirs = pl.read_csv(HERE / "edges.csv", schema_overrides=text)
    theirs = theirs.filter(pl.col("user_1") != pl.col("user_2"), network=network, window=7)
    found = pl.read_csv(out, schema_overrides=text)
    assert found.rows() == theirs.select("user_1", "user_2", "weight").rows()
    assert pl.read_csv(seen).height >= found.height // 2


def test_parity_with_coortweet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"o,ann,a{n},{n}" for n in (3, 4, 1, 0)] + ["o,bob,b,2", "p,ann,a9,50", "p,bob,b9,58"]
    file = table(tmp_path / "shares.csv", rows, COORTWEET)
    out, seen, people = (tmp_path / n for n in ("t.graphml", "e.csv", "a.csv"))
    args = ("--parity", "coortweet", "--min-participation", "1", "-o", out)
    assert ties(file, *args, "--evidence", seen, "--accounts", people) == 0
    assert nx.read_graphml(out)["ann"]["bob"]["weight"] == 5
    assert pl.read_csv(seen)["time_delta"].sort().to_list() == [1, 1, 2, 2, 8]
    assert pl.read_csv(people)["unique_shares_count"].to_list() == [5, 2]
    said = capsys.readouterr().err
    assert "5 pairs, 1 edges, 1 in" in said
    assert "edge_symmetry_score is another than in CooRTweet on 1 of these edges" in said
    fast = ("--fast-window", "1s", "--subgraph", "2", "--edge-weight", "0")
    assert ties(file, *args[:-1], tmp_path / "f.csv", *fast) == 0
    assert pl.read_csv(tmp_path / "f.csv").is_empty()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("-o", "t.txt"), "t.txt has no ending that says how to write it; there are .parquet"),
        (("-o", "t.csv", "--evidence", "e.graphml"), "there are .parquet or .csv"),
        (("-o", "none/t.csv"), "none is no folder"),
        (("-o", "t.csv", "--evidence", "t.csv"), "two of the files are one and the same"),
        (("-o", "posts.csv"), "two of the files are one and the same"),
        (("-o", "t.csv", "--window", "soon"), "'soon' is no window of time"),
        (("-o", "t.csv", "--window", "auto", "--window", "1m"), "name no others beside it"),
        (("-o", "t.csv", "--window", "auto", "--parity", "toolkit"), "goes with no --parity"),
        (("-o", "t.csv", "--window", "auto", "--trace", "co_reply"), "co_reply: there are no acts"),
        (("-o", "t.csv", "--trace", "co_hat"), "no trace 'co_hat'; there are"),
        (("-o", "t.csv", "--fdr", "2"), "--fdr is a share from 0 to 1"),
        (("-o", "t.csv", "--loops"), "--loops goes with --parity coortweet or --parity toolkit"),
        (("-o", "t.csv", "--method", "leiden"), "--method goes with --clusters FILE"),
        (
            ("-o", "t.csv", "--parity", "toolkit", "--fdr", "1"),
            "--fdr goes with no --parity",
        ),
        (("-o", "t.csv", "--parity", "toolkit", "--trace", "co_hat"), "no network 'co_hat'"),
        (
            ("-o", "t.csv", "--parity", "toolkit", "--window", "1s", "--window", "2s"),
            "with --parity --window is given once",
        ),
        (("-o", "t.csv", "--parity", "coortweet"), "reads tables of that tool"),
    ],
)
def test_what_makes_no_sense_is_refused_with_one_sentence(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(file.parent)
    before = sorted(file.parent.iterdir())
    assert ties("posts.csv", *args) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("sentinelmarket: ")
    assert says in said[0]
    assert sorted(file.parent.iterdir()) == before


def test_files_that_hold_no_posts_are_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = "Date,Open,High,Low,Close,Adj Close,Volume"
    prices = table(tmp_path / "prices.csv", ["2024-01-02,1,2,1,2,2,100"], columns)
    for files, says in (
        ((prices,), "holds prices; ties are made of posts"),
        ((file, prices), "one run reads one kind of file"),
        ((tmp_path / "none.csv",), "cannot be read"),
        ((table(tmp_path / "odd.csv", ["1,2"], "a,b"),), "is in no known format"),
    ):
        assert ties(*files, "-o", tmp_path / "t.csv") == 1
        assert says in capsys.readouterr().err


def test_nothing_heavy_is_imported_on_the_way(file: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from api.cli import main; code = main(sys.argv[1:]);"
        f" print(*[m for m in {HEAVY} if m in sys.modules], sep=',');"
        " import scipy.linalg; sys.exit(code)"  # hidden from numba, not from anybody else
    )
    args = ["ties", file, "--trace", "co_link", "-o", tmp_path / "t.parquet"]
    for more in ([], ["--parity", "toolkit"]):
        ran = subprocess.run(
            [sys.executable, "-c", code, *map(str, args + more)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=Path(__file__).parents[2],
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.strip() == ""


def test_the_page_on_switching_names_what_exists() -> None:
    text = (Path(__file__).parents[2] / "docs" / "switching.md").read_text(encoding="utf-8")
    assert len(typed(text)) >= 2
    assert not unknown(text)
    ours = argparse.ArgumentParser()
    COMMAND.arguments(ours)
    named = set(re.findall(r"--[a-z]+(?:-[a-z]+)*(?![\w-])", text)) - {"--format"}  # theirs
    assert len(named) >= 12
    assert named <= set(re.findall(r"--[a-z-]+", ours.format_help()))

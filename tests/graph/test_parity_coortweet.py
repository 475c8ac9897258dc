"""CooRTweet's rules: every table it gives on its own data, and small cases one can count by hand.

The tables under shared/data/oracle are the output of CooRTweet 2.1.3 on its Russian data set.
"""

from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graph.detection.parity.coortweet import SHARES, detect_groups, flag_speed_share
from graph.detection.parity.coortweet_network import account_stats, network, subgraph
from graph.errors import UsageError
from tests.conftest import data_file

# name of its tables → window in seconds, min_participation, loops kept, edges that the notes count
SETTINGS = {
    "tw10_mp2": (10, 2, False, 442),
    "tw60_mp2": (60, 2, False, 3_721),
    "tw300_mp2": (300, 2, False, 19_239),
    "tw10_mp5": (10, 5, False, 20),
    "tw10_mp5_keeploops": (10, 5, True, 27),
}
WRONG_THERE = ("n_content_id", "n_content_id_y", "edge_symmetry_score")


def shares(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Shares from (object, account, content, second) rows."""
    millis = [(o, a, c, int(s * 1000)) for o, a, c, s in rows]
    return pl.DataFrame(millis, schema=list(SHARES), orient="row")


@pytest.fixture(scope="module")
def russian() -> pl.DataFrame:
    read = pl.read_csv(data_file("cooRtweet_russian.csv.gz"))
    return read.with_columns((pl.col("timestamp_share") * 1000).alias("at")).select(SHARES)


def oracle(setting: str, table: str) -> pl.DataFrame:
    return pl.read_csv(data_file(f"oracle/ru_{setting}_{table}.csv.gz"), infer_schema_length=None)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_table_on_the_russian_set_is_the_same(russian: pl.DataFrame, setting: str) -> None:
    window, participation, loops, count = SETTINGS[setting]
    pairs = detect_groups(russian, window * 1000, participation, loops)
    edges = network(pairs)
    theirs = oracle(setting, "edges")
    assert edges.height == count
    assert_frame_equal(pairs, oracle(setting, "pairs"))
    right = [name for name in theirs.columns if name not in WRONG_THERE]
    assert_frame_equal(edges.select(right), theirs.select(right), abs_tol=1e-9, check_dtypes=False)
    accounts = oracle(setting, "accounts")
    named = ["account_id", "avg_time_delta", "unique_shares_count"]
    ours = account_stats(edges, pairs).select(named)
    assert_frame_equal(ours, accounts.select(named), abs_tol=1e-9, check_dtypes=False)


@pytest.mark.parametrize("setting", SETTINGS)
def test_where_we_differ_from_it_is_its_mixing_of_the_two_sides(
    russian: pl.DataFrame, setting: str
) -> None:
    """Counting older and newer contents instead of each account's gives its three columns back."""
    window, participation, loops, _ = SETTINGS[setting]
    pairs = detect_groups(russian, window * 1000, participation, loops)
    theirs = oracle(setting, "edges")
    mixed = (
        pairs.with_columns(
            low=pl.min_horizontal("account_id", "account_id_y"),
            high=pl.max_horizontal("account_id", "account_id_y"),
        )
        .group_by("low", "high", maintain_order=True)
        .agg(
            n_content_id=pl.col("content_id").n_unique().cast(pl.Int64),
            n_content_id_y=pl.col("content_id_y").n_unique().cast(pl.Int64),
        )
        .select("n_content_id", "n_content_id_y")
    )
    assert_frame_equal(mixed, theirs.select("n_content_id", "n_content_id_y"))
    edges = network(pairs)
    said = edges.select(edge_symmetry_score="edge_symmetry_score_coortweet")
    assert_frame_equal(said, theirs.select("edge_symmetry_score"), abs_tol=1e-9, check_dtypes=False)


def test_ten_of_the_repeated_edges_have_another_symmetry_at_five_minutes(
    russian: pl.DataFrame,
) -> None:
    edges = network(detect_groups(russian, 300_000))
    repeated = subgraph(edges, 1)
    differ = pl.col("edge_symmetry_score") != pl.col("edge_symmetry_score_coortweet")
    assert repeated.height == 505
    assert repeated.filter(differ).height == edges.filter(differ).height == 10


def test_the_fast_net_and_its_subgraphs(russian: pl.DataFrame) -> None:
    pairs = detect_groups(russian, 60_000)
    flagged = flag_speed_share(russian, pairs, 10_000)
    edges = network(flagged)
    assert flagged["fast"].sum() == 447
    assert (edges.height, edges["weight_fast"].count()) == (3_721, 442)
    assert edges["weight_threshold_full"].sum() == 60
    assert edges["weight_threshold_fast"].sum() == 4
    assert nodes_and_edges(subgraph(edges, 2)) == (8, 4)
    assert nodes_and_edges(subgraph(edges, 3)) == (70, 112)
    assert nodes_and_edges(subgraph(network(pairs), 1)) == (94, 60)


def nodes_and_edges(edges: pl.DataFrame) -> tuple[int, int]:
    return pl.concat([edges["from"], edges["to"]]).n_unique(), edges.height


def test_a_pair_is_the_older_share_and_the_newer_one_window_included() -> None:
    rows = shares(("o", "bob", "b1", 10), ("o", "ann", "a1", 0), ("p", "bob", "b2", 0.25))
    found = detect_groups(rows, 10_000, 1)
    assert found.rows() == [("o", "a1", "b1", 10, "ann", "bob")]
    assert detect_groups(rows, 9_999, 1).is_empty()


def test_parts_of_a_second_stay() -> None:
    rows = shares(("o", "ann", "a", 0), ("o", "bob", "b", 1.5))
    assert detect_groups(rows, 2_000, 1)["time_delta"].to_list() == [1.5]


def test_who_takes_part_too_rarely_survives_beside_one_who_does() -> None:
    """The second filter keeps a pair for either side: `cat` has one paired row, `ann` two."""
    rows = shares(
        ("o", "ann", "a1", 0),
        ("o", "bob", "b1", 1),
        ("p", "ann", "a2", 100),
        ("p", "cat", "c1", 101),
        ("q", "cat", "c2", 900),
        ("r", "bob", "b2", 900),
        ("s", "dan", "d1", 0),
    )
    found = detect_groups(rows, 10_000, 2)
    assert found["content_id_y"].to_list() == ["b1", "c1"]
    apart = rows.filter(pl.col("content_id") != "a2")
    assert detect_groups(apart, 10_000, 2).is_empty()


def test_loops_are_left_out_unless_asked_for() -> None:
    rows = shares(
        ("o", "ann", "a1", 0), ("o", "ann", "a2", 1), ("o", "bob", "o", 2), ("o", "cat", "a1", 3)
    )
    assert detect_groups(rows, 10_000, 1).select("content_id", "content_id_y").rows() == [
        ("a2", "a1")
    ]
    assert detect_groups(rows, 10_000, 1, loops=True).height == 6


def test_four_posts_against_one_are_a_quarter_symmetric() -> None:
    """The case that CooRTweet's documentation names: it gives 1.00 itself."""
    rows = shares(*(("o", "ann", f"a{i}", i) for i in (0, 1, 3, 4)), ("o", "bob", "b", 2))
    rows = rows.sort("content_id", descending=True)
    edge = network(detect_groups(rows, 10_000, 1)).row(0, named=True)
    counts = {edge["from"]: edge["n_content_id"], edge["to"]: edge["n_content_id_y"]}
    assert counts == {"ann": 4, "bob": 1}
    assert edge["weight"] == 4
    assert edge["edge_symmetry_score"] == 0.25
    assert edge["edge_symmetry_score_coortweet"] == 1.0


def test_the_threshold_is_strictly_above_the_quantile() -> None:
    rows = shares(
        *(("o", who, f"{who}1", 0) for who in ("ann", "bob")),
        *(("p", who, f"{who}2", 100) for who in ("ann", "bob", "cat")),
    )
    pairs = detect_groups(rows, 10_000, 1)
    marked = {
        quantile: dict(network(pairs, quantile).select("weight", "weight_threshold").rows())
        for quantile in (0.0, 0.5, 1.0)
    }
    assert marked == {0.0: {2: 1, 1: 0}, 0.5: {2: 1, 1: 0}, 1.0: {2: 0, 1: 0}}


def test_the_context_of_a_fast_edge_is_whoever_is_next_to_it() -> None:
    """Threshold 0: past the smallest fast weight is `ann`-`bob` alone; `cat` met bob slowly."""
    rows = shares(
        *((o, who, f"{who}{o}", at) for o, at in (("o", 0), ("p", 100)) for who in ("ann", "bob")),
        ("q", "eve", "e", 200),
        ("q", "fay", "f", 200),
        ("r", "bob", "br", 300),
        ("r", "cat", "cr", 330),
        ("s", "cat", "cs", 400),
        ("s", "dan", "ds", 430),
    )
    pairs = flag_speed_share(rows, detect_groups(rows, 60_000, 1), 10_000, 1)
    edges = network(pairs, 0.0)

    def ends(which: int) -> list[tuple[str, str]]:
        return subgraph(edges, which).select("from", "to").rows()

    assert ends(2) == [("ann", "bob")]
    assert ends(3) == [("ann", "bob"), ("bob", "cat")]
    assert edges["weight_fast"].to_list() == [2, None, 1, None]


def test_no_shares_make_no_network() -> None:
    pairs = detect_groups(shares(), 10_000)
    assert pairs.is_empty()
    assert network(pairs).is_empty()
    assert account_stats(network(pairs), pairs).is_empty()


def test_what_cannot_be_asked_for_is_refused() -> None:
    rows = shares(("o", "ann", "a", 0), ("o", "bob", "b", 1))
    pairs = detect_groups(rows, 10_000, 1)
    with pytest.raises(UsageError, match="quantile from 0 to 1"):
        network(pairs, 1.5)
    with pytest.raises(UsageError, match="2 and 3 with"):
        subgraph(network(pairs), 2)
    fast = flag_speed_share(rows, pairs, 1_000, 1)
    with pytest.raises(UsageError, match="0 and 1 go without"):
        subgraph(network(fast), 1)


ROWS = st.lists(
    st.tuples(
        st.sampled_from("opq"), st.sampled_from("abc"), st.sampled_from("uvwxyz"), st.integers(0, 9)
    ),
    max_size=14,
)


@settings(deadline=None)
@given(rows=ROWS, window=st.integers(0, 5), least=st.integers(1, 4), loops=st.booleans())
def test_pairs_are_those_of_plain_python(
    rows: list[tuple[str, str, str, int]], window: int, least: int, loops: bool
) -> None:
    found = detect_groups(shares(*rows), window * 1000, least, loops)
    pairs = found.select("object_id", "time_delta", "account_id", "account_id_y")
    sides = zip(found["content_id"], found["content_id_y"], strict=True)
    ours = sorted(
        (o, dt, *sorted([(a, c), (b, d)]))
        for (o, dt, a, b), (c, d) in zip(pairs.rows(), sides, strict=True)
    )
    assert ours == sorted(plain(rows, window, least, loops))


def plain(
    rows: list[tuple[str, str, str, int]], window: int, least: int, loops: bool
) -> list[tuple[str, int, tuple[str, str], tuple[str, str]]]:
    """The documented rules, pair by pair."""
    often = [r for r in rows if sum(s[1] == r[1] for s in rows) >= least]
    met = [
        (one, two)
        for one, two in combinations(often, 2)
        if one[0] == two[0]
        and abs(one[3] - two[3]) <= window
        and (loops or (one[1] != two[1] and len({one[0], one[2], two[2]}) == 3))
    ]
    paired = {row[2] for pair in met for row in pair}
    active = [r for r in rows if r[2] in paired]
    kept = {r[2] for r in active if sum(s[1] == r[1] for s in active) >= least}
    return [
        (one[0], abs(one[3] - two[3]), *sorted([(one[1], one[2]), (two[1], two[2])]))  # type: ignore[misc]
        for one, two in met
        if one[2] in kept or two[2] in kept
    ]

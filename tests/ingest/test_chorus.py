"""What makes a chorus, and what does not."""

from __future__ import annotations

import polars as pl

from ingest.market.chorus import FEED, NEW, WINDOW, chorus, uses, without_feeds, without_news

Row = tuple[str, int, str, str, list[str]]


def posts(rows: list[Row]) -> pl.DataFrame:
    schema = {
        "ticker": pl.String,
        "session": pl.Int64,
        "account": pl.String,
        "text": pl.String,
        "links": pl.List(pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def sung(rows: list[Row]) -> dict[tuple[str, int], tuple[int, str]]:
    found = chorus(uses(posts(rows)))
    return {(t, s): (n, thing) for t, s, n, thing in found.iter_rows()}


def test_three_accounts_with_one_new_word_are_a_chorus_of_three() -> None:
    rows: list[Row] = [("QX", 30 + n, f"x:{n}", f"${n}QX flarbo {n}", []) for n in range(3)]
    found = sung(rows)
    assert ("QX", 31) not in found
    assert found["QX", 32] == (3, "flarbo")


def test_it_lasts_as_long_as_the_window_sees_three() -> None:
    found = sung([("QX", 30, f"x:{n}", "flarbo", []) for n in range(3)])
    assert {session for _, session in found} == set(range(30, 30 + WINDOW))


def test_one_account_that_repeats_itself_is_none() -> None:
    assert not sung([("QX", 30, "x:1", "flarbo flarbo", []) for _ in range(5)])


def test_a_link_and_a_whole_text_are_things_too() -> None:
    link = sung([("QX", 30, f"x:{n}", f"w{n}", ["https://a.example/1"]) for n in range(3)])
    assert link["QX", 30] == (3, "https://a.example/1")
    text = sung([("QX", 30, f"x:{n}", "up we go!", []) for n in range(3)])
    assert text["QX", 30] == (3, "text up we go")


def test_who_shares_any_of_several_links_sings_along_but_words_do_not_add_up() -> None:
    links: list[Row] = [
        ("QX", 30, f"x:{n}", f"w{n}", [f"https://a.example/{n % 2}"]) for n in range(7)
    ]
    assert sung(links)["QX", 30] == (7, "https://a.example/0")
    words: list[Row] = [
        ("QX", 30, f"x:{n}", ("flarbo", "griznak")[n % 2] + f" w{n}", []) for n in range(7)
    ]
    assert sung(words)["QX", 30] == (4, "flarbo")


def test_what_was_said_of_the_stock_before_is_not_new() -> None:
    before: list[Row] = [("QX", 30 - WINDOW - NEW + 1, "x:9", "flarbo", [])]
    rows: list[Row] = [("QX", 30, f"x:{n}", "flarbo", []) for n in range(3)]
    assert ("QX", 30) not in sung(before + rows)
    long_ago: list[Row] = [("QX", 30 - WINDOW - NEW, "x:9", "flarbo", [])]
    assert ("QX", 30) in sung(long_ago + rows)


def test_what_is_said_of_other_stocks_as_well_is_not_its_own() -> None:
    rows: list[Row] = [("QX", 30, f"x:{n}", "flarbo", []) for n in range(3)]
    one: list[Row] = [("ZY", 30, "x:8", "flarbo", [])]
    two: list[Row] = [*one, ("ZZ", 29, "x:9", "flarbo", [])]
    assert ("QX", 30) in sung(rows + one)
    assert ("QX", 30) not in sung(rows + two)


def test_short_words_numbers_and_cashtags_are_no_things() -> None:
    assert not sung([("QX", 30, f"x:{n}", f"$QXAB up 1234 {n}", []) for n in range(3)])


def test_a_feed_is_not_heard() -> None:
    many = [(f"S{n}", 30 - n % 5, "x:feed") for n in range(FEED)]
    few = [(f"S{n}", 30 - n % 5, "x:fan") for n in range(FEED - 1)]
    rows = pl.DataFrame(many + few, schema=["ticker", "session", "account"], orient="row")
    heard = without_feeds(rows.cast({"session": pl.Int64}))
    assert "x:fan" in set(heard["account"])
    # It becomes one in the session in which it names the last of so many.
    assert heard.filter(account="x:feed")["session"].max() < 30  # type: ignore[operator]


def test_what_the_news_said_before_is_the_newspapers() -> None:
    rows: list[Row] = [("QX", 30 + n, f"x:{n}", "Flarbo bid", []) for n in range(3)]
    for session, heard in ((31, 1), (30, 0), (33, 3)):
        news = uses(posts([("QX", session, "news", "flarbo told of a sale", [])]))
        left = without_news(uses(posts(rows)), news)
        assert left.filter(thing="flarbo").height == heard
    other = uses(posts([("ZY", 30, "news", "flarbo told of a sale", [])]))
    assert without_news(uses(posts(rows)), other).filter(thing="flarbo").height == 3


def test_later_posts_move_nothing_earlier() -> None:
    past: list[Row] = [("QX", 30 + n % 3, f"x:{n}", f"flarbo w{n % 4}abc", []) for n in range(12)]
    later: list[Row] = [(t, 33 + n, f"y:{n}", "flarbo", []) for t in ("QX", "ZY") for n in range(9)]
    before = {key: value for key, value in sung(past).items() if key[1] <= 32}
    after = {key: value for key, value in sung(past + later).items() if key[1] <= 32}
    assert before == after
    assert before

"""Accounts that speak with one voice about a stock, though no two of them may be tied.

Twelve accounts that each use one new phrase about a thin stock share one act: no pair of them is
unlikely, the twelve together are. Voices (voices.py) about one stock whose accounts overlap, by at
least TWO and a third of the smaller, are one *choir*; its members are all who sing in it. A ring
has several phrases and pages and each member uses some, so voices hang together through those who
use two. Who shares an echo with a singer, a phrase that nobody else ever used, joins too; nobody
joins through somebody who only joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.detection.observed import Observed
from graph.detection.voices import voices
from graph.model import Voice

SMALLEST = 5  # members
TWO, OVERLAP = 2, 1 / 3
MINE = 0.5  # of a community, from which it is the choir's
SHOWN = 20  # voices of a choir that are kept


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that a cluster is made of, sorted; if it sings, of which stocks, in which posts."""

    accounts: tuple[str, ...]
    tickers: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    voices: tuple[Voice, ...] = ()


@dataclass(frozen=True, slots=True)
class Choir:
    """Who sings of a stock, in which posts, and what: the surest voices first."""

    ticker: str
    accounts: frozenset[str]
    posts: frozenset[str]
    voices: tuple[Voice, ...]


def choirs(observed: Observed) -> list[Choir]:
    """All choirs of at least SMALLEST accounts, by stock and members."""
    found, used = voices(observed)
    if found.is_empty():
        return []
    sung = used.group_by("voice").agg(pl.col("account").unique().sort(), pl.col("post").unique())
    rows = found.join(sung, on="voice", maintain_order="left")
    core = _distinct(rows.filter(~pl.col("echo")))
    if core.is_empty():
        return []
    core = core.with_columns(part=_together(core))
    joining = _joining(core, rows.filter("echo"))
    made = [
        _choir(part, joining.get(part["part"][0]))
        for part in core.partition_by("part", maintain_order=True)
    ]
    large = [one for one in made if len(one.accounts) >= SMALLEST]
    return sorted(large, key=lambda one: (one.ticker, sorted(one.accounts)))


def _joining(core: pl.DataFrame, echoes: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Choir -> account and post of the echoes that one of its singers shares."""
    singers = core.select("part", "ticker", "account").explode("account").unique()
    each = echoes.select("voice", "ticker", "account").explode("account")
    heard = each.join(singers, on=["ticker", "account"]).select("part", "voice").unique()
    told = heard.join(echoes.select("voice", "account", "post"), on="voice")
    return {int(part): rows for (part,), rows in told.partition_by("part", as_dict=True).items()}


def with_choirs(
    parts: Sequence[Sequence[str]], sung: Sequence[Choir], observed: Observed
) -> list[Group]:
    """Communities and choirs as groups, by accounts. An account may be in several.

    A community of which a choir holds at least MINE is the choir's: those of it that name the stock
    join, and it is no group of its own. Choirs of the same accounts about several stocks are one.
    """
    members = [set(choir.accounts) for choir in sung]
    holds: dict[str, set[int]] = {}
    for n, choir in enumerate(sung):
        for account in choir.accounts:
            holds.setdefault(account, set()).add(n)
    naming = _naming(observed, {choir.ticker for choir in sung})
    loose = []
    for part in parts:
        shared = Counter(n for account in part for n in holds.get(account, ()))
        home, most = min(shared.items(), key=lambda item: (-item[1], item[0]), default=(0, 0))
        if most and most >= MINE * len(part):
            members[home].update(naming[sung[home].ticker] & set(part))
        else:
            loose.append(Group(tuple(sorted(part))))
    same: dict[tuple[str, ...], list[Choir]] = {}
    for choir, accounts in zip(sung, members, strict=True):
        same.setdefault(tuple(sorted(accounts)), []).append(choir)
    return sorted([*loose, *(_group(*one) for one in same.items())], key=lambda g: g.accounts)


def _naming(observed: Observed, tickers: Collection[str]) -> dict[str, set[str]]:
    """Stock -> the accounts that name it."""
    named = observed.named.filter(pl.col("ticker").is_in(sorted(tickers)))
    rows = named.join(observed.posts.select("post", "account"), on="post")
    found: dict[str, set[str]] = {ticker: set() for ticker in tickers}
    for ticker, account in rows.select("ticker", "account").unique().iter_rows():
        found[ticker].add(account)
    return found


def _group(accounts: tuple[str, ...], sung: Sequence[Choir]) -> Group:
    ordered = sorted(
        (voice for choir in sung for voice in choir.voices),
        key=lambda v: (v.p_value, -v.accounts, v.what),
    )
    return Group(
        accounts,
        frozenset(choir.ticker for choir in sung),
        frozenset().union(*(choir.posts for choir in sung)),
        tuple(ordered[:SHOWN]),
    )


def _distinct(rows: pl.DataFrame) -> pl.DataFrame:
    """One voice for those of one stock and kind that the same accounts sing: runs of one text."""
    first = rows.sort("p_value", "first_at", "voice").with_columns(
        key=pl.concat_str("ticker", "kind", pl.col("account").list.join(" "), separator=" ")
    )
    return first.group_by("key", maintain_order=True).agg(
        pl.col("voice", "ticker", "kind", "what", "accounts", "p_value", "account").first(),
        pl.col("first_at").min(),
        pl.col("last_at").max(),
        pl.col("post").list.explode().unique(),
    )


def _together(rows: pl.DataFrame) -> pl.Series:
    """The choir of each voice, as a number."""
    from scipy import sparse  # a fifth of a second
    from scipy.sparse.csgraph import connected_components

    who = rows.select("ticker", "account").with_row_index("row").explode("account")
    who = who.select("row", singer=pl.concat_str("ticker", "account", separator=" "))
    column = who["singer"].rank("dense").to_numpy().astype(np.int64) - 1
    shape = (rows.height, int(column.max()) + 1)
    ones = np.ones(len(column), dtype=np.int32)
    sings = sparse.csr_matrix((ones, (who["row"].to_numpy(), column)), shape=shape)
    shared = sparse.coo_matrix(sings @ sings.T)
    size = np.asarray(sings.sum(axis=1)).ravel()
    least = np.maximum(TWO, OVERLAP * np.minimum(size[shared.row], size[shared.col]))
    near = shared.data >= least
    links = sparse.coo_matrix(
        (shared.data[near], (shared.row[near], shared.col[near])), shape=shared.shape
    )
    return pl.Series(connected_components(links, directed=False)[1].astype(np.int64))


def _choir(rows: pl.DataFrame, joining: pl.DataFrame | None) -> Choir:
    ordered = rows.sort("p_value", "accounts", "what", descending=[False, True, False])
    sung = (
        Voice(r["kind"], r["what"], r["accounts"], r["first_at"], r["last_at"], r["p_value"])
        for r in ordered.head(SHOWN).iter_rows(named=True)
    )
    all_of_it = [rows] if joining is None else [rows, joining]
    who, where = (
        frozenset(one for frame in all_of_it for one in frame[column].list.explode())
        for column in ("account", "post")
    )
    return Choir(str(rows["ticker"][0]), who, where, tuple(sung))

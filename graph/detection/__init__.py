"""From posts to ties to clusters, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from graph.detection.acts import encode
from graph.detection.clusters import clusters
from graph.detection.communities import Partition, communities
from graph.detection.crowd import with_crowds
from graph.detection.groups import group
from graph.detection.grow import WEAKEST, grow
from graph.detection.observed import Observed
from graph.detection.stability import stable_resolution
from graph.detection.ties import Question, as_ties, tables
from graph.detection.traces import PLAIN, near_text, same_meaning
from graph.detection.traces.same_text import acts as text_acts
from graph.detection.traces.same_text import texts
from graph.detection.traces.trace import Trace
from graph.embedding import Embedder
from graph.model import Cluster, Tie
from graph.store import Progress
from graph.windows import DAY, millis


@dataclass(frozen=True, slots=True)
class Settings:
    """What an analyst may choose. Changing any of it changes the run's id.

    `resolution` None: the most stable one (stability.py), which Found then states.
    """

    min_weight: float = 2.5
    method: str = "leiden"
    resolution: float | None = 1.0
    stratum_days: int = 30
    meaning: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Ties, strongest first, and clusters, heaviest first; `too_popular` episodes were left out."""

    ties: tuple[Tie, ...]
    clusters: tuple[Cluster, ...]
    too_popular: int
    resolution: float = 1.0


def detect(
    observed: Observed,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Found:
    """Everything from posts to clusters. Without an embedder, same_meaning is not looked for."""
    settings = settings or Settings()
    report = progress or (lambda step, done, total: None)
    asked = questions(observed, settings, embedder, report)
    found = tables(
        asked,
        _accounts(observed),
        settings.stratum_days * DAY,
        active=_active(observed),
        keep=10**-WEAKEST,
        progress=report,
    )
    ties = as_ties(found)
    resolution = _resolution(ties, settings)
    parts, ties = _parts(ties, replace(settings, resolution=resolution))
    return Found(ties, clusters(parts, ties, observed), found.too_popular, resolution)


def questions(
    observed: Observed, settings: Settings, embedder: Embedder | None, report: Progress
) -> list[Question]:
    """What is asked of the posts: each trace in each of its windows, most telling first."""
    traces = [*_text_traces(observed, settings, embedder, report), *((t, None) for t in PLAIN)]
    accounts = _accounts(observed)
    asked = []
    for trace, near in traces:
        acts = encode(trace.acts(observed), accounts)
        asked += [Question(trace.name, window, acts, near) for window in trace.windows]
    return sorted(asked, key=lambda q: (_TELLING.index(q.trace), millis(q.window)))


def _resolution(ties: tuple[Tie, ...], settings: Settings) -> float:
    if settings.resolution is not None:
        return settings.resolution
    strong = [tie for tie in ties if tie.weight >= settings.min_weight]
    return stable_resolution(strong, settings.method).resolution


def _parts(ties: tuple[Tie, ...], settings: Settings) -> tuple[Partition, tuple[Tie, ...]]:
    """Communities of strong ties, grown by weak ones, and crowds; and the ties strong or inside."""
    strong = [t for t in ties if t.weight >= settings.min_weight]
    resolution = settings.resolution or 1.0
    found = partial(communities, method=settings.method, resolution=resolution)
    parts = with_crowds(grow(found(strong), ties), ties, settings.min_weight, found)
    home = {account: n for n, part in enumerate(parts) for account in part}
    inside = (home.get(t.left, -1) == home.get(t.right, -2) for t in ties)
    kept = zip(ties, inside, strict=True)
    return parts, tuple(t for t, within in kept if within or t.weight >= settings.min_weight)


def _text_traces(
    observed: Observed, settings: Settings, embedder: Embedder | None, report: Progress
) -> list[tuple[Trace, pl.DataFrame | None]]:
    """near_text counts copies too, and same_meaning near copies too. Each contains the one before,
    and a pair is judged by the best of the three, not by their sum."""
    report("comparing texts", 0, 1)
    near = near_text.neighbours(texts(observed))
    traces: list[tuple[Trace, pl.DataFrame | None]] = [
        (_grouped("near_text", "posted nearly the same text", ("10m", "7d"), near), near)
    ]
    if embedder is not None and settings.meaning:
        alike = same_meaning.neighbours(observed, embedder.cheap, embedder.exact)
        alike = pl.concat([near, alike]).unique()
        traces.append(
            (
                _grouped(
                    "same_meaning", "said the same in other words", (same_meaning.WINDOW,), alike
                ),
                alike,
            )
        )
    return traces


def _grouped(name: str, says: str, windows: tuple[str, ...], near: pl.DataFrame) -> Trace:
    return Trace(name, says, windows, lambda observed: group(text_acts(observed), near))


# The narrowest trace names a co-action that several traces saw.
_TELLING = ("same_text", "near_text", "same_meaning", "co_link", "co_ticker")


def _accounts(observed: Observed) -> pl.Series:
    """Every account that posted, sorted: what all traces' codes refer to."""
    return observed.posts["account"].unique().sort()


def _active(observed: Observed) -> int:
    """Accounts that posted anything of their own."""
    return observed.posts.filter(pl.col("repost_of").is_null())["account"].n_unique()

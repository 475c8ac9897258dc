"""From posts to ties to clusters, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from graph.detection import compiled as compiled  # first, for what it does
from graph.detection.asking import DEFAULT, accounts_of, questions
from graph.detection.choirs import Choir, Group, choirs, with_choirs
from graph.detection.clusters import clusters
from graph.detection.communities import Partition, communities
from graph.detection.crowd import with_crowds
from graph.detection.grow import grow
from graph.detection.lines import Lines, lines
from graph.detection.observed import Observed
from graph.detection.observed import active as _active
from graph.detection.stability import stable_resolution
from graph.detection.ties import Tables, as_ties, tables
from graph.embedding import Embedder
from graph.model import Cluster, Tie
from graph.store import Progress
from graph.windows import DAY


@dataclass(frozen=True, slots=True)
class Settings:
    """What an analyst may choose. Changing any of it changes the run's id.

    `min_weight` None: a line that grows with the accounts (lines.py). `resolution` None: the most
    stable one (stability.py). Found states either.
    """

    min_weight: float | None = None
    method: str = "leiden"
    resolution: float | None = 1.0
    stratum_days: int = 30
    meaning: bool = True
    traces: tuple[str, ...] = DEFAULT
    choirs: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Ties, strongest first, and clusters, heaviest first; `too_popular` episodes were left out.

    `min_weight`: from which weight a tie was strong.
    """

    ties: tuple[Tie, ...]
    clusters: tuple[Cluster, ...]
    too_popular: int
    resolution: float = 1.0
    min_weight: float = 0.0


def detect(
    observed: Observed,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Found:
    """Everything from posts to clusters. Without an embedder, same_meaning is not looked for."""
    settings = settings or Settings()
    report = progress or (lambda step, done, total: None)
    reader = embedder if settings.meaning else None
    asked = questions(observed, settings.traces, reader, progress=report)
    if not asked:
        line = lines(_active(observed), settings.min_weight)
        return Found((), (), 0, settings.resolution or 1.0, line.strong)
    found = tables(
        asked,
        accounts_of(observed),
        settings.stratum_days * DAY,
        active=_active(observed),
        keep=largest_p(observed, settings),
        progress=report,
    )
    report("listening for choirs", 0, 1)
    return grouped(found, observed, settings, choirs(observed) if settings.choirs else ())


def largest_p(observed: Observed, settings: Settings) -> float:
    """The largest combined p of a tie that can have a part in a cluster."""
    line = lines(_active(observed), settings.min_weight)
    return float(10 ** -min(line.weakest, line.crowd))


def grouped(
    found: Tables, observed: Observed, settings: Settings, sung: Sequence[Choir] = ()
) -> Found:
    """Clusters of the ties among `observed`, which were kept up to `largest_p`, and of choirs."""
    active = _active(observed)
    line = lines(active, settings.min_weight)
    ties = as_ties(found)
    resolution = _resolution(ties, settings, line)
    found_by = partial(communities, method=settings.method, resolution=resolution)
    parts = _parts(ties, line, found_by, active)
    groups = with_choirs(parts, sung, observed)
    ties = _kept(ties, groups, line)
    made = clusters(groups, ties, observed, active)
    return Found(ties, made, found.too_popular, resolution, line.strong)


def _resolution(ties: tuple[Tie, ...], settings: Settings, line: Lines) -> float:
    if settings.resolution is not None:
        return settings.resolution
    strong = [tie for tie in ties if tie.weight >= line.strong]
    return stable_resolution(strong, settings.method).resolution


def _parts(
    ties: tuple[Tie, ...],
    line: Lines,
    found: Callable[[Sequence[Tie]], Partition],
    active: int,
) -> Partition:
    """Communities of strong ties, grown by weak ones, and crowds."""
    strong = [t for t in ties if t.weight >= line.strong]
    joining = [t for t in ties if t.weight >= line.weakest]
    return with_crowds(grow(found(strong), joining), ties, line.crowd, found, active)


def _kept(ties: tuple[Tie, ...], groups: Sequence[Group], line: Lines) -> tuple[Tie, ...]:
    """The ties that are strong or inside a group."""
    homes: dict[str, set[int]] = {}
    for n, group in enumerate(groups):
        for account in group.accounts:
            homes.setdefault(account, set()).add(n)
    nowhere: set[int] = set()
    inside = (not homes.get(t.left, nowhere).isdisjoint(homes.get(t.right, nowhere)) for t in ties)
    kept = zip(ties, inside, strict=True)
    return tuple(t for t, within in kept if within or t.weight >= line.strong)

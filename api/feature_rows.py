"""What a run measured and scored, kept as Parquet under the home: features/RUN/.

`clusters.parquet` and `stocks.parquet` have a row a subject: id, the measures by name in natural
units, probability, score. What makes a run again (as of when, what was chosen, which version of the
features) and how far it drifted stand in each file's head. The graph keeps the newest run only;
these rows stay until somebody deletes the folder. They hold no account and no post.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from gnn import drift
from gnn.dataset import Table
from gnn.measure import SCHEMA, Features
from gnn.score import Scorer
from gnn.train import stock_matrix
from graph import detection
from graph.errors import SourceRefused, UsageError
from graph.model import Millis, Risk
from graph.publish import RunRow

FOLDER = "features"
KINDS = ("clusters", "stocks")
HEAD = b"sentinelmarket"
_SCORED = ("probability", "score")


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of subject: features, with a probability and a score for each. float64 [ids]."""

    features: Features
    probability: tuple[float, ...]
    score: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a run measured, and what makes it again. `schema` is the version of the features."""

    run: str
    as_of: Millis
    schema: int
    model: str
    choices: Mapping[str, Any]  # of detection.Settings, as they were given
    official: tuple[str, ...]
    clusters: Measured
    stocks: Measured
    drift: Mapping[str, Mapping[str, float]] | None = None  # PSI; None: the model knows no edges
    drifted: str | None = None  # the sentence about it, where there is one

    @property
    def settings(self) -> detection.Settings:
        """What was chosen, as a run takes it."""
        return detection.Settings(**{**self.choices, "traces": tuple(self.choices["traces"])})

    @property
    def told(self) -> str:
        """The run in a few words."""
        parts = (
            f"{len(of.features.ids):,} {kind} of {len(of.features.names)} measures"
            for kind, of in zip(KINDS, (self.clusters, self.stocks), strict=True)
        )
        moment = datetime.fromtimestamp(self.as_of / 1000, UTC)
        return f"{' and '.join(parts)}, run {self.run} as of {moment:%Y-%m-%d %H:%M:%S} UTC"


def rows_of(
    run: RunRow,
    table: Table,
    risks: Mapping[str, Risk],
    stock_risks: Mapping[str, Risk],
    scorer: Scorer,
    choices: detection.Settings,
    official: Collection[str],
) -> Rows:
    """The rows of a run, with the drift against what its model learnt from."""
    clusters, stocks = measured_of(table, risks, stock_risks)
    learnt = scorer.model.about.get("edges", {})
    found = drift.psi(learnt, clusters.features, stocks.features, clusters.score)
    return Rows(
        run=run.id,
        as_of=run.as_of,
        schema=SCHEMA,
        model=run.model,
        choices=asdict(choices),
        official=tuple(sorted(official)),
        clusters=clusters,
        stocks=stocks,
        drift=_by_kind(found) if learnt else None,
        drifted=drift.said(found, known=bool(learnt)),
    )


def measured_of(
    table: Table, risks: Mapping[str, Risk], stock_risks: Mapping[str, Risk]
) -> tuple[Measured, Measured]:
    """Clusters and stocks, these with the measure that a model fills: the risk of their clusters.

    Risks are keyed by cluster id and by ticker, and there must be one of each.
    """
    clusters = _measured(table.clusters, risks)
    filled = stock_matrix(table, np.array(clusters.probability))
    stocks = Features(table.stocks.ids, table.stocks.names, filled)
    return clusters, _measured(stocks, stock_risks)


def keep(home: Path, rows: Rows) -> Path:
    """Writes a run's rows; the same run again gives the same bytes. A killed one leaves no half of
    a file. Returns the folder."""
    folder = home / FOLDER / rows.run
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        ready = folder / f"{kind}.parquet"
        part = ready.with_name(f".{ready.name}.{os.getpid()}")
        pq.write_table(_table(rows, getattr(rows, kind)), part)
        part.replace(ready)
    return folder


def kept(home: Path) -> list[str]:
    """The runs whose rows are kept, by id."""
    return sorted(path.parent.name for path in (home / FOLDER).glob(f"*/{KINDS[-1]}.parquet"))


def read(home: Path, run: str) -> Rows:
    """The rows of a run. Raises UsageError where none are kept, SourceRefused for files that are
    damaged or of two runs."""
    if run not in kept(home):
        known = ", ".join(kept(home)[:5]) or "none; `sentinelmarket run` keeps them"
        raise UsageError(f"no rows of a run {run!r} are kept; there are {known}")
    folder = home / FOLDER / run
    try:
        tables = [pq.read_table(folder / f"{kind}.parquet") for kind in KINDS]
        heads = [orjson.loads(table.schema.metadata[HEAD]) for table in tables]
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise SourceRefused(
            f"{folder} is damaged ({error}); delete it and `sentinelmarket run` again"
        ) from None
    if heads[0] != heads[1] or heads[0]["run"] != run:
        raise SourceRefused(f"{folder} holds rows of another run; delete it and run again")
    clusters, stocks = map(_back, tables)
    head = {**heads[0], "official": tuple(heads[0]["official"])}
    return Rows(**head, clusters=clusters, stocks=stocks)


def _measured(features: Features, risks: Mapping[str, Risk]) -> Measured:
    known = [risks[id] for id in features.ids]
    return Measured(
        features,
        tuple(float(risk.probability) for risk in known),
        tuple(float(risk.score) for risk in known),
    )


def _by_kind(found: Sequence[drift.Drift]) -> dict[str, dict[str, float]]:
    kinds = dict.fromkeys(one.of for one in found)
    return {of: {one.name: one.psi for one in found if one.of == of} for of in kinds}


def _table(rows: Rows, of: Measured) -> pa.Table:
    columns: dict[str, Any] = {"id": pa.array(of.features.ids, pa.string())}
    for at, name in enumerate(of.features.names):
        columns[name] = pa.array(of.features.matrix[:, at], pa.float64())
    for name in _SCORED:
        columns[name] = pa.array(getattr(of, name), pa.float64())
    head = {name: getattr(rows, name) for name in Rows.__dataclass_fields__ if name not in KINDS}
    return pa.table(columns).replace_schema_metadata({HEAD: orjson.dumps(head)})


def _back(table: pa.Table) -> Measured:
    ids = tuple(table["id"].to_pylist())
    names = tuple(name for name in table.column_names if name not in ("id", *_SCORED))
    parts = [table[name].to_numpy() for name in names]
    matrix = np.stack(parts, axis=1) if ids else np.zeros((0, len(names)))
    probability, score = (tuple(table[name].to_pylist()) for name in _SCORED)
    return Measured(Features(ids, names, matrix), probability, score)

"""Trains the models on planted markets and judges them on others.

Markets of three disjoint ranges of seeds: to learn from, to choose and calibrate on, to judge on.
Those to judge on follow from a commit's hash, so that nobody can have tuned on them.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from api.samples import STAND_IN, Files, Source, tables
from gnn import drift
from gnn.dataset import learnable
from gnn.evaluate import Report, evaluate
from gnn.registry import SHIPPED, manifest, save
from gnn.report import card, page
from gnn.train import Model, calibrated, doubted, train_tables
from graph.errors import UsageError
from graph.store import Progress

TRAIN = (
    Source("plant", range(1000, 1020)),
    Source("made", range(10_000, 10_060)),
    Source("real", range(10_000, 10_040)),
)
CHOICE = (
    Source("plant", range(1100, 1120)),
    Source("made", range(11_000, 11_020)),
    Source("real", range(11_000, 11_020)),
)
JUDGED = 60  # markets on each background: a campaign of each family in each
FIRST_JUDGED = 1_000_000
SEED = 20  # of the models, not of any market


def judged(commit: str, count: int = JUDGED) -> tuple[Source, ...]:
    """Markets to judge on, from the full hash of a commit: blake2b of "HASH:NUMBER"."""
    digests = (hashlib.blake2b(f"{commit}:{n}".encode(), digest_size=4) for n in range(count))
    seeds = [FIRST_JUDGED + int.from_bytes(one.digest(), "big") for one in digests]
    return Source("made", seeds), Source("real", seeds)


def head() -> str:
    """The hash of the commit that is checked out. Raises UsageError where there is none."""
    asked = ("git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD")
    try:
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        raise UsageError(
            "this is no checkout of the repository; say --commit HASH, from which the judged"
            " markets follow"
        ) from None


def within_reach(sources: Sequence[Source], files: Files | None) -> tuple[Source, ...]:
    """The sources that can be planted: those over real posts only with the files."""
    return tuple(source for source in sources if files is not None or source.kind != "real")


def run_train(
    out: Path,
    train: Sequence[Source] = TRAIN,
    choice: Sequence[Source] = CHOICE,
    files: Files | None = None,
    progress: Progress | None = None,
) -> Model:
    """Trains, chooses, calibrates and writes the model and its card to `out`.

    Without `files` on made markets alone, which the card says. The card of the shipped model stands
    in gnn/, beside the code that it speaks of.
    """
    learnt, held_out = (tables(within_reach(s, files), files, progress) for s in (train, choice))
    report = evaluate(learnt, held_out, held_out, SEED, progress)
    fitted = train_tables([learnable(table) for table in learnt], SEED)
    told_apart = [learnable(table) for table in held_out]
    model = doubted(calibrated(fitted, told_apart, report.chosen), told_apart)
    about = {**model.about, **_about(train, choice, files, report)}
    about["edges"] = drift.edges(learnt) | drift.score_edges(held_out, model)
    save(replace(model, about=about), out)
    beside = out.parent if out.resolve() == SHIPPED else out
    (beside / "MODEL_CARD.md").write_text(card(manifest(out)), encoding="utf-8")
    return model


def run_evaluate(
    out: Path,
    commit: str,
    files: Files | None = None,
    progress: Progress | None = None,
    exact: bool = False,
    count: int = JUDGED,
) -> Report:
    """Judges the recipe on the markets of `commit`; writes evaluation.md and .json to `out`."""
    test = judged(commit, count)
    parts = [within_reach(part, files) for part in (TRAIN, CHOICE, test)]
    learnt, held_out = (tables(part, files, progress) for part in parts[:2])
    report = evaluate(learnt, held_out, tables(parts[2], files, progress, exact), SEED, progress)
    seeds = dict(zip(("train", "choice"), map(told, parts[:2]), strict=True))
    seeds["test"] = f"{count} on each background, from the hash {commit[:12]}"
    found = {**report.as_json(), "seeds": seeds, "meaning": meaning(exact)}
    out.mkdir(parents=True, exist_ok=True)
    kept = json.dumps(found, indent=1, sort_keys=True)
    (out / "evaluation.json").write_text(kept + "\n", encoding="utf-8")
    (out / "evaluation.md").write_text(page(found), encoding="utf-8")
    return report


def meaning(exact: bool = False) -> str:
    """What read the meaning of texts (the trace same_meaning) when the markets were looked at."""
    if exact:
        return f"judging read with the sentence model, training and choosing with {STAND_IN}"
    return f"training, choosing and judging all read with {STAND_IN}"


def told(sources: Sequence[Source]) -> str:
    """Markets as a person reads them."""
    return "; ".join(f"{s.kind} {min(s.seeds)} to {max(s.seeds)}" for s in sources)


def _about(
    train: Sequence[Source], choice: Sequence[Source], files: Files | None, report: Report
) -> dict[str, object]:
    learnt, held_out = (within_reach(part, files) for part in (train, choice))
    return {
        "trained_on": f"planted markets: {told(learnt)}",
        "calibrated_on": f"planted markets: {told(held_out)}",
        "data": _digests(files),
        "figures_from": "On the markets that chose and calibrated it; docs/evaluation.md has the"
        " figures on markets that nothing was chosen on.",
        "meaning": STAND_IN,
        "mean": report.mean,
        "choice": report.choice,
        "counts": report.counts,
        "versions": {
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{
                name: version(name)
                for name in ("scikit-learn", "lightgbm", "torch", "torch-geometric")
            },
        },
    }


def _digests(files: Files | None) -> dict[str, str]:
    """sha256 of the files whose life was a background."""
    paths = () if files is None else (files.posts, files.bars)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

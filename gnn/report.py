"""The evaluation as a page for people, and the model card from the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnn.calibrate import score
from gnn.endtoend import precision_at
from gnn.train import MODELS

_NAMES = {
    "floor": "floor (how much did they post)",
    "heuristic": "heuristic (attention times chance)",
    "logistic": "logistic regression",
    "trees": "trees (LightGBM)",
    "sage": "GraphSAGE",
    "stack": "logistic regression and trees, stacked",
    "joint": "the stack with GraphSAGE",
}
_COLUMNS = (
    ("auprc", "AUPRC"),
    ("auroc", "AUROC"),
    ("recall_at_1pct", "recall at 1 % false alarms"),
    ("recall_flagged", "recall at score 70"),
    ("false_flagged", "false alarms at score 70"),
    ("brier", "Brier"),
    ("ece", "ECE"),
)
_PARTS = ("train", "choice", "test")
LIMITS = """\
- Campaigns are planted by our own generator. Nothing here was measured on a proven real campaign,
  and planted ones are easier than real ones wherever the generator forgot what people do.
- The background is presumed innocent: in a planted market it is made so, in real posts it is not.
- There are few campaign kinds. "Unseen" means a kind left out of training, not a kind nobody
  thought of; kinds share their generator, its words and its accounts.
- Figures by cluster are of what detection found; a campaign that it missed is in those from raw
  posts to the flag, and in no other.
- Families are our idea of what promoters do, and detection was built with them in sight. "Unseen"
  holds for what is learnt, not for what its authors knew.
- The share of campaigns among clusters is that of planted markets. In the world it is lower: read
  the probability as "on a market like the planted ones", the score as an order of what to open.
- Intervals come from drawing whole markets; with few positives of a kind they are wide.
- A score is a risk indicator, never a finding of guilt."""


def page(report: Mapping[str, Any]) -> str:
    """The evaluation in Markdown.

    `report` is `Report.as_json` with, in words, `seeds` (part -> the markets it used) and `meaning`
    (what read the meaning of texts).
    """
    chosen = _NAMES[report["chosen"]]
    counts, seeds = report["counts"], report["seeds"]
    parts = "\n".join(
        f"| {name} | {seeds.get(name, '')} | {n['markets']} | {n['clusters']} | {n['positives']} |"
        for name, n in ((name, counts[name]) for name in _PARTS)
    )
    kinds = "\n\n".join(_kind(kind, report["figures"][kind]) for kind in report["kinds"])
    return f"""# What the score is worth

Written by `sentinelmarket evaluate`. Each campaign kind in turn is left out of training and of
calibration, and then judged alone against all harmless clusters of markets that nothing was
chosen on.

**{chosen[0].upper() + chosen[1:]}** scores: it had the larger mean AUPRC on the markets for
choosing, which are not the judged ones.

| part | seeds | markets | clusters | of campaigns |
|---|---|---|---|---|
{parts}

Meaning, for the trace same_meaning: {report["meaning"]}.

{_ends(report)}

{_calibration(report["calibration"])}

## Mean over left-out kinds

{_table({name: report["mean"][name] for name in MODELS})}

Mean AUPRC where the choice was made: {_choices(report)}.

## By left-out kind

{kinds}

{_by_decoy(chosen, report["harmless"])}

## What this does not show

{LIMITS}
"""


def card(manifest: Mapping[str, Any]) -> str:
    """The model card in Markdown, from nothing but the manifest."""
    about = manifest["about"]
    mean = about.get("mean", {})
    versions = ", ".join(f"{name} {number}" for name, number in about.get("versions", {}).items())
    files = "\n".join(f"- `{name}` sha256 {digest}" for name, digest in manifest["files"].items())
    figures = _table(mean) if mean else "None recorded."
    return f"""# Model card

Generated from `gnn/weights/manifest.json`.

**What it does.** Gives a cluster of accounts a probability of being a coordinated promotion, and
from it a score of 1 to 100; gives a stock a score because of the clusters that promote it.

**What it is for.** Ordering what an analyst opens first, with reasons. It is no finding of guilt,
and nothing should happen to a person because of it alone.

- Scores with: {_NAMES[manifest["chosen"]]} (the others are kept as challengers)
- Trained on: {about.get("trained_on", "unknown")}
- Calibrated, and the scorer chosen, on: {about.get("calibrated_on", "unknown")}
- Meaning, for the trace same_meaning, read with: {about.get("meaning", "unknown")}
- The graph model: {"; ".join(about.get("gains", [])) or "not asked"}. It is no part of the score:
  nothing holds it to "more evidence never lowers a risk", and what removing a post does could not
  be worked out from the posts around it
- Seed: {manifest["seed"]}
- Features: {len(manifest["features"])} columns, version {manifest["schema"]}
- Built with: {versions or "unknown"}

Files:
{files}

## Figures on campaign kinds left out of training

{about.get("figures_from", "")}

{figures}

## What this does not show

{LIMITS}

The campaign or benign label that detection may give a cluster is not an input. Missing account age,
followers, client, links or price events are flagged as missing, not guessed.
"""


def _calibration(found: Mapping[str, Any]) -> str:
    bins = "\n".join(
        f"| {one['said']:.3f} | {one['was']:.3f} | {one['clusters']:.0f} |" for one in found["bins"]
    )
    return f"""## What a probability is worth

The recipe with every kind learnt, on {found["clusters"]:,} clusters of the judged markets,
{found["positives"]:,} of them campaigns'. Calibration slope {found["slope"]:.2f}; adaptive expected
calibration error {100 * found["ece"]:.1f} %, among probabilities of 5 % and more
{100 * found["ece_likely"]:.1f} %; Brier skill against always saying
{found["prevalence_assumed"]:.3f}: {found["skill"]:.3f} ({found["skill_low"]:.3f} to
{found["skill_high"]:.3f}). Conformal sets at 0.9 hold the truth of
{found["covered_harmless"]:.3f} of the harmless clusters and of {found["covered_campaigns"]:.3f} of
the campaigns'; in {found["both_in_set"]:.3f} both are in the set.

| said | was | clusters |
|---|---|---|
{bins}"""


def _ends(report: Mapping[str, Any]) -> str:
    """From raw posts to the flag, on each background."""
    return "\n\n".join(
        _end(name, found, report["chosen"]) for name, found in report["end_to_end"].items()
    )


def _end(background: str, found: Mapping[str, Any], chosen: str) -> str:
    models = found["models"]
    best = models[chosen]
    families = [name for name in best["campaign_recall"] if name != "mean"]
    worst = min(families, key=lambda name: best["campaign_recall"][name]["value"])
    title = "all backgrounds" if background == "all" else f"{background} background"
    rows = [
        f"| {_NAMES[name]} | {_value(m['campaign_recall']['mean'])} |"
        f" {_value(m['account_recall']['mean'])} | {_value(m['false_positives']['mean'])} |"
        for name, m in models.items()
    ]
    by_family = [
        f"| {family} | {best['campaigns'][family]} | {_value(best['detected'][family])} |"
        f" {_value(best['campaign_recall'][family])} | {_value(best['account_recall'][family])} |"
        for family in families
    ]
    gains = "; ".join(
        f"{_value(gain)} over {_NAMES[name]}" for name, gain in found["gains"].items()
    )
    return f"""## From raw posts to the flag: {title}

A campaign is found where a flagged cluster holds at least half of its members and is half made of
them. The line lets 1 % of the harmless clusters of the markets for choosing pass;
{best["harmless"]} harmless clusters are judged. Intervals draw whole markets.

| model | campaigns found | their accounts in it | harmless flagged |
|---|---|---|---|
{chr(10).join(rows)}

By family, {_NAMES[chosen]}; the worst is {worst}:

| family, not learnt from | campaigns | shown by some cluster | found | accounts |
|---|---|---|---|---|
{chr(10).join(by_family)}

Campaigns found more than by the others: {gains}.

If so large a share of clusters were campaigns, this share of what is flagged would be:
{_precision(best)}."""


def _precision(of: Mapping[str, Any]) -> str:
    recall, wrong = (of[n]["mean"]["value"] for n in ("campaign_recall", "false_positives"))
    return ", ".join(f"{p:.2f} at {base}" for base, p in precision_at(recall, wrong).items())


def _value(of: Mapping[str, float]) -> str:
    return f"{of['value']:.3f} ({of['low']:.3f} to {of['high']:.3f})"


def _kind(kind: str, figures: Mapping[str, Mapping[str, float]]) -> str:
    any_model = figures["logistic"]
    head = (
        f"### {kind}\n\n{any_model['positives']:.0f} clusters of this kind among"
        f" {any_model['clusters']:.0f}: a prevalence, and so a chance AUPRC, of"
        f" {any_model['prevalence']:.3f}.\n\n"
    )
    spans = "; ".join(
        f"{_NAMES[name]} AUPRC {_span(figures[name], 'auprc')}, recall at 1 %"
        f" {_span(figures[name], 'recall_at_1pct')}"
        for name in MODELS
    )
    return f"{head}{_table(figures)}\n\n95 % intervals by market: {spans}."


def _by_decoy(chosen: str, found: Mapping[str, Mapping[str, float]]) -> str:
    return f"""## Harmless clusters, by what they are

How often {chosen} puts them at score 70 or above, over the models of all left-out kinds; the worst
is {_worst(found)}.

{_harmless(found)}"""


def _worst(found: Mapping[str, Mapping[str, float]]) -> str:
    named = {decoy: n["flagged"] for decoy, n in found.items() if decoy != "other"}
    return max(named, key=lambda decoy: named[decoy], default="none").replace("_", " ")


def _harmless(found: Mapping[str, Mapping[str, float]]) -> str:
    rows = [
        f"| {decoy.replace('_', ' ')} | {n['clusters']:.0f} | {n['flagged']:.3f}"
        f" | {score(n['highest'])} |"
        for decoy, n in found.items()
    ]
    head = "| what | clusters | flagged | highest score |"
    return "\n".join([head, "|---|---|---|---|", *rows])


def _table(figures: Mapping[str, Mapping[str, float]]) -> str:
    head = "| model | " + " | ".join(title for _, title in _COLUMNS) + " |"
    rows = [
        f"| {_NAMES[name]} | "
        + " | ".join(f"{figures[name][key]:.3f}" for key, _ in _COLUMNS)
        + " |"
        for name in MODELS
    ]
    return "\n".join([head, "|---" * (len(_COLUMNS) + 1) + "|", *rows])


def _choices(report: Mapping[str, Any]) -> str:
    choice = report["choice"]
    return ", ".join(
        f"{_NAMES[name]} {sum(by[name] for by in choice.values()) / max(len(choice), 1):.3f}"
        for name in MODELS
    )


def _span(figures: Mapping[str, float], key: str) -> str:
    return f"{figures[f'{key}_low']:.2f} to {figures[f'{key}_high']:.2f}"

"""Which of a model's labels means what: its own words where they are plain, else what one is told.

FinBERT's positive, negative and neutral give the sentiment; a label such as `promotion` gives the
promotion score. Labels that say nothing (LABEL_0) have to be named by whoever loads the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnn.view import Floats
from graph.errors import UsageError

POSITIVE, NEGATIVE, NEUTRAL = "positive", "negative", "neutral"
PROMOTION, ORDINARY = "promotion", "ordinary"
MEANINGS = (POSITIVE, NEGATIVE, NEUTRAL, PROMOTION, ORDINARY)
_KNOWN: Mapping[str, str] = {
    **dict.fromkeys(("positive", "pos", "bullish", "good"), POSITIVE),
    **dict.fromkeys(("negative", "neg", "bearish", "bad"), NEGATIVE),
    **dict.fromkeys(("neutral", "neu", "none"), NEUTRAL),
    **dict.fromkeys(
        ("promotion", "promotional", "promo", "pump", "spam", "ad", "advertisement"), PROMOTION
    ),
    **dict.fromkeys(
        ("ordinary", "organic", "ham", "not promotion", "not promotional", "no promotion", "other"),
        ORDINARY,
    ),
}


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns of a model's answer by what they mean."""

    columns: Mapping[str, tuple[int, ...]]

    @property
    def sentiment(self) -> bool:
        """Whether the model tells good from bad."""
        return POSITIVE in self.columns and NEGATIVE in self.columns

    @property
    def promotion(self) -> bool:
        """Whether the model tells promotions."""
        return PROMOTION in self.columns

    def share(self, chances: Floats, meaning: str) -> Floats:
        """The chance of a meaning, [n], 0 to 1, from chances [n, labels]."""
        columns = list(self.columns.get(meaning, ()))
        return np.asarray(np.clip(chances[:, columns].sum(axis=1), 0.0, 1.0))


def roles(names: Sequence[str], told: Mapping[str, str] | None = None) -> Roles:
    """What each label means. `told` maps labels to MEANINGS and goes before the label's own name.

    Raises UsageError where a label is not the model's, a meaning is unknown, or nothing is left
    that gives a score.
    """
    given = _checked(names, told or {})
    columns: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        meaning = given.get(_plain(name)) or _KNOWN.get(_plain(name))
        if meaning is None and given:
            continue  # who named some labels has said what counts
        if meaning is None:
            raise UsageError(
                f"the model's labels are {', '.join(names)}, and {name} does not say what it means;"
                f" name them, as in {name}={POSITIVE}. Meanings are {', '.join(MEANINGS)}"
            )
        columns.setdefault(meaning, []).append(place)
    found = Roles({meaning: tuple(places) for meaning, places in columns.items()})
    if (POSITIVE in columns) != (NEGATIVE in columns):
        raise UsageError(
            f"of the model's labels ({', '.join(names)}) one means positive and none negative, or"
            " the other way round; a sentiment needs both"
        )
    if not found.sentiment and not found.promotion:
        raise UsageError(
            f"none of the model's labels ({', '.join(names)}) means a promotion, or positive and"
            f" negative; name them. Meanings are {', '.join(MEANINGS)}"
        )
    return found


def parsed(text: str | None) -> dict[str, str]:
    """`LABEL_0=negative,LABEL_1=positive` as a mapping. Raises UsageError for anything else."""
    told = {}
    for part in filter(None, (part.strip() for part in (text or "").split(","))):
        name, equals, meaning = part.partition("=")
        if not equals or not name.strip() or not meaning.strip():
            raise UsageError(
                f"{part!r} names no label; write LABEL=MEANING, as in LABEL_0={NEGATIVE}, with"
                " commas between"
            )
        told[name.strip()] = meaning.strip()
    return told


def _checked(names: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    known = {_plain(name) for name in names}
    for name, meaning in told.items():
        if _plain(name) not in known:
            raise UsageError(f"the model has no label {name!r}; it has {', '.join(names)}")
        if meaning not in MEANINGS:
            raise UsageError(f"a label cannot mean {meaning!r}; it means {', '.join(MEANINGS)}")
    return {_plain(name): meaning for name, meaning in told.items()}


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())

"""What every reader of texts answers, and how one is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gnn.view import Floats
from graph.errors import UsageError
from graph.store import Progress


@dataclass(frozen=True, slots=True)
class TextScores:
    """A row a text, in the order asked. An indicator of wording, never of intent.

    `promotion`: float64 [n], 0 to 1, how much it reads like a promotion. `sentiment`: float64 [n],
    -1 (bad news for the stock) to 1 (good news). `model` names what read them, with a version.
    """

    promotion: Floats
    sentiment: Floats
    model: str


class TextScorer(Protocol):
    """Gives texts their scores. The same text has the same scores whatever stands beside it, but
    for the last bits of a network."""

    @property
    def model(self) -> str:
        """Its name and version; changes whenever a score may."""
        ...

    def score(self, texts: Sequence[str], progress: Progress | None = None) -> TextScores:
        """Scores of texts, in batches. Raises UsageError where `texts` is not a list of texts."""
        ...


def checked(texts: Sequence[str]) -> list[str]:
    """The texts as a list. Raises UsageError for one text alone, and for what is no text."""
    if isinstance(texts, str | bytes):
        raise UsageError("scores are given to a list of texts; put the one text into a list")
    found = list(texts)
    for place, text in enumerate(found):
        if not isinstance(text, str):
            raise UsageError(f"text {place} is a {type(text).__name__}; give strings only")
    return found

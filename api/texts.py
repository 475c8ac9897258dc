"""Which reader of texts is in use: what the settings or a command name, else the one that ships."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from api.settings import Settings
from gnn.text import TextScorer, load_text_scorer
from gnn.text.labels import parsed

KEPT = 20_000  # texts whose scores the service remembers
Pair = tuple[float, float]  # promotion, sentiment


def scorer_of(
    settings: Settings,
    model: str | None = None,
    labels: str | None = None,
    download: bool = False,
) -> TextScorer:
    """The reader of texts. A `model` goes before the settings' one, and so do `labels`; the
    settings' labels belong to the settings' model. Raises as load_text_scorer does."""
    told = labels if labels is not None or model else settings.text_labels
    return load_text_scorer(model or settings.text_model, parsed(told), download)


class TextReads:
    """Scores of texts for readers, computed when they are asked for and remembered for a while.

    A score hangs on the text alone: whoever may see a post may see its scores, no run has to be
    repeated when the model is another, and nothing in the graph can go stale. The model is opened
    with the first text.
    """

    def __init__(self, opens: Callable[[], TextScorer] = load_text_scorer) -> None:
        self._opens = opens
        self._scorer: TextScorer | None = None
        self._kept: OrderedDict[str, Pair] = OrderedDict()
        self._lock = Lock()

    @property
    def model(self) -> str:
        """Name and version of what reads. Raises as the loader does."""
        with self._lock:
            return self._opened().model

    def read(self, texts: Sequence[str]) -> list[Pair]:
        """Promotion and sentiment of each text, in order."""
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._kept]
            if new:
                found = self._opened().score(new)
                pairs = zip(found.promotion.tolist(), found.sentiment.tolist(), strict=True)
                self._kept.update(zip(new, pairs, strict=True))
            told = [self._kept[text] for text in texts]
            for text in dict.fromkeys(texts):
                self._kept.move_to_end(text)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return told

    def _opened(self) -> TextScorer:
        if self._scorer is None:
            self._scorer = self._opens()
        return self._scorer

"""Texts into two scores: how much they read like a promotion, and how good the news sounds."""

from gnn.text.load import load_text_scorer
from gnn.text.scores import TextScorer, TextScores
from gnn.text.words import promotion_of

__all__ = ["TextScorer", "TextScores", "load_text_scorer", "promotion_of"]

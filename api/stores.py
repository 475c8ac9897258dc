"""The graph and the bars, opened. Apart from the path, so that a look need not wait for models."""

from __future__ import annotations

from api.settings import Settings
from graph.backends import open_store
from graph.bars import Bars
from graph.store import GraphStore


def open_both(settings: Settings) -> tuple[GraphStore, Bars]:
    """The graph with its schema, and the bars, as the settings say."""
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_store(
        settings.graph_uri,
        settings.home,
        user=settings.graph_user,
        password=settings.graph_password,
        heap=settings.graph_heap,
    )
    store.apply_schema()
    return store, Bars(settings.bars)

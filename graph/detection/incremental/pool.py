"""Doing the same for several things, a thread each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from graph.detection.coaction import WORKERS

Thing = TypeVar("Thing")
Made = TypeVar("Made")


class Each(Protocol):
    """What `each` gives."""

    def __call__(self, does: Callable[[Thing], Made], things: Sequence[Thing]) -> list[Made]:
        """What is made of each, in their order."""


@contextmanager
def threads() -> Iterator[Each]:
    """A map over WORKERS threads."""
    with ThreadPoolExecutor(WORKERS) as pool:

        def each(does: Callable[[Thing], Made], things: Sequence[Thing]) -> list[Made]:
            return list(pool.map(does, things))

        yield each

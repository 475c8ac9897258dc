"""Progress for people: one line a step on a terminal, nothing where output is read by a program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from graph import store


@contextmanager
def bars(quiet: bool = False) -> Iterator[store.Progress | None]:
    """A callback (step, done, total) that draws on standard error, so that output stays clean."""
    if quiet:
        yield None
        return
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as drawn:
        yield _drawer(drawn)


def _drawer(drawn: Progress) -> store.Progress:
    """A step's bar appears with its first report; the one before it is then complete."""
    tasks: dict[str, TaskID] = {}

    def report(step: str, done: int, total: int) -> None:
        if step not in tasks:
            for task in drawn.tasks:
                drawn.update(task.id, completed=task.total)
            tasks[step] = drawn.add_task(step)
        drawn.update(tasks[step], completed=done, total=max(total, 1))

    return report

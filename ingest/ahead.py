"""Reads ahead in a thread: the next part of a file is parsed while the store writes this one."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")
DEPTH = 2  # parts that wait at most
PATIENCE = 0.1  # seconds between looks at whether anybody still listens

_END = object()


def ahead(source: Iterator[Item], depth: int = DEPTH) -> Iterator[Item]:
    """The source's items in their order; what it raises is raised here, after the items before."""
    ready: Queue[object] = Queue(depth)
    unwanted = Event()
    worker = Thread(target=_work, args=(source, ready, unwanted), name="ahead", daemon=True)
    worker.start()
    try:
        while (item := ready.get()) is not _END:
            if isinstance(item, _Raised):
                raise item.error
            yield item  # type: ignore[misc]
    finally:
        unwanted.set()
        _drain(ready)
        worker.join()


class _Raised:
    """An error on its way to the reader."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _work(source: Iterator[Item], ready: Queue[object], unwanted: Event) -> None:
    try:
        for item in source:
            if not _offer(ready, item, unwanted):
                return
        _offer(ready, _END, unwanted)
    except BaseException as error:
        _offer(ready, _Raised(error), unwanted)


def _offer(ready: Queue[object], item: object, unwanted: Event) -> bool:
    """Puts the item in the queue; False where nobody wants it any more."""
    while not unwanted.is_set():
        try:
            ready.put(item, timeout=PATIENCE)
        except Full:
            continue
        return True
    return False


def _drain(ready: Queue[object]) -> None:
    try:
        while True:
            ready.get_nowait()
    except Empty:
        return

"""numba's first call, made ahead of time: what it loads then can load while files are read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from numba import njit

_LINEAR_ALGEBRA = "scipy.linalg"


@contextmanager
def ready() -> Iterator[None]:
    """While the body runs, another thread makes numba's first call; at the end it has been made.

    numba looks for scipy's linear algebra then, which takes a third of that time and which no loop
    of ours calls (np.dot inside one). It is not shown it, so the body must not import it either.
    """
    hidden = _LINEAR_ALGEBRA not in sys.modules
    modules: dict[str, Any] = sys.modules
    if hidden:
        modules[_LINEAR_ALGEBRA] = None
    first = Thread(target=_nothing, args=(0,), daemon=True)
    first.start()
    try:
        yield
    finally:
        first.join()
        if hidden:
            del modules[_LINEAR_ALGEBRA]


@njit(cache=True, nogil=True)
def _nothing(x):  # type: ignore[no-untyped-def]
    return x

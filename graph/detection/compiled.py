"""What numba compiled of older sources goes, before anything is run from it.

Numba keeps compiled functions beside their file and looks at that file alone. A function that was
compiled into another file's one may have changed since, and then the old numbers go on without a
word: a p-value off by two after an update. So where any source is newer than any kept function, all
of them are compiled again, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

KEPT = (".nbi", ".nbc")


def drop_stale(folder: Path) -> int:
    """Removes the compiled functions under `folder` if one is older than a source there; returns
    how many files that were."""
    kept = [path for path in _files(folder, KEPT) if path.suffix == ".nbi"]
    oldest = min((stamp for path in kept if (stamp := _changed(path))), default=None)
    if oldest is None or all(_changed(path) <= oldest for path in _files(folder, (".py",))):
        return 0
    gone = list(_files(folder, KEPT))
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in endings)


def _changed(path: Path) -> int:
    """When, in nanoseconds; 0 where another process took it away just now."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


# An installation that nobody may write to keeps nothing that could be stale.
with suppress(OSError):
    drop_stale(Path(__file__).parent)

"""Keyset pages: a cursor is the sort key of the last row, so that nothing is lost or doubled while
rows come and go."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from graph.errors import UsageError

MOST = 200  # rows in a page
T = TypeVar("T")
Key = tuple[int | str, ...]


def bounded(first: int) -> int:
    """`first`, if it is 1 to 200. Raises UsageError."""
    if not 1 <= first <= MOST:
        raise UsageError(f"first is {first}; ask for 1 to {MOST} and go on with endCursor")
    return first


def encode(key: Key) -> str:
    """The sort key as a cursor: opaque, safe in an address."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def decode(cursor: str | None, start: Key) -> Any:
    """The sort key a cursor holds; `start` for none, which also says how many of which types.

    Raises UsageError for a cursor that `encode` did not make for a list of this kind.
    """
    if cursor is None:
        return start
    try:
        key = orjson.loads(base64.b64decode(_padded(cursor), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as error:
        raise _foreign(cursor) from error
    if not isinstance(key, list) or [type(part) for part in key] != [type(s) for s in start]:
        raise _foreign(cursor)
    if any(isinstance(part, int) and not -(2**63) <= part < 2**63 for part in key):
        raise _foreign(cursor)
    return tuple(key)


@dataclass(frozen=True, slots=True)
class Cut:
    """The rows of one page, and where the next one starts."""

    rows: list[dict[str, Any]]
    end: str | None
    more: bool


def cut(rows: Sequence[dict[str, Any]], first: int, key: Callable[[dict[str, Any]], Key]) -> Cut:
    """A page of `rows`, which were asked for with one more than `first`."""
    kept = list(rows[:first])
    return Cut(kept, encode(key(kept[-1])) if kept else None, len(rows) > first)


def _padded(cursor: str) -> bytes:
    return (cursor + "=" * (-len(cursor) % 4)).encode()


def _foreign(cursor: str) -> UsageError:
    return UsageError(
        f"{cursor[:40]!r} is not a cursor of this list; use endCursor of its last page"
    )

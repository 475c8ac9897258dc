"""Whom a person means: an account by its id or its handle."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from graph.errors import UsageError
from graph.store import GraphStore

Row = dict[str, Any]
NEAR = 5  # handles named to who mistyped one
LISTED = 1_000


def account(store: GraphStore, name: str) -> Row:
    """The account of this id or handle. Raises UsageError, naming near handles, for no one's."""
    if found := store.read("read/accounts_by_ids", ids=[name]):
        return found[0]
    handle = name.removeprefix("@").lower()
    rows = _like(store, handle)
    same = [row for row in rows if (row["handle"] or "").lower() == handle]
    if len(same) == 1:
        return same[0]
    if same:
        ids = ", ".join(row["id"] for row in same)
        raise UsageError(f"@{handle} is several accounts: {ids}; name one of these ids")
    near = ", ".join(f"@{row['handle']} ({row['id']})" for row in _nearest(handle, rows))
    known = f"near it: {near}" if near else "no handle is near it; ids look like x:123"
    raise UsageError(f"no account {name!r}; {known}")


def _like(store: GraphStore, handle: str) -> list[Row]:
    """Accounts whose handle holds these letters, or, where none does, their first ones."""
    for length in (len(handle), len(handle) * 2 // 3, 3):
        letters = handle[:length]
        if letters and (rows := _holding(store, letters)):
            return rows
    return []


def _holding(store: GraphStore, letters: str) -> list[Row]:
    return store.read("read/accounts_by_handle", search=letters, after="", limit=LISTED)


def _nearest(handle: str, rows: list[Row]) -> list[Row]:
    by_handle = {row["handle"].lower(): row for row in rows if row["handle"]}
    names = get_close_matches(handle, sorted(by_handle), n=NEAR, cutoff=0.4)
    return [by_handle[name] for name in names]

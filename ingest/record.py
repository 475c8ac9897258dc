"""What one record of a source becomes."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model import Account, Post


@dataclass(frozen=True, slots=True)
class Record:
    """The post itself, with the posts inside it, and everybody it names or was written by."""

    posts: tuple[Post, ...]
    accounts: tuple[Account, ...]

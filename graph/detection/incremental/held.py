"""The posts that an incremental engine holds: whose, when, and which have left the horizon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from graph.detection.acts import Codes, Ints
from graph.detection.incremental.names import Names, grown
from graph.model import Millis

NEVER = np.iinfo(np.int64).max


class Held:
    """Posts by code. `at` and `account` have a place per post; codes of left posts are used again.

    `own` counts the posts of each account that repeat nobody's.
    """

    def __init__(self) -> None:
        self.posts, self.accounts = Names(), Names()
        self.at: Ints = np.full(1024, NEVER, dtype=np.int64)
        self.account: Codes = np.zeros(1024, dtype=np.int32)
        self._is_own: Ints = np.zeros(1024, dtype=np.int64)
        self._own: Ints = np.zeros(1024, dtype=np.int64)

    @property
    def active(self) -> int:
        """Accounts with a post of their own."""
        return int(np.count_nonzero(self._own))

    def put(
        self, posts: Sequence[str], accounts: Sequence[str], at: Ints, own: npt.NDArray[np.bool_]
    ) -> Codes:
        """Takes new, distinct posts in; their codes."""
        post, account = self.posts.taken(posts), self.accounts.taken(accounts)
        self.posts.hold(post)
        self.accounts.hold(account)
        self.at = grown(self.at, self.posts.room, NEVER)
        self.account = grown(self.account, self.posts.room)
        self._is_own = grown(self._is_own, self.posts.room)
        self._own = grown(self._own, self.accounts.room)
        self.at[post], self.account[post], self._is_own[post] = at, account, own
        np.add.at(self._own, account, own)
        return post

    def before(self, moment: Millis) -> Codes:
        """Posts older than `moment`."""
        return np.flatnonzero(self.at < moment).astype(np.int32)

    def leave(self, posts: Codes) -> None:
        """Forgets distinct posts, and accounts that have none left."""
        account = self.account[posts]
        np.subtract.at(self._own, account, self._is_own[posts])
        self.at[posts] = NEVER
        self.posts.leave(posts)
        self.accounts.leave(account)

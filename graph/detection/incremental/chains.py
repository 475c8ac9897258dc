"""Which objects each post acts on, so that a post can be taken back."""

from __future__ import annotations

import numpy as np
from numba import njit

from graph.detection.acts import Codes
from graph.detection.incremental.names import grown


class Chains:
    """A list of objects by post. Links of forgotten posts are used again."""

    def __init__(self) -> None:
        self._first: Codes = np.full(1024, -1, dtype=np.int32)
        self._next: Codes = np.full(1024, -1, dtype=np.int32)
        self._object: Codes = np.full(1024, -1, dtype=np.int32)
        self._free: Codes = np.zeros(0, dtype=np.int32)
        self._end = 0

    def put(self, post: Codes, objects: Codes) -> None:
        """Notes an act each."""
        links = self._links(len(post))
        self._first = grown(self._first, int(post.max(initial=-1)) + 1, -1)
        _linked(self._first, self._next, self._object, post, objects, links)

    def of(self, posts: Codes) -> tuple[Codes, Codes]:
        """The acts of distinct posts: the post and the object of each."""
        owner, objects, _ = _followed(self._first, self._next, self._object, posts)
        return owner, objects

    def pop(self, posts: Codes) -> tuple[Codes, Codes]:
        """The same, and forgets them."""
        owner, objects, links = _followed(self._first, self._next, self._object, posts)
        self._first[posts[posts < len(self._first)]] = -1
        self._free = np.concatenate([self._free, links])
        return owner, objects

    def _links(self, count: int) -> Codes:
        old = self._free[:count]
        self._free = self._free[count:]
        new = np.arange(self._end, self._end + count - len(old), dtype=np.int32)
        self._end += len(new)
        self._next = grown(self._next, self._end)
        self._object = grown(self._object, self._end)
        return np.concatenate([old, new])


@njit(cache=True, nogil=True)
def _linked(first, after, obj, post, objects, links):  # type: ignore[no-untyped-def]
    for k in range(post.shape[0]):
        obj[links[k]], after[links[k]] = objects[k], first[post[k]]
        first[post[k]] = links[k]


@njit(cache=True, nogil=True)
def _followed(first, after, obj, posts):  # type: ignore[no-untyped-def]
    """Post, object and link of each act, in two passes: count, then fill."""
    count = 0
    for p in posts:
        link = first[p] if p < first.shape[0] else -1
        while link >= 0:
            count += 1
            link = after[link]
    owner, objects = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    links = np.empty(count, dtype=np.int32)
    n = 0
    for p in posts:
        link = first[p] if p < first.shape[0] else -1
        while link >= 0:
            owner[n], objects[n], links[n] = p, obj[link], link
            n += 1
            link = after[link]
    return owner, objects, links

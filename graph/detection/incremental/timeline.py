"""The acts of one trace by object and time, under additions and removals anywhere.

Each object owns a block of three arrays, sorted by (time, post). A change first shows the blocks as
they will be, so that before and after can be compared, and then takes them over. A block that
outgrows its place moves to the end; when the end is reached, all blocks move together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from graph.detection.acts import Codes, Ints
from graph.detection.incremental.names import grown


@dataclass(frozen=True, slots=True)
class Moves:
    """Acts that come (`add`) and go. Arrays of shape [n], in any order."""

    object: Codes
    at: Ints
    account: Codes
    post: Codes
    add: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The moves sorted by object and time, and the blocks of those objects as they will be.

    `objects`: the objects concerned, [k]; the moves of the i-th are `edge[i]:edge[i + 1]`, its
    block is `start[i]:start[i + 1]` of `at`, `account` and `post`.
    """

    moves: Moves
    objects: Codes
    edge: Ints
    start: Ints
    at: Ints
    account: Codes
    post: Codes


class Timeline:
    """Blocks of acts: object o has `size[o]` of them from `begin[o]` in `at`, `account`, `post`."""

    def __init__(self) -> None:
        self.at: Ints = np.zeros(1024, dtype=np.int64)
        self.account: Codes = np.zeros(1024, dtype=np.int32)
        self.post: Codes = np.zeros(1024, dtype=np.int32)
        self.begin: Ints = np.zeros(1024, dtype=np.int64)
        self.size: Ints = np.zeros(1024, dtype=np.int64)
        self._room: Ints = np.zeros(1024, dtype=np.int64)
        self._end = 0

    def __len__(self) -> int:
        return int(self.size.sum())

    def redrawn(self, moves: Moves) -> Redrawn:
        """The blocks as they will be. Raises ValueError where an act that goes is not there."""
        order = np.lexsort((moves.post, moves.at, moves.object))
        moves = Moves(
            moves.object[order],
            moves.at[order],
            moves.account[order],
            moves.post[order],
            moves.add[order],
        )
        objects, edge = np.unique(moves.object, return_index=True)
        edge = np.append(edge, len(order)).astype(np.int64)
        self._reach(int(objects[-1]) + 1 if len(objects) else 0)
        start, at, account, post = _redrawn(
            objects,
            self.begin,
            self.size,
            self.at,
            self.account,
            self.post,
            edge,
            moves.at,
            moves.account,
            moves.post,
            moves.add,
        )
        return Redrawn(moves, objects, edge, start, at, account, post)

    def take(self, drawn: Redrawn) -> None:
        """Makes the blocks what `drawn` says."""
        need = int((drawn.start[1:] - drawn.start[:-1]).sum()) * 2
        if self._end + need > len(self.at):
            self._move_together(need)
        self._end = _taken(
            drawn.objects,
            self.begin,
            self.size,
            self._room,
            self._end,
            self.at,
            self.account,
            self.post,
            drawn.start,
            drawn.at,
            drawn.account,
            drawn.post,
        )

    def _reach(self, objects: int) -> None:
        self.begin = grown(self.begin, objects)
        self.size = grown(self.size, objects)
        self._room = grown(self._room, objects)

    def _move_together(self, need: int) -> None:
        """New arrays without gaps, with space for `need` acts more and a quarter."""
        live = int(self.size.sum())
        room = (live + need) * 5 // 4 + 1024
        at, account = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
        post = np.empty(room, dtype=np.int32)
        self._end = _moved(
            self.begin, self.size, self._room, self.at, self.account, self.post, at, account, post
        )
        self.at, self.account, self.post = at, account, post


@njit(cache=True, nogil=True)
def first_at(at, low, high, time):  # type: ignore[no-untyped-def]
    """The first position of sorted `at` in low..high that is not before `time`."""
    while low < high:
        middle = (low + high) // 2
        if at[middle] < time:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _before(at, post, low, high, time, what):  # type: ignore[no-untyped-def]
    """Past the acts in low..high that come before (time, what)."""
    p = first_at(at, low, high, time)
    while p < high and at[p] == time and post[p] < what:
        p += 1
    return p


@njit(cache=True, nogil=True)
def _redrawn(  # type: ignore[no-untyped-def]
    objects, begin, size, at, account, post, edge, m_at, m_account, m_post, m_add
):
    """Each object's block with its moves done."""
    start = np.zeros(objects.shape[0] + 1, dtype=np.int64)
    for k in range(objects.shape[0]):
        came = 0
        for m in range(edge[k], edge[k + 1]):
            came += 1 if m_add[m] else -1
        start[k + 1] = start[k] + size[objects[k]] + came
    total = max(start[-1], 0)
    n_at, n_account = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int32)
    n_post = np.empty(total, dtype=np.int32)
    for k in range(objects.shape[0]):
        i, end = begin[objects[k]], begin[objects[k]] + size[objects[k]]
        n = start[k]
        for m in range(edge[k], edge[k + 1]):
            stay = _before(at, post, i, end, m_at[m], m_post[m])
            n_at[n : n + stay - i] = at[i:stay]
            n_account[n : n + stay - i] = account[i:stay]
            n_post[n : n + stay - i] = post[i:stay]
            n, i = n + stay - i, stay
            if m_add[m]:
                n_at[n], n_account[n], n_post[n] = m_at[m], m_account[m], m_post[m]
                n += 1
            elif i < end and at[i] == m_at[m] and post[i] == m_post[m]:
                i += 1
            else:
                raise ValueError("an act that goes is not there")
        n_at[n : start[k + 1]] = at[i:end]
        n_account[n : start[k + 1]] = account[i:end]
        n_post[n : start[k + 1]] = post[i:end]
    return start, n_at, n_account, n_post


@njit(cache=True, nogil=True)
def _taken(  # type: ignore[no-untyped-def]
    objects, begin, size, room, end, at, account, post, start, n_at, n_account, n_post
):
    """Writes the new blocks, moving those that outgrew their room to the end; the new end."""
    for k in range(objects.shape[0]):
        o, n = objects[k], start[k + 1] - start[k]
        if n > room[o]:
            begin[o], room[o] = end, n + n // 2
            end += room[o]
        size[o] = n
        b = begin[o]
        at[b : b + n] = n_at[start[k] : start[k + 1]]
        account[b : b + n] = n_account[start[k] : start[k + 1]]
        post[b : b + n] = n_post[start[k] : start[k + 1]]
    return end


@njit(cache=True, nogil=True)
def _moved(begin, size, room, at, account, post, to_at, to_account, to_post):  # type: ignore[no-untyped-def]
    """Moves all blocks together, each with no more room than it needs; the new end."""
    end = 0
    for o in range(begin.shape[0]):
        b, n = begin[o], size[o]
        to_at[end : end + n] = at[b : b + n]
        to_account[end : end + n] = account[b : b + n]
        to_post[end : end + n] = post[b : b + n]
        begin[o], room[o] = end, n
        end += n
    return end

"""Acts as numbers: what the engine reads, whatever the trace.

Strings become codes once, here; everything after works on integers and ends with a look back into
the three lists of names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one trace, sorted by object and time. Arrays of shape [n].

    `account` are positions in the sorted `accounts`, so the smaller code is the smaller id;
    `row` are positions in `posts`. `place` says within what chance shuffles an object's acts
    (co_ticker: the ticker), as a code by object, shape [objects]. `text` are positions in `texts`.
    """

    account: Codes
    object: Codes
    at: Ints
    row: Ints
    text: Codes
    place: Codes
    accounts: pl.Series
    objects: pl.Series
    posts: pl.Series
    texts: pl.Series

    @property
    def places(self) -> int:
        """How many separate places there are."""
        return int(self.place.max()) + 1 if len(self.place) else 0


def encode(frame: pl.DataFrame, accounts: pl.Series | None = None) -> Acts:
    """Acts from a frame with the columns ACTS. The same set of acts whatever the order of rows.

    `accounts`: sorted ids that the codes shall refer to, so that several traces share them; by
    default those of the frame. `stratum` and `text_id` may be absent.
    """
    if accounts is None:
        accounts = frame["account"].unique().sort()
    account = frame["account"].cast(pl.Enum(accounts)).to_physical().to_numpy().astype(np.int32)
    code, objects = _coded(frame["object"])
    at = frame["at"].to_numpy().astype(np.int64)
    order = _by_object(code, np.argsort(at, kind="stable"), len(objects))
    text, texts = np.zeros(0, dtype=np.int32), pl.Series([], dtype=pl.String)
    if "text_id" in frame.columns:
        text, texts = _coded(frame["text_id"])
        text = text[order]
    return Acts(
        account=account[order],
        object=code[order],
        at=at[order],
        row=order,
        text=text,
        place=_places(frame, code, len(objects)),
        accounts=accounts,
        objects=objects,
        posts=frame["post"],
        texts=texts,
    )


def _coded(names: pl.Series) -> tuple[Codes, pl.Series]:
    """Codes, and the names they stand for in the order of first appearance."""
    known = names.unique(maintain_order=True)
    return names.cast(pl.Enum(known)).to_physical().to_numpy().astype(np.int32), known


def _places(frame: pl.DataFrame, code: Codes, objects: int) -> Codes:
    """The place of each object: objects of one stratum column value share it.

    Numbered by name, for what is summed over places must not depend on the order of rows.
    """
    place = np.zeros(objects, dtype=np.int32)
    if "stratum" in frame.columns:
        names = frame["stratum"].unique().sort()
        place[code] = frame["stratum"].cast(pl.Enum(names)).to_physical().to_numpy()
    return place


@njit(cache=True, nogil=True)
def _by_object(code, by_time, objects):  # type: ignore[no-untyped-def]
    """Rows by object and, within one, in the order of `by_time`: a stable counting sort."""
    start = np.zeros(objects + 1, dtype=np.int64)
    for i in range(code.shape[0]):
        start[code[i] + 1] += 1
    for k in range(objects):
        start[k + 1] += start[k]
    out = np.empty(code.shape[0], dtype=np.int64)
    for i in by_time:
        out[start[code[i]]] = i
        start[code[i]] += 1
    return out

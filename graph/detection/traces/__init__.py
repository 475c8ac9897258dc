"""One kind of shared behaviour a file. README.md walks through adding one."""

from __future__ import annotations

from graph.detection.traces import (
    account_metadata,
    co_domain,
    co_hashtag,
    co_link,
    co_mention,
    co_reply,
    co_repost,
    co_ticker,
    hashtag_sequence,
    lockstep,
    near_text,
    same_image,
    same_meaning,
    same_phrase,
    same_text,
)
from graph.detection.traces.trace import Trace

# The most telling first: of several traces that saw the same two posts, the first names them.
# What contains another stands after it, and what needs the rarer accident before the commoner.
_EVERY: tuple[Trace, ...] = (
    same_text.TRACE,
    near_text.TRACE,
    same_meaning.TRACE,
    same_phrase.TRACE,
    same_image.TRACE,
    hashtag_sequence.TRACE,
    co_link.TRACE,
    co_reply.TRACE,
    co_mention.TRACE,
    co_hashtag.TRACE,
    co_domain.TRACE,
    co_ticker.TRACE,
    co_repost.TRACE,
    lockstep.TRACE,
    account_metadata.TRACE,
)

ALL: dict[str, Trace] = {trace.name: trace for trace in _EVERY}
MOST_TELLING_FIRST: tuple[str, ...] = tuple(ALL)

# What the pipeline asks by default, beside the text traces that compare texts, which it makes
# itself because they share one list of neighbours. Each further trace makes every tie's p larger.
PLAIN: tuple[Trace, ...] = (co_ticker.TRACE, co_link.TRACE, same_text.TRACE)

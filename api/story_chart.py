"""The timeline of a story as SVG: price, posts by account, other posts, and the watch's score.

What was known only later than a step is told by `data-known` (epoch milliseconds); story.js hides
it. Only moments that a reader may see from the start, such as the axis, have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import count

from api.pipeline import ALERT_AT
from api.story import EVERY, Story
from api.story_words import labels, lasted, moment
from graph.model import Bar, Millis, Post
from graph.windows import DAY

WIDE, NARROW = 960, 400
_TOP, _PRICE, _ROW, _STRIP, _SCORE, _GAP, _AXIS = 20, 150, 14, 26, 64, 26, 22
_RIGHT = 12


def tag(name: str, *inside: str, text: object = None, **attributes: object) -> str:
    """An element. Attributes and `text` are escaped, `inside` is markup already; `_` in a name is
    `-` but at its end, and attributes of None are left out."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    held = "".join(inside) + ("" if text is None else escape(str(text)))
    return f"<{name}{told}>{held}</{name}>"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where things are: times to x, panels to y."""

    story: Story
    width: int

    @property
    def left(self) -> int:
        return 48 if self.width > 600 else 40

    @property
    def posts_top(self) -> int:
        return _TOP + _PRICE + _GAP

    @property
    def strip_top(self) -> int:
        return self.posts_top + _ROW * len(self.story.campaign.members) + _GAP

    @property
    def score_top(self) -> int:
        return self.strip_top + _STRIP + _GAP

    @property
    def bottom(self) -> int:
        return self.score_top + _SCORE

    def x(self, at: Millis) -> float:
        first, last = self.story.window
        return round(
            self.left + (at - first) / (last - first) * (self.width - self.left - _RIGHT), 1
        )


def chart(story: Story, width: int) -> str:
    """The timeline, `width` units wide. Dots say who and what in a wide one only."""
    place = _Place(story, width)
    first, last = story.window
    parts: list[str] = [
        *_axis(place),
        *_prices(place),
        *_rows(place),
        *_others(place),
        *_scores(place),
        *_marks(place),
    ]
    now = tag("line", class_="now", x1=place.left, x2=place.left, y1=_TOP, y2=place.bottom)
    return tag(
        "svg",
        *parts,
        now,
        class_="wide" if width == WIDE else "narrow",
        viewBox=f"0 0 {width} {place.bottom + _AXIS}",
        role="img",
        aria_label=f"Timeline of the campaign on {story.campaign.ticker}; each step tells it below",
        data_first=first,
        data_last=last,
        data_left=place.left,
        data_right=width - _RIGHT,
    )


def _axis(place: _Place) -> Iterator[str]:
    """A line a day and a date where there is room, and a heading above each panel."""
    first, last = place.story.window
    days = range(-(-first // DAY) * DAY, last + 1, DAY)
    room = 58 / (place.width - place.left - _RIGHT) * (last - first) / DAY
    for number, day in enumerate(days):
        x = place.x(day)
        yield tag("line", class_="grid", x1=x, x2=x, y1=_TOP, y2=place.bottom)
        if number % max(round(room + 0.5), 1) == 0 and x < place.width - 30:
            date = f"{datetime.fromtimestamp(day / 1000, UTC):%-d %b}"
            yield tag("text", class_="tick", x=x, y=place.bottom + 15, text=date)
    yield _heading(place, place.posts_top, "The campaign's posts, a row an account")
    yield _heading(place, place.strip_top, "Everyone else's posts about the stock")
    yield _heading(place, place.score_top, "Score of the campaign's cluster")


def _heading(place: _Place, top: int, text: str) -> str:
    return tag("text", class_="heading", x=place.left, y=top - 8, text=text)


def _prices(place: _Place) -> Iterator[str]:
    """A bar a session from lowest to highest, its body from open to close; events above it."""
    bars = place.story.bars
    if not bars:
        return
    low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
    spread = (high - low) or 1.0
    step = place.x(place.story.window[0] + DAY) - place.left

    def y(price: float) -> float:
        return round(_TOP + 14 + (high - price) / spread * (_PRICE - 14), 1)

    for price in (low, (low + high) / 2, high):
        yield tag("text", class_="scale", x=place.left - 5, y=y(price) + 4, text=f"{price:.2f}")
    for bar in bars:
        yield _bar(bar, place.x(bar.at + DAY // 2), y, step)
    tops = {bar.at: y(bar.high) for bar in bars}
    for event in place.story.events:
        x, top = place.x(event.at // DAY * DAY + DAY // 2), tops.get(event.at // DAY * DAY, _TOP)
        said = tag("title", text=event.explanation)
        path = f"M{x} {top - 3}l-4.5 -7h9z"
        yield tag("path", said, class_="event", d=path, data_known=event.known_at)


def _bar(bar: Bar, x: float, y: Callable[[float], float], step: float) -> str:
    half = round(min(step * 0.32, 9), 1)
    top, bottom = y(max(bar.open, bar.close)), y(min(bar.open, bar.close))
    said = f"{datetime.fromtimestamp(bar.at / 1000, UTC):%Y-%m-%d}: close {bar.close:.2f}"
    return tag(
        "g",
        tag("title", text=f"{said}, volume {bar.volume:,.0f}"),
        tag("line", x1=x, x2=x, y1=y(bar.high), y2=y(bar.low)),
        tag(
            "rect",
            x=round(x - half, 1),
            y=top,
            width=2 * half,
            height=max(round(bottom - top, 1), 1),
        ),
        class_="bar up" if bar.close >= bar.open else "bar down",
        data_known=bar.known_at,
    )


def _rows(place: _Place) -> Iterator[str]:
    """Members, leaders first: a line from when they were tied on, and dots for posts."""
    story, end = place.story, place.width - _RIGHT
    names = labels(story)
    for account, y in zip(names, count(place.posts_top + _ROW // 2, _ROW), strict=False):
        leads = names[account].startswith("L")
        kind = "leader" if leads else "member"
        yield tag("text", class_=f"scale {kind}", x=place.left - 5, y=y + 4, text=names[account])
        yield tag("line", class_="row", x1=place.left, x2=end, y1=y, y2=y)
        tied = story.first_tied.get(account)
        if tied is not None and tied <= story.window[1]:
            x = max(place.x(tied), place.left)
            yield tag("line", class_="tied", x1=x, x2=end, y1=y, y2=y, data_known=tied)
        for post in story.posts:
            if post.account_id == account:
                yield _dot(place, post, y, names[account], leads)


def _dot(place: _Place, post: Post, y: int, name: str, leads: bool) -> str:
    x = place.x(post.at)
    said = [tag("title", text=f"{name}, {moment(post.at)}: {post.text}")]
    inside = said if place.width == WIDE else []
    if leads:
        path = f"M{x} {y - 6}l6 6l-6 6l-6 -6z"
        return tag("path", *inside, class_="post leader", d=path, data_known=post.known_at)
    return tag("circle", *inside, class_="post member", cx=x, cy=y, r=4, data_known=post.known_at)


def _others(place: _Place) -> Iterator[str]:
    top = place.strip_top
    yield tag(
        "rect",
        class_="strip",
        x=place.left,
        y=top,
        width=place.width - _RIGHT - place.left,
        height=_STRIP,
    )
    for post in place.story.others:
        x = place.x(post.at)
        yield tag(
            "line",
            class_="other",
            x1=x,
            x2=x,
            y1=top + 4,
            y2=top + _STRIP - 4,
            data_known=post.known_at,
        )


def _scores(place: _Place) -> Iterator[str]:
    """A bar a look, as high as the score then; the alert line across."""
    end = place.width - _RIGHT

    def y(score: int) -> float:
        return round(place.bottom - score / 100 * _SCORE, 1)

    for score in (0, ALERT_AT, 100):
        kind = "alert" if score == ALERT_AT else "row"
        yield tag("line", class_=kind, x1=place.left, x2=end, y1=y(score), y2=y(score))
        yield tag("text", class_="scale", x=place.left - 5, y=y(score) + 4, text=score)
    for step in place.story.steps:
        if step.risk is not None:
            x, width = (
                place.x(step.as_of - EVERY),
                place.x(step.as_of) - place.x(step.as_of - EVERY),
            )
            yield tag(
                "rect",
                class_="score high" if step.risk.score >= ALERT_AT else "score",
                x=x,
                y=y(step.risk.score),
                width=round(width, 1),
                height=round(place.bottom - y(step.risk.score), 1),
                data_known=step.as_of,
            )


def _marks(place: _Place) -> Iterable[str]:
    """Upright lines: the first post, the first sighting, and the day of the highest close."""
    story = place.story
    yield from _mark(place, story.campaign.start, story.campaign.start, "first post", "begin", -1)
    if story.peak is not None:
        over = (story.campaign.end // DAY + 1) * DAY  # only then it is known to be the highest
        at = story.peak.at + DAY // 2
        yield from _mark(place, at, over, "highest close", "peak", 0)
    if story.sighted is not None:
        at = story.sighted.as_of
        label = f"sighted, {lasted(story.sighted.after_first)} on"
        label = label if place.width == WIDE else "sighted"
        side = 1 if place.x(at) < place.width - 7 * len(label) else -1
        yield from _mark(place, at, at, label, "sighted", side)


def _mark(
    place: _Place, at: Millis, known: Millis, label: str, kind: str, side: int
) -> Iterator[str]:
    x = place.x(at)
    y1, y2 = (_TOP, place.bottom) if side else (_TOP - 2, _TOP + _PRICE)
    yield tag("line", class_=f"mark {kind}", x1=x, x2=x, y1=y1, y2=y2, data_known=known)
    yield tag(
        "text",
        class_=f"flag {kind}",
        x=x + 3 * side,
        y=_TOP + _PRICE + 10 if side == 0 else _TOP - 6,
        text_anchor=("end", "middle", "start")[side + 1],
        data_known=known,
        text=label,
    )

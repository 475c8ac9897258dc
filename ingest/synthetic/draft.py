"""A post before it has an id: ids are given at the end, in order of time."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.model import Millis, Post
from ingest.synthetic.people import Person

_CASHTAG = re.compile(r"\$([A-Z]{2,6})\b")
_HASHTAG = re.compile(r"#(\w+)")
_SNOWFLAKE_EPOCH = 1_288_834_974_657


@dataclass(slots=True, eq=False)
class Draft:
    """`author` is a place in the list of people; `part` the campaign or decoy it belongs to."""

    author: int
    at: Millis
    text: str
    links: tuple[str, ...] = ()
    part: str | None = None
    repost_of: Draft | None = None
    quote_of: Draft | None = None
    reply_to: Draft | None = None


def number(
    drafts: Sequence[Draft], people: Sequence[Person]
) -> tuple[list[Post], dict[str, list[Post]]]:
    """The posts by time, and those of each campaign and decoy. Originals come first."""
    ordered = sorted(drafts, key=lambda d: (d.at, d.repost_of is not None, d.author, d.text))
    ids = {id(draft): _post_id(draft, place) for place, draft in enumerate(ordered)}
    posts: list[Post] = []
    parts: dict[str, list[Post]] = {}
    for draft in ordered:
        made = _post(draft, people, ids)
        posts.append(made)
        if draft.part is not None:
            parts.setdefault(draft.part, []).append(made)
    return posts, parts


def counts(drafts: Sequence[Draft]) -> Counter[int]:
    """Drafts by author."""
    return Counter(draft.author for draft in drafts)


def _post_id(draft: Draft, place: int) -> str:
    return f"x:{((draft.at - _SNOWFLAKE_EPOCH) << 22) | (place % (1 << 22))}"


def _post(draft: Draft, people: Sequence[Person], ids: dict[int, str]) -> Post:
    author = people[draft.author]
    text = _shown(draft, people, ids)
    tagged = draft.repost_of.text if draft.repost_of else draft.text
    return Post(
        id=ids[id(draft)],
        account_id=author.id,
        at=draft.at,
        known_at=draft.at,
        text=text,
        platform="x",
        lang="en",
        client=author.client,
        tickers=_once(_CASHTAG.findall(tagged)),
        hashtags=_once(tag.lower() for tag in _HASHTAG.findall(tagged)),
        links=draft.repost_of.links if draft.repost_of else draft.links,
        mentions=_mentions(draft, people),
        repost_of=_reference(draft.repost_of, ids),
        quote_of=_reference(draft.quote_of, ids),
        reply_to=_reference(draft.reply_to, ids),
    )


def _shown(draft: Draft, people: Sequence[Person], ids: dict[int, str]) -> str:
    if draft.repost_of is not None:
        original = draft.repost_of
        return f"RT @{people[original.author].handle}: {_with_links(original, ids)}"
    text = _with_links(draft, ids)
    return f"@{people[draft.reply_to.author].handle} {text}" if draft.reply_to else text


def _with_links(draft: Draft, ids: dict[int, str]) -> str:
    short = (short_link(link, ids[id(draft)]) for link in draft.links)
    return " ".join([draft.text, *short])


def short_link(link: str, post_id: str) -> str:
    """The shortener's address for a link; each post has its own, as on the platform."""
    code = hashlib.blake2b(f"{link} {post_id}".encode(), digest_size=5).hexdigest()
    return f"https://t.co/{code}"


def _mentions(draft: Draft, people: Sequence[Person]) -> tuple[str, ...]:
    answered = draft.repost_of or draft.reply_to
    return (people[answered.author].id,) if answered else ()


def _reference(draft: Draft | None, ids: dict[int, str]) -> str | None:
    return ids[id(draft)] if draft is not None else None


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))

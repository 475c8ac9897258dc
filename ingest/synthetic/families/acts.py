"""What is done, before it is a post, and what it becomes in place of a post of its author's.

An act takes over the habits of the post that it replaces: its program, and where the act leaves
room for it, that there is a link, hashtags, other stocks. So accounts keep their marginals.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.model import Account, Millis, Post
from ingest.links import domain
from ingest.synthetic.draft import short_link
from ingest.synthetic.words import coined

_CASHTAG = re.compile(r"\$([A-Z][A-Z0-9]{0,8}(?:[.-][A-Z]{1,3})?)\b")
_HASHTAG = re.compile(r"#(\w+)")
_SNOWFLAKE_EPOCH = 1_288_834_974_657
_CLAUSE = re.compile(r"[.,;!?]+ ")
_ANSWERS = 0.1  # who never answers does so now and then
_OTHERS = 2  # of the other stocks that the replaced post named


@dataclass(slots=True, eq=False)
class Act:
    """One post of the plan. `author` is an account's id.

    `answers`, `quotes` and `repeats` are acts or posts of the background. `plain`: nothing of the
    replaced post's habits is added to it, as where a text is copied. `client` None: the replaced
    post's.
    """

    author: str
    at: Millis
    text: str
    links: tuple[str, ...] = ()
    answers: Act | Post | None = None
    quotes: Act | Post | None = None
    repeats: Act | Post | None = None
    plain: bool = False
    talks: bool = False
    aside: bool = False
    client: str | None = None
    since: Millis | None = None
    part: str = ""
    dressed: tuple[str, ...] = ()  # hashtags and cashtags taken over


def dress(
    rng: random.Random, act: Act, slot: Post, tags: Sequence[str], sayings: Sequence[str]
) -> None:
    """Gives the act what its author's replaced post had: program, a link, hashtags, stocks."""
    act.client = act.client or slot.client
    if act.repeats is not None:
        return
    if isinstance(act.answers, Post) and not slot.reply_to and rng.random() > _ANSWERS:
        act.answers = None
    if slot.links and not act.links and slot.repost_of is None:
        act.links = (own_page(rng, slot.links[0]),)
    if act.talks and sayings:
        act.text = longer(rng, act.text, rng.choice(sayings), len(slot.text))
    if act.plain:
        return
    own = _CASHTAG.findall(act.text)
    others = [f"${ticker}" for ticker in slot.tickers if ticker not in own]
    others = others[: min(_OTHERS, len(slot.tickers) - 1)] if slot.tickers else []
    marks = [f"#{rng.choice(tags)}" for _ in slot.hashtags[:3]] if tags else []
    act.dressed = tuple(dict.fromkeys([*others, *marks]))


def longer(rng: random.Random, text: str, saying: str, length: int) -> str:
    """The text with as many clauses of the saying as bring it near a length in characters."""
    for clause in _CLAUSE.split(saying.replace("{T}", "it")):
        if len(text) + len(clause) > length:
            break
        text += rng.choice((". ", ", ", "; ", " - ")) + clause
    return text


def own_page(rng: random.Random, like: str) -> str:
    """A page nobody else links to, at the same host."""
    return f"https://{domain(like)}/{coined(rng).lower()}{rng.randrange(10**5, 10**7)}"


def as_posts(
    acts: Iterable[Act], accounts: Mapping[str, Account], taken: Iterable[str]
) -> tuple[list[Post], dict[str, list[Post]]]:
    """The posts by time, and those of each part. Ids are new and look like those around them."""
    ordered = sorted(acts, key=lambda a: (a.at, a.repeats is not None, a.author, a.text))
    ids = _ids(ordered, accounts, set(taken))
    posts: list[Post] = []
    parts: dict[str, list[Post]] = {}
    for act in ordered:
        made = _post(act, accounts, ids)
        posts.append(made)
        if not act.aside:
            parts.setdefault(act.part, []).append(made)
    return posts, parts


def _ids(
    ordered: Sequence[Act], accounts: Mapping[str, Account], taken: set[str]
) -> dict[int, str]:
    ids: dict[int, str] = {}
    for act in ordered:
        platform = accounts[act.author].platform
        low = hashlib.blake2b(f"{act.author} {act.at} {act.text}".encode(), digest_size=4).digest()
        number = ((act.at - _SNOWFLAKE_EPOCH) << 22) | (int.from_bytes(low, "big") % (1 << 22))
        while f"{platform}:{number}" in taken:
            number += 1
        ids[id(act)] = f"{platform}:{number}"
        taken.add(ids[id(act)])
    return ids


def _post(act: Act, accounts: Mapping[str, Account], ids: Mapping[int, str]) -> Post:
    author, key = accounts[act.author], ids[id(act)]
    original = act.repeats
    said = _said(original, ids) if original is not None else _words(act)
    links = original.links if original is not None else act.links
    tags = _HASHTAG.findall(said)
    tickers = original.tickers if isinstance(original, Post) else _CASHTAG.findall(said)
    return Post(
        id=key,
        account_id=act.author,
        at=act.at,
        known_at=act.at,
        text=_shown(act, said, accounts, ids),
        platform=author.platform,
        lang="en",
        client=act.client,
        tickers=tuple(dict.fromkeys(tickers)),
        hashtags=tuple(dict.fromkeys(tag.casefold() for tag in tags)),
        links=links,
        mentions=_mentions(act),
        repost_of=_key(original, ids),
        quote_of=_key(act.quotes, ids),
        reply_to=_key(act.answers, ids),
    )


def _words(act: Act) -> str:
    return " ".join([act.text, *act.dressed])


def _said(original: Act | Post, ids: Mapping[int, str]) -> str:
    """A repeated post's text as it was shown, with the short links of the original."""
    if isinstance(original, Post):
        return original.text
    shorts = (short_link(link, ids[id(original)]) for link in original.links)
    return " ".join([_words(original), *shorts])


def _shown(act: Act, said: str, accounts: Mapping[str, Account], ids: Mapping[int, str]) -> str:
    if act.repeats is not None:
        return f"RT @{_handle(act.repeats, accounts)}: {said}"
    text = " ".join([said, *(short_link(link, ids[id(act)]) for link in act.links)])
    return f"@{_handle(act.answers, accounts)} {text}" if act.answers is not None else text


def _handle(to: Act | Post, accounts: Mapping[str, Account]) -> str:
    return accounts[_author(to)].handle or "somebody"


def _author(to: Act | Post) -> str:
    return to.account_id if isinstance(to, Post) else to.author


def _mentions(act: Act) -> tuple[str, ...]:
    to = act.repeats or act.answers
    return (_author(to),) if to is not None else ()


def _key(to: Act | Post | None, ids: Mapping[int, str]) -> str | None:
    if to is None:
        return None
    return to.id if isinstance(to, Post) else ids[id(to)]

"""What there is: the values every room speaks in. Frozen, no I/O, importing nothing of ours.

Time is integer epoch milliseconds, UTC. `at` is when something happened, `known_at` when we could
have known it. Identity is `platform:id` in one string, `id`; a stock's id is its ticker.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Millis = int


@dataclass(frozen=True, slots=True)
class Account:
    """Who posts. A mention alone makes a stub: an id, perhaps a handle, nothing else known."""

    id: str
    platform: str
    known_at: Millis
    handle: str | None = None
    created_at: Millis | None = None
    followers: int | None = None
    following: int | None = None
    posts_count: int | None = None
    verified: bool | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post as its platform gave it. References are ids; the things they name may be unknown."""

    id: str
    account_id: str
    at: Millis
    known_at: Millis
    text: str
    platform: str
    lang: str | None = None
    client: str | None = None
    tickers: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    repost_of: str | None = None
    quote_of: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """A ticker somebody named or a price was read for."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or minute of trading. `at` is the session's day at 00:00 UTC, or when the minute
    began; `known_at` is when it was over."""

    ticker: str
    at: Millis
    known_at: Millis
    open: float
    high: float
    low: float
    close: float
    adj_close: float
    volume: float


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """A stock's day, hour or minute that its own past does not explain."""

    id: str  # TICKER:YYYY-MM-DD:kind, with THH:MM behind the date of an hour or minute
    ticker: str
    at: Millis
    known_at: Millis
    kind: str  # "abnormal_return", "volume_spike" … (ingest/market/detectors/README.md)
    z: float
    p_value: float
    abnormal_return: float  # fraction, 0.05 is five per cent; nan where the kind has none
    volume_z: float
    explanation: str
    severity: str | None = None  # "notable", "strong" from |z| 5, "extreme" from 8
    window: str | None = None  # what was looked at, as the detector says it: "[-2, 0]"
    bars_used: int | None = None  # earlier bars (of attention: days) that the judgement rests on
    begins_at: Millis | None = None  # when the session opened, or the hour or minute began
    circuit: str | None = None  # "upper 5 %": the exchange's limit that the day closed at
    halted: int | None = None  # sessions without a trade just before
    split_ratio: float | None = None  # of a split that would explain the jump and was not told


@dataclass(frozen=True, slots=True)
class News:
    """One article or filing, as its source gave it. Who wrote it is not kept."""

    id: str  # "news:" and a hash of its address
    at: Millis  # when it was published
    known_at: Millis  # when these words could be read
    kind: str  # "filing" where an exchange or a regulator published it, else "news"
    title: str
    summary: str
    url: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Background:
    """What was known when a price event began, and what came first. See docs/events.md."""

    event_id: str
    news: tuple[tuple[str, float], ...] = ()  # what was known, with minutes before; the last first
    probability: float | None = None  # that news explains it; None where no news was gathered
    base_rate: float | None = None  # how often this stock's ordinary days have news before them
    ratio: float | None = None  # likelihood ratio of what was seen: explained by news against not
    p_value: float | None = None  # how often an ordinary day has as much news before it
    posts_at: Millis | None = None  # when posts stood out
    news_at: Millis | None = None  # when the first news around it was known
    order: tuple[str, ...] = ()  # of "posts", "news" and "price", what came first


@dataclass(frozen=True, slots=True)
class CoAction:
    """Two posts of two accounts that did the same thing within a window: what a tie rests on."""

    left_post: str
    right_post: str
    trace: str
    object: str
    window: str  # as a person writes it: "10m", "7d"
    seconds: float  # right minus left


@dataclass(frozen=True, slots=True)
class TiePart:
    """What one trace in one window says of a pair by itself, before anything is combined."""

    trace: str
    window: str
    co_actions: int
    expected: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Tie:
    """The suspicion between two accounts, left < right."""

    left: str
    right: str
    traces: tuple[str, ...]
    weight: float  # -log10 of the combined p-value
    p_value: float
    q_value: float
    co_actions: int
    expected: float  # co-actions chance would give, by the trace that weighs most
    first_at: Millis
    last_at: Millis
    evidence: tuple[CoAction, ...] = ()
    by_value: float = 1.0  # as q_value, by Benjamini and Yekutieli
    anytime_p: float = 1.0  # that may be looked at again and again (graph/detection/anytime.py)
    synchrony_p: float = 1.0  # the times, given what was shared (graph/detection/synchrony.py)
    parts: tuple[TiePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An account's part in a cluster."""

    account_id: str
    role: str  # "leader", "amplifier" or "source"
    strength: float  # -log10 of Simes' p of its ties inside, over all it could be tied to


@dataclass(frozen=True, slots=True)
class Promotion:
    """A stock that a cluster's evidence posts name."""

    ticker: str
    posts: int
    share: float  # of the cluster's evidence posts
    first_at: Millis
    last_at: Millis


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing that several accounts said of a stock and hardly anybody says of others."""

    kind: str  # "phrase", "link" or "post" (repeated, quoted or answered)
    what: str  # the words, the address or the post's id
    accounts: int
    first_at: Millis
    last_at: Millis
    p_value: float  # see graph/detection/voices.py


@dataclass(frozen=True, slots=True)
class Cluster:
    """Accounts tied together or speaking with one voice, found by one run."""

    id: str  # stable while its members stay the same
    members: tuple[Member, ...]
    traces: tuple[str, ...]
    promotions: tuple[Promotion, ...]
    posts: tuple[str, ...]  # evidence posts, earliest first
    density: float
    weight: float
    first_at: Millis
    last_at: Millis
    benign: str | None = None  # why this looks like ordinary life, in a sentence, if it does
    coordination: float = 0.0  # 0 to 1, see docs/clusters.md
    voices: tuple[Voice, ...] = ()  # what members said alike of a stock, the most telling first


@dataclass(frozen=True, slots=True)
class Factor:
    """One named feature and what it did to a score."""

    name: str
    text: str  # the sentence a person reads
    value: float
    effect: float  # change in log odds against a typical entity; positive raises the risk


@dataclass(frozen=True, slots=True)
class Risk:
    """An indicator, never a verdict."""

    subject: str  # id of what is scored
    kind: str  # "cluster", "stock" or "account"
    score: int  # 1 to 100
    probability: float
    band: str  # low < 30, watch, elevated >= 50, high >= 70, critical >= 85
    model: str
    as_of: Millis
    factors: tuple[Factor, ...] = ()


class AlertState(StrEnum):
    """What an analyst made of an alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Alert:
    """A lineage whose risk passed the line, raised once and kept while its members come and go.

    `score`, `size`, `title`, `tickers` and `cluster_id` are those of the newest run that found it.
    """

    id: str
    cluster_id: str
    title: str
    score: int
    raised_at: Millis
    run_id: str
    tickers: tuple[str, ...] = ()
    state: AlertState = AlertState.OPEN
    reason: str | None = None
    history: tuple[str, ...] = field(default=())  # "<ms> <state> <reason>" a line, oldest first
    lineage_id: str | None = None
    size: int = 0  # accounts

"""The evidence of one cluster: its posts with their shared acts, and the groups that they form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gnn.removal.scene import Scene
from gnn.removal.voicing import said
from graph.model import CoAction, Millis, Voice


@dataclass(frozen=True, slots=True)
class Piece:
    """An evidence post: by whom, when, on which stocks, its shared acts with others', and what it
    says that members say alike."""

    post: str
    account: str
    at: Millis
    tickers: tuple[str, ...]
    acts: tuple[CoAction, ...]
    voices: tuple[Voice, ...] = ()

    @property
    def others(self) -> frozenset[str]:
        """The posts that it shares something with."""
        return frozenset({post for a in self.acts for post in _ends(a)} - {self.post})


@dataclass(frozen=True, slots=True)
class Group:
    """Posts of one kind: `type` is object, trace, voice or member, `name` which one;
    `trace` is the kind of a voice."""

    type: str
    name: str
    trace: str | None
    posts: tuple[str, ...]


def pieces(scene: Scene) -> dict[str, Piece]:
    """Every evidence post of the cluster that is known, earliest first."""
    acts: defaultdict[str, list[CoAction]] = defaultdict(list)
    for act in acts_inside(scene):
        for post in _ends(act):
            acts[post].append(act)
    voices: defaultdict[str, list[Voice]] = defaultdict(list)
    for one in said(scene.cluster, scene.observed):
        for post in one.posts:
            voices[post].append(one.voice)
    wanted = set(scene.cluster.posts)
    tickers: defaultdict[str, list[str]] = defaultdict(list)
    for post, ticker in scene.observed.named.iter_rows():
        if post in wanted:
            tickers[post].append(ticker)
    rows = scene.observed.posts.select("at", "post", "account").iter_rows()
    return {
        post: Piece(
            post,
            account,
            at,
            tuple(sorted(tickers[post])),
            tuple(acts[post]),
            tuple(voices[post]),
        )
        for at, post, account in sorted(row for row in rows if row[1] in wanted)
    }


def acts_inside(scene: Scene) -> Iterable[CoAction]:
    """The shared acts of ties between members, by tie."""
    members = {member.account_id for member in scene.cluster.members}
    for tie in sorted(scene.ties, key=lambda tie: (tie.left, tie.right)):
        if tie.left in members and tie.right in members:
            yield from tie.evidence


def groups(found: Sequence[Piece]) -> list[Group]:
    """Objects that more than one post shares, traces, voices and members, in order of their names.

    Objects with the very same posts are told once, by the first trace and name.
    """
    known = {piece.post for piece in found}
    by_object: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    by_trace: defaultdict[str, set[str]] = defaultdict(set)
    by_voice: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    by_member: defaultdict[str, set[str]] = defaultdict(set)
    for piece in found:
        by_member[piece.account].add(piece.post)
        for voice in piece.voices:
            by_voice[voice.what, voice.kind].add(piece.post)
        for act in piece.acts:
            both = {post for post in _ends(act) if post in known}
            by_object[act.trace, act.object] |= both
            by_trace[act.trace] |= both
    shared: dict[frozenset[str], tuple[str, str]] = {}
    for key in sorted(by_object):
        shared.setdefault(frozenset(by_object[key]), key)
    return [
        *(
            Group("object", name, trace, _in_order(posts))
            for posts, (trace, name) in shared.items()
        ),
        *(Group("trace", name, name, _in_order(by_trace[name])) for name in sorted(by_trace)),
        *(Group("voice", *key, _in_order(by_voice[key])) for key in sorted(by_voice)),
        *(Group("member", name, None, _in_order(by_member[name])) for name in sorted(by_member)),
    ]


def _ends(act: CoAction) -> tuple[str, str]:
    return act.left_post, act.right_post


def _in_order(posts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(posts))

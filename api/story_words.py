"""A story in sentences. Every number in them is a field of `api.story`; nothing is escaped here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from api.pipeline import ALERT_AT
from api.show import second
from api.story import EVERY, Sighted, Step, Stories, Story, best, inside, ties_among
from api.watching import TRACES, Sighting
from graph.model import CoAction, Millis, Tie
from graph.windows import DAY

HOUR = DAY // 24
KINDS = {
    "copied_burst": "All post one text within minutes, the leader first; a new text each time.",
    "reworded_jitter": "One message in everybody's own words, over hours to two days, in waves.",
    "link_drip": "A few pages, linked by all over days to weeks, in words of one's own.",
}
NAMES = {
    "same_text": "the same text",
    "near_text": "nearly the same text",
    "same_meaning": "the same meaning",
    "co_link": "the same link",
    "co_ticker": "the same stock at the same time",
}
"""What the usual traces share."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """`3 posts`, `1 post`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lasted(span: Millis) -> str:
    """`40 seconds`, `5 minutes`, `7.5 hours` or `6.2 days`, of a span of 0 or more."""
    if span < 120_000:
        return counted(round(span / 1000), "second")
    if span < HOUR:
        return counted(round(span / 60_000), "minute")
    if span < 2 * DAY:
        return f"{span / HOUR:.1f} hours"
    return f"{span / DAY:.1f} days"


def moment(at: Millis) -> str:
    """To the minute, UTC."""
    return f"{second(at)[:16]} UTC"


def percent(part: float) -> str:
    """With its sign, to a tenth of a per cent."""
    return f"{100 * part:+.1f} %"


def labels(story: Story) -> dict[str, str]:
    """What a member is called: L1 for a leader, M1 for who repeats, in the truth's order."""
    found: dict[str, str] = {}
    for initial, role in (("L", "leader"), ("M", "amplifier")):
        its = [one.account_id for one in story.campaign.members if one.role == role]
        found |= {account: f"{initial}{n}" for n, account in enumerate(its, 1)}
    return found


def overview(all_of_them: Stories) -> str:
    """What was planted and how much of it was told."""
    planted, found = all_of_them.planted, [s for s in all_of_them.stories if s.sighted]
    return (
        f"{counted(len(planted.accounts), 'account')} wrote {len(planted.posts):,} posts."
        f" {counted(len(all_of_them.stories), 'campaign')} were planted among them;"
        f" the watch sighted {len(found)} of them, and told"
        f" {counted(len(all_of_them.elsewhere), 'cluster')} of other accounts."
    )


def happened(story: Story) -> list[str]:
    """The campaign as it was planted."""
    campaign, leaders = story.campaign, Counter(m.role for m in story.campaign.members)["leader"]
    wrote = (
        f"{counted(len(campaign.members), 'account')}, {leaders} of them leading, wrote"
        f" {counted(len(campaign.post_ids), 'post')} about ${campaign.ticker} from"
        f" {moment(campaign.start)} to {moment(campaign.end)}."
    )
    return [KINDS.get(campaign.kind, ""), wrote, _effect(story)]


def _effect(story: Story) -> str:
    if story.peak is None:
        return "No effect on the price was planted."
    return (
        f"A rise of {100 * story.campaign.price_effect:.0f} % was planted; the highest close while"
        f" it went on is {story.peak.close:.2f}, on {second(story.peak.at)[:10]}."
    )


def step_title(story: Story, step: Step) -> str:
    """When it is, and how long the campaign has gone on."""
    since = step.as_of - story.campaign.start
    if step.posts == 0:
        return f"{moment(step.as_of)}, before its first post"
    return f"{moment(step.as_of)}, {lasted(max(since, 0))} after its first post"


def step_text(story: Story, step: Step) -> list[str]:
    """What was visible then: posts, price, and what the watch made of it."""
    return [*_posts(story, step), *_market(step), _watched(step)]


def _posts(story: Story, step: Step) -> list[str]:
    others = f"{counted(step.others, 'other post')} named the stock in the days shown"
    if step.latest is None:
        return [f"The campaign has not begun. {others}."]
    name = labels(story)[step.latest.account_id]
    return [
        f"{counted(step.posts, 'post')} by {counted(step.authors, 'account')} so far; {others}.",
        f"The latest, by {name} at {moment(step.latest.at)}: “{step.latest.text}”",
    ]


def _market(step: Step) -> list[str]:
    if step.close is None:
        return []
    moved = "" if step.change is None else f", {percent(step.change)} since before the first post"
    told = f"The last close is {step.close:.2f}{moved}."
    if not step.events:
        return [f"{told} No price event so far."]
    last = step.events[-1]
    many = counted(len(step.events), "price event")
    return [f"{told} {many} so far, the last of {second(last.at)[:10]}: {last.explanation}"]


def _watched(step: Step) -> str:
    if not step.ties:
        return "No two of its accounts are tied."
    tied = f"{counted(step.tied, 'account')} of it are tied, by {counted(step.ties, 'tie')}"
    if step.risk is None:
        return f"{tied}; no cluster is mostly of them, so there is nothing to score."
    return (
        f"{tied}; a cluster holds {step.held} of its accounts and {_strangers(step.strangers)}, by"
        f" {named(step.traces)}. Score {step.risk.score} of 100 ({step.risk.band});"
        f" the alert line is {ALERT_AT}."
    )


def _strangers(number: int) -> str:
    return counted(number, "other") if number else "no other"


def named(traces: Sequence[str]) -> str:
    """Traces as people say them."""
    return ", ".join(NAMES.get(trace, trace.replace("_", " ")) for trace in traces)


def found(story: Story, all_of_them: Stories) -> list[str]:
    """How it was found, or that it was not and why; and what a whole run makes of it."""
    told = _sighting(story, story.sighted) if story.sighted else _missed(story, all_of_them)
    return [*told, _whole(story, all_of_them)]


def _sighting(story: Story, one: Sighted) -> list[str]:
    whole, posted = len(story.campaign.members), _posted(story, one.as_of)
    strangers = len(one.cluster.members) - one.members
    first = (
        f"The watch first told it at {moment(one.as_of)}, {lasted(one.after_first)} after its first"
        f" post{_before_peak(one.before_peak)}, when {posted} of its"
        f" {len(story.campaign.post_ids)} posts were out: score {one.risk.score}"
        f" ({one.risk.band}), {one.members} of its {whole} accounts and"
        f" {_strangers(strangers)}, by {named(one.cluster.traces)}."
    )
    why = [f"It gave as reason: {factor.text}." for factor in one.risk.factors[:1]]
    return [first, *why, *(_tie(story, one.tie) if one.tie else []), _unseen(story)]


def _before_peak(span: Millis | None) -> str:
    if span is None:
        return ""
    if span >= 0:
        return f" and {lasted(span)} before its highest close was known"
    return f" and {lasted(-span)} after its highest close was known"


def _posted(story: Story, as_of: Millis) -> int:
    return sum(post.known_at <= as_of for post in story.posts)


def _tie(story: Story, tie: Tie) -> list[str]:
    """The two posts that are closest in time behind a tie."""
    texts = {post.id: post for post in (*story.posts, *story.others)}
    pairs = [a for a in tie.evidence if a.left_post in texts and a.right_post in texts]
    name = labels(story)
    if not pairs:
        return []
    act = min(pairs, key=lambda a: (abs(a.seconds), a.left_post, a.right_post))
    left, right = texts[act.left_post], texts[act.right_post]
    return [
        f"Its strongest tie then joins {name[tie.left]} and {name[tie.right]}, which met"
        f" {counted(tie.co_actions, 'time')} where chance gives {tie.expected:.2g}; once within"
        f" {lasted(round(abs(act.seconds) * 1000))}, by {_shared(act)}:",
        f"{name[tie.left]}: “{left.text}”",
        f"{name[tie.right]}: “{right.text}”",
    ]


def _shared(act: CoAction) -> str:
    """What two posts have in common; of a link also which, as posts show a shortened one."""
    return named([act.trace]) + (f" ({act.object})" if act.trace == "co_link" else "")


def _missed(story: Story, all_of_them: Stories) -> list[str]:
    asked = named([trace.name for trace in TRACES])
    scores = [step.risk.score for step in story.steps if step.risk]
    largest = max((step.held for step in story.steps), default=0)
    if scores:
        why = (
            f"The largest cluster of it held {counted(largest, 'account')} and the highest score"
            f" was {max(scores)}; the alert line is {ALERT_AT}."
        )
    elif story.first_tied:
        why = "Some of its accounts were tied, but no cluster was ever mostly of them."
    else:
        why = "No two of its accounts were ever tied."
    return [f"The watch did not find it. {why} It asks only for {asked}.", _unseen(story)]


def _unseen(story: Story) -> str:
    """Which members no look ever saw tied."""
    name = labels(story)
    never = [name[who] for who in story.campaign.account_ids if who not in story.first_tied]
    if not never:
        return "Each of its accounts was tied to another one sooner or later."
    if len(never) == len(name):
        return f"None of its {len(name)} accounts was ever tied to another one."
    return f"Never tied to another one: {', '.join(never)}."


def _whole(story: Story, all_of_them: Stories) -> str:
    standing, campaign = all_of_them.whole, story.campaign
    cluster = best(campaign, standing)
    but = "" if all_of_them.meaning else " but the meaning of texts"
    start = f"A whole run over all posts at the end, with every usual trace{but}, "
    if cluster is None:
        tied = len(ties_among(campaign, standing.ties))
        return f"{start}makes {counted(tied, 'tie')} among them and no cluster that is theirs."
    held, risk = len(inside(cluster, campaign)), standing.risks[cluster.id]
    return (
        f"{start}holds {held} of its {len(campaign.members)} accounts in a cluster that scores"
        f" {risk.score}, by {named(cluster.traces)}."
    )


def elsewhere(all_of_them: Stories, as_of: Millis, one: Sighting) -> str:
    """A sighting that is no campaign's, and what its accounts really did."""
    accounts = frozenset(member.account_id for member in one.cluster.members)
    stocks = ", ".join(f"${promotion.ticker}" for promotion in one.cluster.promotions[:3])
    told = (
        f"{moment(as_of)}: {counted(len(accounts), 'account')}"
        f"{' on ' + stocks if stocks else ''}, by {named(one.cluster.traces)},"
        f" score {one.risk.score} ({one.risk.band})."
    )
    decoys = all_of_them.planted.truth.decoys
    parts = [(len(accounts & frozenset(d.account_ids)), d.kind) for d in decoys]
    most, kind = max(parts, default=(0, ""))
    if not most:
        return f"{told} None of them does anything planted."
    what = kind.replace("_", " ")
    return f"{told} {most} of them took part in a harmless look-alike that was planted: {what}."


def every() -> str:
    """How often the watch looks here."""
    return f"every {EVERY // HOUR} hours"

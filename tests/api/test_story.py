"""`story`: the page says what the replay says, a step holds nothing of what came after it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api import story_words as words
from api.cli import main
from api.pipeline import ALERT_AT
from api.story import MOSTLY, SETTINGS, Stories, Story, events_of, story, told
from api.story_page import page, write
from graph.errors import UsageError
from graph.windows import DAY
from ingest.synthetic.market import Planted, plant
from tests.api.test_cli import refusal, sentinelmarket

HOSTILE = "</script><img src=x onerror=alert(1)>&\"'"
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) UTC")


@dataclass(slots=True)
class Element:
    """A tag with its attributes and all text inside it."""

    name: str
    attributes: dict[str, str | None]
    inside: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.inside)

    def number(self, name: str) -> int | None:
        held = self.attributes.get(name)
        return None if held is None else int(held)

    def is_a(self, kind: str) -> bool:
        return (self.attributes.get("class") or "").split()[:1] == [kind]


class Reader(HTMLParser):
    """Every element of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in {"meta", "input"}:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.inside.append(data)


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant(replace(SETTINGS, seed=7))


@pytest.fixture(scope="module")
def replayed(planted: Planted) -> Stories:
    return told(planted)


@pytest.fixture(scope="module")
def sections(replayed: Stories) -> list[list[Element]]:
    """The elements of each story's section."""
    parts = re.findall(r"<section.*?</section>", page(replayed), re.DOTALL)
    return [Reader(part).elements for part in parts]


def steps_of(section: list[Element]) -> list[Element]:
    return [one for one in section if one.name == "li" and "data-as-of" in one.attributes]


def test_the_numbers_of_a_step_are_those_of_the_market_and_of_the_replay(
    planted: Planted, replayed: Stories, sections: list[list[Element]]
) -> None:
    assert len(sections) == len(planted.truth.campaigns) == 3
    looks = {look.as_of: look for look in replayed.looks}
    for campaign, section in zip(planted.truth.campaigns, sections, strict=True):
        steps = steps_of(section)
        assert len(steps) > 20
        for step in steps:
            look = looks[step.number("data-as-of") or 0]
            known = [p for p in planted.posts if p.known_at <= look.as_of]
            its = [p for p in known if p.id in campaign.post_ids]
            pairs = [
                {tie.left, tie.right}
                for tie in look.standing.ties
                if {tie.left, tie.right} <= set(campaign.account_ids)
            ]
            assert step.number("data-posts") == len(its)
            assert step.number("data-ties") == len(pairs)
            assert step.number("data-tied") == len(set().union(*pairs))
            if its:
                wrote = len({post.account_id for post in its})
                said = words.counted(len(its), "post") + " by " + words.counted(wrote, "account")
                assert f"{said} so far" in step.text
                newest = max(its, key=lambda post: (post.at, post.id))
                assert newest.text in step.text


def test_the_score_of_a_step_is_that_of_the_cluster_with_most_members(
    planted: Planted, replayed: Stories, sections: list[list[Element]]
) -> None:
    looks = {look.as_of: look for look in replayed.looks}
    scored = 0
    for campaign, section in zip(planted.truth.campaigns, sections, strict=True):
        for step in steps_of(section):
            look = looks[step.number("data-as-of") or 0]
            held = {
                c.id: sum(m.account_id in campaign.account_ids for m in c.members)
                for c in look.standing.clusters
            }
            its = [c for c in look.standing.clusters if held[c.id] >= MOSTLY * len(c.members)]
            most = max((held[c.id] for c in its), default=0)
            scores = {look.standing.risks[c.id].score for c in its if held[c.id] == most}
            score = step.number("data-score")
            assert score == max(scores, default=None)
            if score is not None:
                scored += 1
                assert f"holds {most} of its accounts" in step.text
                assert f"Score {score} of 100" in step.text
    assert scored


def test_a_step_holds_nothing_of_what_came_after_it(planted: Planted, replayed: Stories) -> None:
    """The market cut at a moment gives the same steps up to that moment."""
    sighted = [one.sighted for one in replayed.stories if one.sighted]
    assert sighted
    cut = min(one.as_of for one in sighted)
    before = told(
        replace(
            planted,
            posts=[post for post in planted.posts if post.known_at <= cut],
            bars=[bar for bar in planted.bars if bar.known_at <= cut],
        )
    )
    compared = 0
    for whole, part in zip(replayed.stories, before.stories, strict=True):
        theirs = [step for step in whole.steps if step.as_of <= cut]
        assert [step for step in part.steps if step.as_of <= cut] == theirs
        compared += len(theirs)
    assert compared > 20


def test_a_price_event_is_shown_as_if_found_on_that_day(replayed: Stories) -> None:
    bars = replayed.planted.bars
    for one in replayed.stories:
        step = one.steps[len(one.steps) // 2]
        known = [bar for bar in bars if bar.known_at <= step.as_of]
        then = [
            event.id
            for event in events_of(known)
            if event.ticker == one.campaign.ticker and event.at >= one.window[0]
        ]
        assert [event.id for event in step.events] == then
    assert any(step.events for one in replayed.stories for step in one.steps)


def test_no_step_names_a_later_moment(sections: list[list[Element]]) -> None:
    for section in sections:
        for step in steps_of(section):
            as_of = step.number("data-as-of") or 0
            for found in MOMENT.findall(step.text):
                at = datetime.strptime(found, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
                assert at.timestamp() * 1000 <= as_of


def test_the_chart_shows_at_each_step_what_the_step_counts(sections: list[list[Element]]) -> None:
    for section in sections:
        chart = [one for one in section if "data-known" in one.attributes]
        for step in steps_of(section):
            as_of = step.number("data-as-of") or 0
            seen = [one for one in chart if (one.number("data-known") or 0) <= as_of]
            for kind, name in (("post", "posts"), ("other", "others"), ("event", "events")):
                drawn = sum(one.is_a(kind) for one in seen)
                assert drawn == 2 * (step.number(f"data-{name}") or 0)  # wide and narrow
            scores = sum(one.is_a("score") for one in seen if one.name == "rect")
            assert bool(scores) >= (step.number("data-score") is not None)
        whole = [one for one in section if one.name in {"circle", "path"} and one.is_a("post")]
        assert all("data-known" in one.attributes for one in whole)


def test_marks_and_tied_rows_appear_when_they_were_known(
    replayed: Stories, sections: list[list[Element]]
) -> None:
    for one, section in zip(replayed.stories, sections, strict=True):
        members = set(one.campaign.account_ids)
        first: dict[str, int] = {}
        for look in replayed.looks:
            for tie in look.standing.ties:
                if {tie.left, tie.right} <= members and look.as_of <= one.window[1]:
                    first.setdefault(tie.left, look.as_of)
                    first.setdefault(tie.right, look.as_of)
        drawn = [
            e.number("data-known") or 0 for e in section if e.name == "line" and e.is_a("tied")
        ]
        assert sorted(drawn) == sorted([*first.values()] * 2)
        upright = [e for e in section if e.is_a("mark")]
        marks = {str(e.attributes["class"]): e.number("data-known") for e in upright}
        assert marks["mark begin"] == one.campaign.start
        assert marks.get("mark sighted") == (one.sighted.as_of if one.sighted else None)
        if one.peak:
            assert (marks["mark peak"] or 0) > max(one.campaign.end, one.peak.known_at)


def test_the_first_sighting_is_the_first_one_told(planted: Planted, replayed: Stories) -> None:
    for campaign, one in zip(planted.truth.campaigns, replayed.stories, strict=True):
        members = set(campaign.account_ids)
        told_of_it = [
            (look.as_of, sighting)
            for look in replayed.looks
            for sighting in look.told
            if look.as_of >= campaign.start
            and 2 * sum(m.account_id in members for m in sighting.cluster.members)
            >= len(sighting.cluster.members)
        ]
        if not told_of_it:
            assert one.sighted is None
            continue
        as_of, sighting = told_of_it[0]
        assert one.sighted is not None
        assert one.sighted.as_of == as_of
        assert one.sighted.risk.score >= ALERT_AT
        assert one.sighted.after_first == as_of - campaign.start
        said = " ".join(words.found(one, replayed))
        assert f"score {sighting.risk.score}" in said
        assert f"{words.lasted(as_of - campaign.start)} after its first post" in said


def test_lead_is_until_the_highest_close_of_the_campaign_was_known(replayed: Stories) -> None:
    checked = 0
    for one in replayed.stories:
        if one.peak is None or one.sighted is None:
            continue
        first, last = one.campaign.start // DAY * DAY, one.campaign.end
        while_it_went_on = [bar for bar in one.bars if first <= bar.at <= last]
        assert one.peak.close == max(bar.close for bar in while_it_went_on)
        assert one.sighted.before_peak == one.peak.known_at - one.sighted.as_of
        checked += 1
    assert checked


def test_sightings_of_no_campaign_are_told_too(replayed: Stories) -> None:
    every = [(look.as_of, one) for look in replayed.looks for one in look.told]
    known = {m.account_id for one in replayed.elsewhere for m in one[1].cluster.members}
    assert len(replayed.elsewhere) < len(every)
    assert not known or len(known & replayed.planted.truth.planted) * 2 < len(known)
    told_so = replace(replayed, elsewhere=tuple(every[:2]))  # the market itself may have none
    text = " ".join(Reader(page(told_so)).elements[0].inside)
    for as_of, one in told_so.elsewhere:
        assert words.elsewhere(told_so, as_of, one) in text


def test_what_was_never_tied_is_said_not_to_be_found(planted: Planted, replayed: Stories) -> None:
    blind = story(planted, planted.truth.campaigns[0], (), ())
    first, never, *_ = words.found(blind, replayed)
    assert first.startswith("The watch did not find it. No two of its accounts were ever tied.")
    size = len(blind.campaign.members)
    assert never == f"None of its {size} accounts was ever tied to another one."


def test_the_top_says_that_nobody_is_real_and_that_a_score_is_no_verdict(
    replayed: Stories,
) -> None:
    top = page(replayed).split("<section")[0]
    assert "Everything here is planted" in top
    assert "Nobody is real" in top
    assert "an indicator, never a verdict" in top


def hostile(one: Story) -> Story:
    """The same with markup in every text and in the ticker."""
    posts = tuple(replace(post, text=HOSTILE) for post in one.posts)
    steps = tuple(
        replace(step, latest=step.latest and replace(step.latest, text=HOSTILE))
        for step in one.steps
    )
    events = tuple(replace(event, explanation=HOSTILE) for event in one.events)
    campaign = replace(one.campaign, ticker=HOSTILE)
    return replace(one, posts=posts, steps=steps, events=events, campaign=campaign)


def test_text_is_never_markup(replayed: Stories) -> None:
    html = page(replace(replayed, stories=tuple(map(hostile, replayed.stories))))
    elements = Reader(html).elements
    plain = Reader(page(replayed)).elements
    assert [one.name for one in elements] == [one.name for one in plain]
    assert not [one for one in elements if "onerror" in one.attributes]
    assert any(HOSTILE in one.text for one in elements)


def test_the_page_needs_nothing_else(replayed: Stories) -> None:
    elements = Reader(page(replayed)).elements
    names = {one.name for one in elements}
    assert not names & {"link", "img", "iframe", "object", "a"}
    assert not [one for one in elements if {"src", "href"} & one.attributes.keys()]
    policies = [one.attributes.get("content") or "" for one in elements if one.name == "meta"]
    assert any(policy.startswith("default-src 'none'") for policy in policies)
    assert sum(one.name == "script" for one in elements) == 1


def test_a_page_that_cannot_be_written_is_refused_in_a_sentence(
    replayed: Stories, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    for path, says in (
        (tmp_path, "is a folder; name a file"),
        (tmp_path / "none" / "story.html", "there is no folder"),
        (file / "story.html", "there is no folder"),
        (tmp_path / ("x" * 300 + ".html"), "cannot be written"),
    ):
        with pytest.raises(UsageError, match=says):
            write(replayed, path)
    assert sorted(tmp_path.iterdir()) == [file]


def test_the_command_refuses_before_it_plants(tmp_path: Path) -> None:
    ran = sentinelmarket("story", "-o", tmp_path / "none" / "story.html")
    assert "there is no folder" in refusal(ran)


def test_the_command_writes_the_page_and_says_what_was_sighted(
    replayed: Stories,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def stories(seed: int, *_: object) -> Stories:
        asked.append(seed)
        return replayed

    monkeypatch.setattr("api.story.stories", stories)
    out = tmp_path / "story.html"
    assert main(["story", "--seed", "11", "--quiet", "-o", str(out)]) == 0
    assert asked == [11]
    assert out.read_text(encoding="utf-8") == page(replayed)
    assert words.overview(replayed) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (0, "0 seconds"),
        (1_000, "1 second"),
        (120_000, "2 minutes"),
        (DAY // 24, "1.0 hours"),
        (2 * DAY, "2.0 days"),
    ],
)
def test_spans_are_said_in_the_unit_that_fits(span: int, says: str) -> None:
    assert words.lasted(span) == says

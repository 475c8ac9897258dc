"""Stories as one HTML file that needs nothing else: style, script and charts are inside it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from api import story_words as words
from api.show import CAVEAT
from api.story import Step, Stories, Story
from api.story_chart import NARROW, WIDE, chart, tag
from graph.errors import UsageError

TITLE = "Planted campaigns, as they came to light"
PLANTED = (
    "Everything here is planted: a generator made the accounts, the posts, the stocks and the"
    " prices. Nobody is real and no stock is meant."
)
_ONLY_ITSELF = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def check(path: Path) -> None:
    """Raises UsageError where a page cannot be written to `path`; writes nothing."""
    try:
        folder = path.is_dir()
    except OSError as error:  # a name too long, for one
        raise UsageError(
            f"{path} cannot be written ({error.strerror}); name another file"
        ) from None
    if folder:
        raise UsageError(f"{path} is a folder; name a file, for instance {path / 'story.html'}")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent} for {path.name}; make it first")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"the folder {path.parent} may not be written to; name another one")


def write(told: Stories, path: Path) -> None:
    """Writes the page, all of it or nothing. Raises UsageError where it cannot be written."""
    check(path)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(page(told), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}); name another file"
        ) from None


def page(told: Stories) -> str:
    """The page. The same stories give the same page."""
    seed = told.planted.truth.seed
    head = (
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_ONLY_ITSELF}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        tag("title", text=TITLE),
        tag("style", _file("story.css")),
    )
    main = (
        tag("h1", text=TITLE),
        tag("p", tag("b", text=PLANTED), class_="notice"),
        tag("p", text=f"{CAVEAT} Take it as an indicator, never a verdict."),
        tag("p", text=words.overview(told)),
        tag("p", class_="soft", text=_how()),
        *(_section(number, story, told) for number, story in enumerate(told.stories, 1)),
        *_elsewhere(told),
        tag("p", class_="soft", text=f"Made by: sentinelmarket story --seed {seed} -o FILE.html"),
    )
    body = tag("body", tag("main", *main), tag("script", _file("story.js")))
    return f'<!doctype html>\n<html lang="en">{tag("head", *head)}{body}</html>\n'


def _file(name: str) -> str:
    return files("api").joinpath(name).read_text(encoding="utf-8")


def _how() -> str:
    return (
        f"The market is replayed in the order of time. The watch looks {words.every()} and knows"
        " what was known then, never which posts are planted. Move the slider, or use its arrow"
        " keys: the chart and the text show a moment with nothing of what came after it; only the"
        " chart's scales and rows are those of the whole."
    )


def _section(number: int, story: Story, told: Stories) -> str:
    kind = story.campaign.kind.replace("_", " ")
    found = "sighted" if story.sighted else "not found"
    name = f"campaign-{number}"
    return tag(
        "section",
        tag("h2", text=f"{number}. {kind.capitalize()} on ${story.campaign.ticker}: {found}"),
        tag("h3", text="What happened"),
        _lines(words.happened(story)),
        tag("h3", text="What was visible when"),
        _controls(story, name),
        tag("figure", chart(story, WIDE), chart(story, NARROW)),
        _legend(),
        _steps(story),
        tag("h3", text="How it was found" if story.sighted else "Why it was not found"),
        _lines(words.found(story, told)),
        id=name,
        class_="story",
    )


def _lines(sentences: Iterable[str]) -> str:
    """A paragraph a sentence; quoted posts are marked as such."""
    return "".join(
        tag("p", class_="quote" if "“" in one else None, text=one) for one in sentences if one
    )


def _controls(story: Story, name: str) -> str:
    """Begin, earlier, slider, later, first sighting, end. Hidden without a script."""
    last = len(story.steps) - 1
    start = _sighting(story)
    jumps = [("Begin", 0), ("End", last)]
    if start is not None:
        jumps.insert(1, ("First sighting", start))
    buttons = [tag("button", type="button", data_to=to, text=label) for label, to in jumps]
    slider = tag(
        "label",
        tag("span", class_="unseen", text=f"Moment of campaign {story.campaign.ticker}"),
        f'<input type="range" min="0" max="{last}" value="{last if start is None else start}">',
    )
    back, on = (
        tag("button", type="button", data_by=by, text=label)
        for label, by in (("◀ Earlier", -1), ("Later ▶", 1))
    )
    steps = tag("div", back, slider, on, class_="slide")
    return tag("div", steps, tag("div", *buttons, class_="jumps"), class_="controls", hidden="")


def _sighting(story: Story) -> int | None:
    """The step of the first sighting."""
    at = story.sighted.as_of if story.sighted else None
    return next((n for n, step in enumerate(story.steps) if step.as_of == at), None)


def _steps(story: Story) -> str:
    made = (_step(story, step) for step in story.steps)
    return tag("ol", *made, class_="steps", aria_live="polite")


def _step(story: Story, step: Step) -> str:
    told = story.sighted is not None and story.sighted.as_of == step.as_of
    text = [*words.step_text(story, step)]
    return tag(
        "li",
        tag("h4", text=words.step_title(story, step)),
        _lines(text),
        tag("p", tag("b", text="The watch tells it now, for the first time.")) if told else "",
        data_as_of=step.as_of,
        data_posts=step.posts,
        data_others=step.others,
        data_events=len(step.events),
        data_ties=step.ties,
        data_tied=step.tied,
        data_score=step.risk.score if step.risk else None,
    )


def _legend() -> str:
    marks = (
        ("post leader", '<path d="M8 2l6 6l-6 6l-6 -6z"/>', "post of a leader"),
        ("post member", '<circle cx="8" cy="8" r="4"/>', "post of another member"),
        ("tied", '<line x1="0" x2="16" y1="8" y2="8"/>', "tied to another member from here on"),
        ("other", '<line x1="8" x2="8" y1="2" y2="14"/>', "post of somebody else"),
        ("event", '<path d="M8 13l-5 -8h10z"/>', "price event"),
        ("alert", '<line x1="0" x2="16" y1="8" y2="8"/>', "alert line"),
    )
    rows = (
        tag(
            "li",
            f'<svg viewBox="0 0 16 16" aria-hidden="true"><g class="{kind}">{shape}</g></svg>',
            text=text,
        )
        for kind, shape, text in marks
    )
    return tag("ul", *rows, class_="legend")


def _elsewhere(told: Stories) -> list[str]:
    if not told.elsewhere:
        return []
    rows = (tag("li", text=words.elsewhere(told, at, one)) for at, one in told.elsewhere)
    return [
        tag("h2", text="What else the watch told"),
        tag("p", text="Clusters at or above the alert line that are not mostly of a campaign:"),
        tag("ul", *rows),
    ]

"""A reader steps through a story with the keyboard; the chart hides what came later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.story import SETTINGS, Stories, told
from api.story_page import write
from ingest.synthetic.market import plant

CHROMIUM = shutil.which("chromium")
KNOWN = """section => {
  const shown = e => getComputedStyle(e).visibility === 'visible';
  const chart = [...section.querySelectorAll('svg.wide [data-known]')];
  const at = elements => elements.map(e => Number(e.dataset.known));
  return [at(chart.filter(shown)), at(chart.filter(e => !shown(e)))];
}"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser, which finds no host at all."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": CHROMIUM, "args": [*quiet, "--host-resolver-rules=MAP * ~NOTFOUND"]}


@pytest.fixture(scope="module")
def stories() -> Stories:
    return told(plant(replace(SETTINGS, seed=7)))


@pytest.fixture
def page(browser: Browser, stories: Stories, tmp_path: Path) -> Iterator[Page]:
    """The written file, open; nothing may go wrong in its script."""
    file = tmp_path / "story.html"
    write(stories, file)
    page, wrong = browser.new_page(viewport={"width": 1100, "height": 900}), []
    page.on("pageerror", lambda error: wrong.append(error))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert not wrong


def test_keys_step_through_time_and_nothing_later_is_seen(page: Page, stories: Stories) -> None:
    section, steps = page.locator("section").first, stories.stories[0].steps
    slider = section.get_by_role("slider")
    slider.focus()
    for key, number in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("End", len(steps) - 1)):
        page.keyboard.press(key)
        expect(slider).to_have_value(str(number))
        shown, hidden = section.evaluate(KNOWN)
        assert max(shown, default=0) <= steps[number].as_of < min(hidden, default=2**53)
        words = section.locator(".steps > li:visible")
        expect(words).to_have_count(1)
        expect(words).to_have_attribute("data-as-of", str(steps[number].as_of))


def test_buttons_go_to_the_first_sighting_and_a_step_on(page: Page, stories: Stories) -> None:
    story = next(one for one in stories.stories if one.sighted)
    section = page.locator(f"#campaign-{stories.stories.index(story) + 1}")
    section.get_by_role("button", name="Begin").click()
    section.get_by_role("button", name="First sighting").click()
    visible = section.locator(".steps > li:visible")
    assert story.sighted is not None
    expect(visible).to_have_attribute("data-as-of", str(story.sighted.as_of))
    expect(visible).to_contain_text("The watch tells it now, for the first time.")
    section.get_by_role("button", name="Later").click()
    expect(visible).not_to_contain_text("for the first time")


def test_a_narrow_page_has_a_chart_of_its_own_and_does_not_scroll_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    section = page.locator("section").first
    expect(section.locator("svg.narrow")).to_be_visible()
    expect(section.locator("svg.wide")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

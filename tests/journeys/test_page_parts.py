"""Parts of the page: what accounts say alike, what evidence is worth, what to judge next."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import worst


def test_a_row_says_that_its_accounts_speak_with_one_voice(opened: Page) -> None:
    rows = opened.locator(".rows > li")
    expect(rows.first.locator(".facts")).to_contain_text("one voice")
    expect(rows.last.locator(".facts")).not_to_contain_text("one voice")


def test_what_they_say_alike_has_its_accounts_time_and_odds(opened: Page) -> None:
    lines = worst(opened).locator("#voices .voices > li")
    expect(lines).to_have_count(4)
    expect(lines.first).to_contain_text("“is about to move”")
    expect(lines.first.locator(".share")).to_have_text("7 of 8")
    expect(lines.first).to_contain_text("2 Mar 2026 to 3 Mar 2026")
    expect(lines.first).to_contain_text("one in 1 trillion by chance")
    outward = lines.nth(1).locator("a[target=_blank]")
    expect(outward).to_have_attribute("href", "https://ring.example/join")
    expect(lines.nth(1)).to_contain_text("one in 5 million by chance")
    answered = lines.nth(2)
    expect(answered).to_contain_text("$ZQRV is about to move, huge news")
    expect(answered).to_contain_text("one in 3,000 by chance")
    answered.get_by_role("link", name="@ringmember0").click()
    expect(opened.locator("h1")).to_contain_text("ringmember0")


def test_words_of_a_voice_stay_text(opened: Page) -> None:
    expect(worst(opened).locator("#voices")).to_contain_text("<img src=x onerror=alert(1)>")
    assert opened.locator("main img").count() == 0


def test_who_says_nothing_alike_has_it_said(opened: Page) -> None:
    opened.locator(".rows > li h3 a").last.click()
    expect(opened.locator("#voices")).to_contain_text("Nothing that hardly anybody else says.")


def test_what_evidence_is_worth_is_told_when_asked(opened: Page) -> None:
    worth = worst(opened).locator("#why")
    expect(worth.locator(".pieces")).to_have_count(0)
    worth.get_by_role("button", name="Take evidence out and score again").click()
    pieces = worth.locator(".pieces > li")
    expect(pieces).to_have_count(10)
    expect(pieces.first.locator("p").first).to_contain_text("$ZQRV")
    expect(worth.locator(".drop")).to_contain_text("score")
    expect(worth.locator(".groups")).to_contain_text("All that says: “is about to move”")
    worth.get_by_text("What was not considered").click()
    expect(worth.locator("details")).to_contain_text("never a finding of guilt")


def test_a_list_to_judge_is_drawn_worked_through_and_kept(opened: Page) -> None:
    opened.get_by_role("link", name="To judge").click()
    expect(opened.locator("h1")).to_have_text("To judge")
    expect(opened.locator(".notice")).to_contain_text("2 clusters are undecided")
    opened.get_by_role("button", name="Draw a list of 2").click()
    rows = opened.locator(".rows > li")
    expect(rows).to_have_count(2)
    expect(opened.get_by_role("status")).to_contain_text("0 of 2 judged")
    form = rows.first.locator("form")
    form.get_by_role("button", name="Harmless").click()
    expect(form.get_by_role("alert")).to_contain_text("Say why it is harmless")
    form.get_by_label("Reason").fill("a newsletter and its readers")
    form.get_by_role("button", name="Harmless").click()
    expect(rows.first.locator(".state")).to_have_text("harmless")
    expect(rows.last.locator("form")).to_be_visible()
    opened.reload()
    expect(opened.get_by_role("status")).to_contain_text("1 of 2 judged")
    rows.last.get_by_role("button", name="A promotion").click()
    expect(opened.get_by_role("status")).to_contain_text("2 of 2 judged")
    opened.get_by_role("button", name="Go on to the next list").click()
    expect(opened.locator(".notice")).to_contain_text("Nothing is left to judge")
    expect(opened.locator("main")).to_contain_text(re.compile("of all clusters are promotions"))

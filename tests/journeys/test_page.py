"""A stranger opens the page: worst cluster, why, the posts. In Debian's Chromium, no network."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from graph.backends import embedded
from tests.journeys.conftest import served, worst

# The middle of the largest dot of one colour in a picture, in its own pixels.
FIND_DOT = """async ([png, colour]) => {
  const bytes = Uint8Array.from(atob(png), c => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const brush = canvas.getContext('2d');
  brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1);
  const want = brush.getImageData(0, 0, 1, 1).data;
  brush.drawImage(image, 0, 0);
  const data = brush.getImageData(0, 0, image.width, image.height).data;
  const hit = (x, y) => [0, 1, 2].every(
    k => Math.abs(data[4 * (y * image.width + x) + k] - want[k]) < 12);
  for (let y = 4; y < image.height - 4; y++) for (let x = 4; x < image.width - 4; x++)
    if ([[0, 0], [2, 0], [-2, 0], [0, 2], [0, -2]].every(([a, b]) => hit(x + a, y + b)))
      return [x, y + 1];
  return null;
}"""
NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith('webgl') ? null : real.call(this, kind, ...rest);
};"""


def test_the_worst_cluster_is_on_top_and_says_why(opened: Page) -> None:
    rows = opened.locator(".rows > li")
    expect(rows.first).to_be_visible()
    scores = [int(text) for text in rows.locator(".badge b").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    expect(rows.first.locator(".what > p").first).to_contain_text("share their words")
    expect(opened.locator(".lead")).to_contain_text("an indicator, never a verdict")


def test_one_click_leads_to_the_reasons_the_graph_and_the_posts(opened: Page) -> None:
    name = re.sub(r"^1\. ", "", opened.locator(".rows > li h3 a").first.inner_text())
    worst(opened)
    expect(opened.locator("h1")).to_have_text(name)
    expect(opened.locator("#why .factors li").first).to_contain_text("share their words")
    expect(opened.locator("#graph .gl canvas").first).to_be_visible()
    assert opened.locator("#graph tbody tr").count() >= 2
    posts = opened.locator("#posts .post")
    assert posts.count() >= 2
    assert len(set(posts.locator("header a").all_inner_texts())) >= 2
    times = posts.locator("time").all_inner_texts()
    assert len(times) == posts.count()
    assert all(re.search(r"\b14:0\d:\d\d$", time) for time in times), times
    expect(opened.locator("#posts .strip circle").first).to_be_visible()
    assert "#/cluster/" in opened.url


def test_a_click_on_a_dot_shows_its_ties_and_posts(opened: Page) -> None:
    graph = worst(opened).locator("#graph .gl")
    graph.scroll_into_view_if_needed()
    opened.wait_for_timeout(500)
    colour = opened.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--role-amplifier').trim()"
    )
    picture = base64.b64encode(graph.screenshot()).decode()
    found = opened.evaluate(FIND_DOT, [picture, colour])
    assert found, "no account is drawn"
    graph.click(position={"x": found[0], "y": found[1]})
    expect(opened.locator("#graph tr.on")).to_have_count(1)
    expect(opened.locator("#graph .ties h4")).to_contain_text("Its strongest ties")
    expect(opened.locator("#graph .picked h3")).to_be_visible()


def test_a_tie_shows_its_pairs_of_posts_side_by_side(opened: Page) -> None:
    worst(opened).locator("#graph .ties button").first.press("Enter")
    pair = opened.locator("#graph .pair").first
    expect(pair.locator(".post")).to_have_count(2)
    expect(pair.locator(".between")).to_contain_text(re.compile("apart|in the same second"))
    authors = pair.locator(".post header a").all_inner_texts()
    assert len(set(authors)) == 2


def test_the_price_stands_beside_the_posts(opened: Page) -> None:
    worst(opened)
    expect(opened.locator("#price .chart canvas").first).to_be_visible()
    expect(opened.locator("#price a[href*='tradingview.com']").first).to_be_attached()


def stock(page: Page) -> Page:
    """The view of the stock that the worst cluster names."""
    worst(page).locator(".title .ticker").first.click()
    expect(page.locator("#course .timeline > li").first).to_be_visible()
    return page


def test_a_stock_shows_bars_posts_events_and_news_on_one_axis_and_in_order(opened: Page) -> None:
    stock(opened)
    chart = opened.locator("#course .chart")
    expect(chart.locator("canvas").first).to_be_visible()
    assert chart.locator("table tr").count() >= 3, "a pane each for prices, posts and news"
    lines = opened.locator("#course .timeline > li")
    assert lines.locator(".sort").all_inner_texts() == [
        "return, extreme", "news", "cluster begins", "filing",
    ]  # fmt: skip
    event = lines.first
    expect(event).to_contain_text("rose 30 % more than the market")
    expect(event).to_contain_text("upper 20 % limit")
    expect(event.locator(".order")).to_have_text("Posts first, then news, then the price.")
    expect(event).to_contain_text("with probability 0.31")
    expect(event).to_contain_text("“ZQRV Corp names a chief” (9 h)")
    expect(event).to_contain_text("first post 10 h before it, last one 15 h after")
    expect(lines.nth(3)).to_contain_text("<b>$ZQRV</b> files its results")


def test_what_happened_can_be_narrowed_and_shown_in_the_chart(opened: Page) -> None:
    stock(opened)
    opened.get_by_role("button", name=re.compile("^News")).click()
    lines = opened.locator("#course .timeline > li")
    expect(lines).to_have_count(2)
    before = opened.locator("#course .chart").screenshot()
    lines.last.locator("button").click()
    opened.wait_for_timeout(500)
    assert opened.locator("#course .chart").screenshot() != before
    outward = lines.first.locator("a[target=_blank]")
    assert "noopener" in (outward.get_attribute("rel") or "")


def test_a_cluster_says_what_became_of_it_over_runs(opened: Page) -> None:
    told = worst(opened).locator("#lineage")
    expect(told).to_contain_text("First seen 11 Mar 2026")
    expect(told.locator(".timeline > li")).to_have_count(1)
    expect(told.locator(".sort")).to_have_text("birth")
    expect(told).to_contain_text("8 accounts")


def test_why_two_accounts_are_not_tied_can_be_asked(opened: Page) -> None:
    worst(opened).locator("#graph tbody button").first.click()
    opened.get_by_role("link", name="Everything about this account").click()
    box = opened.get_by_label("Why is it tied, or not, to another account?")
    box.fill("@giftmember1")
    box.press("Enter")
    answer = opened.locator(".answer")
    expect(answer.locator("h3")).to_have_text("They are not tied")
    expect(answer.locator("p").first).not_to_be_empty()
    box.fill("ringmember2")
    box.press("Enter")
    expect(answer.locator(".pair").first).to_be_visible()
    box.fill("@nobodyatall")
    box.press("Enter")
    expect(answer.get_by_role("alert")).to_contain_text("no account")


def test_a_dismissal_demands_a_reason_and_keeps_it(opened: Page) -> None:
    alert = worst(opened).locator("section.alert")
    alert.get_by_role("button", name="Dismiss …").click()
    alert.get_by_role("button", name="Dismiss this alert").click()
    expect(alert.get_by_role("alert")).to_contain_text("Say why")
    expect(alert.locator(".state")).to_have_text("alert open")
    alert.get_by_label("Reason (required)").fill("known newsletter")
    alert.get_by_role("button", name="Dismiss this alert").click()
    expect(alert.locator(".state")).to_have_text("alert dismissed")
    opened.reload()
    expect(alert).to_contain_text("known newsletter")
    alert.get_by_role("button", name="Reopen").click()
    expect(alert.locator(".state")).to_have_text("alert open")


def test_a_slash_finds_a_stock_and_an_account(opened: Page) -> None:
    worst(opened)
    ticker = opened.locator(".title .ticker").first.inner_text()
    handle = opened.locator("#graph tbody button").first.inner_text()
    opened.locator("body").press("/")
    opened.keyboard.type(ticker)
    opened.keyboard.press("Enter")
    expect(opened.locator("h1")).to_have_text(ticker)
    expect(opened.locator(".chart canvas").first).to_be_visible()
    opened.locator("body").press("/")
    opened.keyboard.type(handle)
    opened.keyboard.press("Enter")
    expect(opened.locator("h1")).to_have_text(handle)
    expect(opened.locator(".post").first).to_be_visible()


def test_alerts_lead_to_their_clusters(opened: Page) -> None:
    opened.get_by_role("link", name="Alerts").click()
    row = opened.locator(".rows > li").first
    expect(row.locator(".state")).to_have_text("alert open")
    row.locator("h3 a").click()
    expect(opened.locator("#why .factors")).to_be_visible()


def test_without_webgl_the_same_graph_is_drawn_as_svg(opened: Page) -> None:
    opened.add_init_script(NO_WEBGL)
    opened.reload()
    graph = worst(opened).locator("#graph svg.flat")
    members = opened.locator("#graph tbody tr").count()
    expect(graph.locator("g.account")).to_have_count(members)
    graph.locator("g.account circle").first.click()
    expect(opened.locator("#graph tr.on")).to_have_count(1)


def test_a_silent_server_is_said_and_can_be_asked_again(page: Page, address: str) -> None:
    page.route("**/graphql", lambda route: route.abort())
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("sentinelmarket serve")
    page.unroute("**/graphql")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".rows > li").first).to_be_visible()


def test_what_is_not_there_is_said(opened: Page) -> None:
    for view, words in (("cluster/none", "newest run"), ("stock/NONE", "$NONE"), ("x", "no such")):
        opened.goto(f"{opened.url.split('#')[0]}#/{view}")
        expect(opened.locator(".notice")).to_contain_text(words)


def test_an_empty_store_says_which_command_to_run(
    page: Page, sidecar: embedded.Sidecar, tmp_path: Path
) -> None:
    with served(sidecar, "page_empty", tmp_path, empty=True) as address:
        page.goto(address)
        expect(page.locator(".notice")).to_contain_text("sentinelmarket ingest FILE...")
        page.get_by_role("link", name="Alerts").click()
        expect(page.locator(".notice")).to_contain_text("sentinelmarket run")


def test_what_people_wrote_stays_text(opened: Page) -> None:
    worst(opened)
    expect(opened.locator("#posts")).to_contain_text("<img src=x onerror=")
    assert opened.locator("main img").count() == 0
    outward = opened.locator(".post a[target=_blank]").all()
    assert outward
    assert all("noopener" in (link.get_attribute("rel") or "") for link in outward)


def test_a_likely_innocent_cluster_says_so(opened: Page) -> None:
    last = opened.locator(".rows > li").last
    expect(last.locator(".badge")).to_contain_text("low")
    expect(last.locator(".benign")).to_contain_text("giveaway")


def test_words_that_differ_are_marked(opened: Page) -> None:
    marks = worst(opened).locator("#posts .group").first.locator("mark").all_inner_texts()
    assert "big" in marks
    assert "load" not in marks

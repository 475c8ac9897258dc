"""What an account gives up for a planted post, and what it hands on to it."""

from __future__ import annotations

import random
from dataclasses import replace

from graph.model import Account, Post
from ingest.synthetic.background import Background
from ingest.synthetic.families.acts import Act, as_posts, longer
from ingest.synthetic.families.lives import Lives
from ingest.synthetic.settings import DAY, HOUR


def post(name: str, account: str = "x:a", hour: int = 1, **more: object) -> Post:
    one = Post(f"x:{name}", account, hour * HOUR, hour * HOUR, "what one says", "x", client="Web")
    return replace(one, **more)  # type: ignore[arg-type]


def lives(*posts: Post) -> Lives:
    people = tuple(
        Account(key, "x", 0, handle=key[2:], created_at=0)
        for key in sorted({one.account_id for one in posts})
    )
    return Lives(Background("b", posts, people, (), 0, 30 * DAY, {"ACME": "Acme"}, ()))


def given_up(life: Lives, act: Act) -> set[str]:
    assert life.plant(random.Random(1), [act], "c") == [act]
    return life.gone


OTHERS = (post("b1", "x:b", 1), post("b2", "x:b", 2))
PLAIN = post("1", hour=2)
LINKED = post("2", hour=3, links=("https://site.example/p",))
REPEAT = post("3", hour=4, repost_of="x:b1")
ANSWER = post("4", hour=5, reply_to="x:b2")


def test_the_post_most_like_the_act_makes_room() -> None:
    posts = (PLAIN, LINKED, REPEAT, ANSWER, *OTHERS)
    at = 9 * HOUR
    page = ("https://page.example",)
    assert given_up(lives(*posts), Act("x:a", at, "$ACME")) == {PLAIN.id}
    assert given_up(lives(*posts), Act("x:a", at, "$ACME", page)) == {LINKED.id}
    assert given_up(lives(*posts), Act("x:a", at, "", repeats=OTHERS[0])) == {REPEAT.id}
    assert given_up(lives(*posts), Act("x:a", at, "yes", answers=OTHERS[1])) == {ANSWER.id}


def test_what_others_refer_to_and_the_last_post_stay() -> None:
    life = lives(post("1"), post("2"), post("c1", "x:c", repost_of="x:1"), post("c2", "x:c"))
    rng = random.Random(1)
    assert len(life.plant(rng, [Act("x:a", 9 * HOUR, "$ACME")], "c")) == 1
    assert life.gone == {"x:2"}
    assert life.plant(rng, [Act("x:a", 9 * HOUR, "$ACME again")], "c") == []
    assert life.spare("x:a", 1.0) == 0
    assert lives(post("1"), post("2"), post("3")).spare("x:a", 1.0) == 2


def test_who_was_taken_over_gives_up_what_came_after() -> None:
    life = lives(*(post(str(n), hour=24 * n) for n in range(1, 6)))
    assert life.silence("x:a", 4 * DAY) == 2
    act = Act("x:a", 5 * DAY, "$ACME", since=4 * DAY)
    assert given_up(life, act) <= {"x:4", "x:5"}


def test_an_act_takes_over_program_link_hashtags_and_other_stocks() -> None:
    slot = post("1", links=("https://site.example/p",), hashtags=("tag",), tickers=("A", "B", "C"))
    act, plain = Act("x:a", 9 * HOUR, "$ACME"), Act("x:a", 9 * HOUR, "$ACME", plain=True)
    for one, dressed in ((act, ("$A", "$B", "#tag")), (plain, ())):
        life = lives(slot, replace(slot, id="x:2"))
        life.plant(random.Random(1), [one], "c")
        assert one.client == "Web"
        assert one.links[0].startswith("https://site.example/")
        assert one.links != slot.links
        assert one.dressed == dressed
    (made,), parts = as_posts([act], {"x:a": Account("x:a", "x", 0)}, ())
    assert made.tickers == ("ACME", "A", "B")
    assert made.hashtags == ("tag",)
    assert parts == {"c": [made]}


def test_an_act_without_its_original_is_not_done() -> None:
    life = lives(post("1"), *OTHERS)  # the only post of a stays, so there is nothing to repeat
    thesis = Act("x:a", 9 * HOUR, "$ACME")
    repeat = Act("x:b", 10 * HOUR, "", repeats=thesis)
    assert life.plant(random.Random(1), [thesis, repeat], "c") == []


def test_an_answer_waits_for_a_post_of_the_day_before_by_somebody_else() -> None:
    about = post("b3", "x:b", 30, tickers=("ACME",))
    life = lives(post("1", hour=31, tickers=("ACME",)), post("2"), about, *OTHERS)
    rng = random.Random(1)
    assert life.recent(rng, 40 * HOUR, "x:a", "ACME") == about
    assert life.recent(rng, 90 * HOUR, "x:a") is None
    assert life.spare("x:b", 1.0) == 2  # what is answered stays


def test_a_text_goes_on_as_far_as_the_replaced_post_went() -> None:
    rng = random.Random(1)
    saying = "it is late. nothing moves, and so on. the end of it"
    assert longer(rng, "$ACME", saying, 10) == "$ACME"
    assert longer(rng, "$ACME", saying, 20)[7:].strip(" -") == "it is late"
    assert longer(rng, "$ACME", saying, 200).endswith("the end of it")

"""Awkward messages in coordination-network-toolkit's CSV shape: everything its rules could trip on.

Repeated message ids, reposts that carry urls, no url and empty urls, texts of mentions only, other
alphabets, odd white space, quotation marks and line ends in texts, equal times, parts of a second.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

COLUMNS = [
    "message_id",
    "user_id",
    "username",
    "repost_id",
    "reply_id",
    "message",
    "timestamp",
    "urls",
]
_TEXT = (
    "buy $acme now! it's don't 'orange' 3.5% 日本語 テスト 😀 a_b a-b x.example/1?a=b Straße "
    "ΣΊΣΥΦΟΣ İstanbul #moon GO go  e\u0301a \u00a0 \u200b tab\tbed line\nfeed \x1c "
    '"quoted,comma"'
)
_WORDS = _TEXT.split(" ")
_URLS = ("http://a.example/1", "b.example/2", "http://A.example/1", "c.example/3?x=1", "", "")


def awkward(seed: int, count: int) -> list[list[str]]:
    """`count` rows of COLUMNS."""
    draw = random.Random(seed)
    people = [f"u{i}" for i in range(max(4, count // 20))]
    templates = [
        " ".join(draw.choices(_WORDS, k=draw.randint(0, 9))) for _ in range(max(3, count // 15))
    ]
    return [_row(draw, number, count, people, templates) for number in range(count)]


def write(path: Path, rows: list[list[str]]) -> None:
    """The rows as CSV, with the header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _row(
    draw: random.Random, number: int, count: int, people: list[str], templates: list[str]
) -> list[str]:
    again = number and draw.random() < 0.03
    at = draw.randrange(count * 3) + (draw.choice((0.25, 0.5)) if draw.random() < 0.1 else 0)
    return [
        f"m{draw.randrange(number)}" if again else f"m{number}",
        draw.choice(people),
        "name",
        f"m{draw.randrange(6)}" if draw.random() < 0.25 else "",
        f"m{draw.randrange(6)}" if draw.random() < 0.35 else "",
        _text(draw, people, templates),
        f"{at:g}",
        " ".join(draw.choices(_URLS, k=draw.choice((0, 1, 1, 2, 3)))),
    ]


def _text(draw: random.Random, people: list[str], templates: list[str]) -> str:
    if draw.random() < 0.03:
        return "@only @men:tion"
    text = draw.choice(templates)
    if draw.random() < 0.3:
        text = f"@{draw.choice(people)} {text}"
    if draw.random() < 0.2:
        text = text.upper()
    return f"{text} {draw.choice(_WORDS)}" if draw.random() < 0.3 else text

"""`sentinelmarket story`: planted campaigns as timelines, in one page."""

from __future__ import annotations

import argparse
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=7, help="which market (default: 7)")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FILE", help="an HTML file"
    )
    arguments.quiet(parser)


def _story(args: argparse.Namespace, settings: Settings) -> int:
    from api import story_page

    story_page.check(args.out)
    from api import story, story_words
    from api.bar import bars as drawn
    from graph.embedding import Embedder

    with drawn(args.quiet) as progress:
        told = story.stories(args.seed, Embedder(), progress)
    story_page.write(told, args.out)
    print(f"{story_words.overview(told)}\n{args.out}: open it in a browser; it needs no network.")
    return 0


COMMAND = Command(
    "story",
    "planted campaigns as timelines: what was visible when, in one page",
    "story -o story.html",
    _arguments,
    _story,
)
